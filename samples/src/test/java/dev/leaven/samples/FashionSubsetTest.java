package dev.leaven.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionSubsetTest {

  private static final String IMAGES = "train-images-idx3-ubyte.gz";
  private static final String LABELS = "train-labels-idx1-ubyte.gz";

  @TempDir Path source;
  @TempDir Path target;

  @BeforeEach
  void writeFiveImagesOfEachClass() throws IOException {
    try (DataOutputStream images = zip(IMAGES);
        DataOutputStream labels = zip(LABELS)) {
      for (int number : new int[] {0x803, 50, 1, 2}) {
        images.writeInt(number);
      }
      labels.writeInt(0x801);
      labels.writeInt(50);
      for (int i = 0; i < 50; i++) {
        images.write(new byte[] {(byte) i, (byte) (i % 10)});
        labels.write(i % 10);
      }
    }
  }

  @Test
  void takesTheSameNumberOfEveryClassInTheOriginalOrder() throws IOException {
    FashionSubset.take(source, target, "train", 2);
    ByteBuffer images = unzip(IMAGES);
    ByteBuffer labels = unzip(LABELS);
    assertThat(images.getInt()).isEqualTo(0x803);
    assertThat(images.getInt()).isEqualTo(20);
    assertThat(images.getLong()).isEqualTo((1L << 32) + 2);
    assertThat(labels.getInt()).isEqualTo(0x801);
    assertThat(labels.getInt()).isEqualTo(20);
    int[] counts = new int[10];
    int previous = -1;
    while (images.hasRemaining()) {
      int image = images.get();
      assertThat(image).isGreaterThan(previous);
      previous = image;
      byte label = labels.get();
      assertThat(images.get()).isEqualTo(label);
      counts[label]++;
    }
    assertThat(labels.hasRemaining()).isFalse();
    assertThat(counts).containsOnly(2);
  }

  @Test
  void makesTheSameFilesAgain() throws IOException {
    FashionSubset.take(source, target, "train", 2);
    byte[] first = Files.readAllBytes(target.resolve(IMAGES));
    FashionSubset.take(source, target, "train", 2);
    assertThat(Files.readAllBytes(target.resolve(IMAGES))).isEqualTo(first);
  }

  @Test
  void refusesToTakeMoreThanThereAre() {
    assertThatThrownBy(() -> FashionSubset.take(source, target, "train", 6))
        .isInstanceOf(IOException.class)
        .hasMessage("a class has 5 images, fewer than 6");
  }

  private DataOutputStream zip(String name) throws IOException {
    return new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(source.resolve(name))));
  }

  private ByteBuffer unzip(String name) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(target.resolve(name)))) {
      return ByteBuffer.wrap(in.readAllBytes());
    }
  }
}
