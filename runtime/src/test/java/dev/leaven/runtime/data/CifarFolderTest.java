package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarFolderTest {

  private static final int PLANE = 32 * 32;

  @TempDir Path root;

  @Test
  void readsTheSixFilesOfCifar10() throws IOException {
    writeTen();
    ImageData data = CifarFolder.of(root).load(1);
    assertThat(data.classNames()).containsExactly("airplane", "automobile");
    assertThat(data.channels()).isEqualTo(3);
    assertThat(data.train().labels()).containsExactly(1, 0, 1, 0, 1);
    assertThat(data.valid().labels()).containsExactly(1);
    Samples.Pixels train = (Samples.Pixels) data.train();
    assertThat(train.height()).isEqualTo(32);
    assertThat(train.width()).isEqualTo(32);
    // The third image: red, green and blue of its first and of its last pixel.
    int third = 2 * 3 * PLANE;
    assertThat(train.pixels()[third]).isEqualTo((byte) 30);
    assertThat(train.pixels()[third + 1]).isEqualTo((byte) 31);
    assertThat(train.pixels()[third + 2]).isEqualTo((byte) 32);
    assertThat(train.pixels()[third + 3 * PLANE - 3]).isEqualTo((byte) 200);
    assertThat(train.pixels()[third + 3 * PLANE - 2]).isEqualTo((byte) 201);
    assertThat(train.pixels()[third + 3 * PLANE - 1]).isEqualTo((byte) 202);
  }

  @Test
  void readsTheFineLabelsOfCifar100() throws IOException {
    Files.write(root.resolve("train.bin"), record(10, 19, 2));
    Files.write(root.resolve("test.bin"), record(10, 3, 0));
    Files.writeString(root.resolve("fine_label_names.txt"), "apple\naquarium_fish\nbaby\n");
    ImageData data = CifarFolder.of(root.toString()).load(1);
    assertThat(data.classNames()).containsExactly("apple", "aquarium_fish", "baby");
    assertThat(data.train().labels()).containsExactly(2);
    assertThat(data.valid().labels()).containsExactly(0);
    assertThat(((Samples.Pixels) data.train()).pixels()[1]).isEqualTo((byte) 11);
  }

  @Test
  void isWrittenToJsonAndReadBack() {
    CifarFolder source = CifarFolder.of(root);
    String json = TechniqueJson.write(source);
    assertThat(json).isEqualTo("{\"technique\":\"CifarFolder\",\"path\":\"%s\"}".formatted(root));
    assertThat(TechniqueJson.read(json, DataSource.class)).isEqualTo(source);
    assertThat(source.describe()).isEqualTo("CifarFolder: " + root);
  }

  @Test
  void refusesAFolderWithoutAFile() throws IOException {
    writeTen();
    Files.delete(root.resolve("data_batch_4.bin"));
    refuses(
        "%s: there is no data_batch_4.bin; put the binary files of CIFAR-10 or CIFAR-100 there");
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    writeTen();
    Files.write(root.resolve("test_batch.bin"), new byte[3000]);
    refuses(
        "%s/test_batch.bin: its 3000 bytes are no whole number of images of 3073 bytes; download it"
            + " again");
  }

  @Test
  void refusesALabelWithoutAClass() throws IOException {
    writeTen();
    Files.write(root.resolve("data_batch_2.bin"), record(20, 200));
    refuses(
        "%s/data_batch_2.bin: image 0 has label 200, but there are 2 classes from 0; download it"
            + " again");
  }

  private void writeTen() throws IOException {
    for (int i = 1; i <= 5; i++) {
      Files.write(root.resolve("data_batch_%d.bin".formatted(i)), record(10 * i, i % 2));
    }
    Files.write(root.resolve("test_batch.bin"), record(60, 1));
    // The published file ends in an empty line.
    Files.writeString(root.resolve("batches.meta.txt"), "airplane\nautomobile\n\n");
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> CifarFolder.of(root).load(1))
        .isInstanceOf(DataException.class)
        .hasMessage(message.formatted(root));
  }

  /** One image: labels, then its planes, which begin with the given value and end with 200. */
  private static byte[] record(int value, int... labels) {
    byte[] record = new byte[labels.length + 3 * PLANE];
    for (int i = 0; i < labels.length; i++) {
      record[i] = (byte) labels[i];
    }
    for (int channel = 0; channel < 3; channel++) {
      record[labels.length + channel * PLANE] = (byte) (value + channel);
      record[labels.length + (channel + 1) * PLANE - 1] = (byte) (200 + channel);
    }
    return record;
  }
}
