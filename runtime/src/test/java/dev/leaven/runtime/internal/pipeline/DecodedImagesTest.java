package dev.leaven.runtime.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.types.TUint8;

@Tag("slow")
class DecodedImagesTest {

  private static final int SIDE = 24;

  @TempDir Path folder;

  private Samples.Files files;
  private DecodedStore store;

  /** Notes what happens, and can end the decoding after some images. */
  private record Heard(List<String> events, int last) implements DecodedImages.Listener {
    static Heard all() {
      return new Heard(new ArrayList<>(), Integer.MAX_VALUE);
    }

    @Override
    public void decoded(int done) {
      events.add("decoded " + done);
      if (done == last) {
        throw new IllegalStateException("stopped");
      }
    }

    @Override
    public void damaged(int index, String problem) {
      events.add("%d %s".formatted(index, problem));
    }
  }

  /** Noise in lossless files: as large as needed, larger, upright, and across. */
  @BeforeEach
  void write() throws IOException {
    int[][] shapes = {{24, 24}, {24, 31}, {40, 24}, {60, 60}, {100, 75}, {33, 91}};
    Random random = new Random(5);
    List<Path> paths = new ArrayList<>();
    for (int[] shape : shapes) {
      BufferedImage image = new BufferedImage(shape[1], shape[0], BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < shape[0]; y++) {
        for (int x = 0; x < shape[1]; x++) {
          image.setRGB(x, y, random.nextInt(1 << 24));
        }
      }
      Path path = folder.resolve(paths.size() + ".png");
      ImageIO.write(image, "png", path.toFile());
      paths.add(path);
    }
    files = new Samples.Files(paths, new int[] {0, 1, 2, 3, 4, 5});
    store = new DecodedStore(folder.resolve("decoded"));
  }

  private byte[][] images(DecodedImages decoded, Pipeline.Pass pass) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Loader loader = Loader.of(files, 3);
      Pipeline pipeline = new Pipeline(GraphOps.of(graph), loader);
      byte[][] images = new byte[pass.order().length][];
      try (Loader.Opened opened = loader.open(files)) {
        pipeline.start(session, opened, decoded, pass.inBatchesOf(1));
        for (int i = 0; i < images.length; i++) {
          try (var result = session.runner().fetch(pipeline.images()).run()) {
            TUint8 image = (TUint8) result.get(0);
            images[i] = new byte[(int) image.shape().size()];
            image.asRawTensor().data().read(images[i]);
          }
        }
      }
      return images;
    }
  }

  private static Pipeline.Pass pass(boolean randomPlace, long key, int... order) {
    return new Pipeline.Pass(order, 1, false, SIDE, 1, randomPlace, key);
  }

  private DecodedImages inMemory(DecodedFormat format) throws IOException {
    return DecodedImages.of(DecodedCache.MEMORY, files, format, Heard.all());
  }

  @Test
  void anImageOfTheRightSizeIsCutAtWholePixels() throws IOException {
    try (DecodedImages decoded = inMemory(DecodedFormat.whole(3, SIDE))) {
      // 24 x 31: eight places across. Every square must be one of them, and most are drawn.
      BufferedImage source = ImageIO.read(files.paths().get(1).toFile());
      List<byte[]> squares = new ArrayList<>();
      for (int x = 0; x <= 7; x++) {
        squares.add(square(source, x));
      }
      boolean[] seen = new boolean[8];
      for (int key = 0; key < 60; key++) {
        byte[] image = images(decoded, pass(true, key, 1))[0];
        int place = 0;
        while (!Arrays.equals(squares.get(place), image)) {
          place++; // beyond the last one, the list ends the test
        }
        seen[place] = true;
      }
      // 60 draws miss a given one of 8 places with a probability of 0.0003; the keys are fixed.
      assertThat(seen).containsOnly(true);
      assertThat(images(decoded, pass(false, 0, 1))[0]).isEqualTo(square(source, 4));
    }
  }

  private static byte[] square(BufferedImage image, int left) {
    byte[] pixels = new byte[SIDE * SIDE * 3];
    for (int i = 0; i < pixels.length; i++) {
      int rgb = image.getRGB(left + i / 3 % SIDE, i / 3 / SIDE);
      pixels[i] = (byte) (rgb >> (16 - 8 * (i % 3)));
    }
    return pixels;
  }

  @Test
  void aSquareImageIsThatOfTheFile() throws IOException {
    try (DecodedImages decoded = inMemory(DecodedFormat.whole(3, SIDE))) {
      Pipeline.Pass pass = pass(true, 3, 0, 3);
      assertThat(images(decoded, pass)).isDeepEqualTo(images(null, pass));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.8})
  void whatIsEvaluatedIsThatOfTheFiles(double share) throws IOException {
    Pipeline.Pass pass =
        new Pipeline.Pass(new int[] {5, 0, 1, 2, 3, 4}, 1, false, SIDE, share, false, 0);
    try (DecodedImages decoded = inMemory(new DecodedFormat(3, SIDE, share))) {
      assertThat(images(decoded, pass)).isDeepEqualTo(images(null, pass));
    }
  }

  @Test
  void memoryAndDiskColdAndWarmGiveTheSame() throws IOException {
    DecodedFormat format = DecodedFormat.whole(3, SIDE);
    Pipeline.Pass pass = pass(true, 9, 0, 1, 2, 3, 4, 5);
    Heard cold = Heard.all();
    Heard warm = Heard.all();
    try (DecodedImages memory = inMemory(format);
        DecodedImages first = store.get(files, format, cold);
        DecodedImages second = store.get(files, format, warm)) {
      byte[][] expected = images(memory, pass);
      assertThat(images(first, pass)).isDeepEqualTo(expected);
      assertThat(images(second, pass)).isDeepEqualTo(expected);
    }
    assertThat(cold.events()).hasSize(6);
    assertThat(warm.events()).containsExactly("decoded 6");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void adamagedFileIsToldOfEachTime(int index) throws IOException {
    Path broken = files.paths().get(index);
    byte[] whole = Files.readAllBytes(broken);
    Files.write(broken, Arrays.copyOf(whole, whole.length / 2));
    String expected = "%d is cut off".formatted(index);
    for (int time = 0; time < 2; time++) {
      Heard heard = Heard.all();
      store.get(files, DecodedFormat.whole(3, SIDE), heard).close();
      assertThat(heard.events()).contains(expected, "decoded 6");
    }
    // The others are where they belong.
    Pipeline.Pass pass = pass(true, 9, 3);
    try (DecodedImages decoded = inMemory(DecodedFormat.whole(3, SIDE))) {
      assertThat(images(decoded, pass)).isDeepEqualTo(images(null, pass));
    }
  }

  @Test
  void whatIsNotWholeIsNeverRead() throws IOException {
    DecodedFormat format = DecodedFormat.whole(3, SIDE);
    assertThatThrownBy(() -> store.get(files, format, new Heard(new ArrayList<>(), 3)))
        .hasMessage("stopped");
    assertThat(folder.resolve("decoded")).isEmptyDirectory();

    store.get(files, format, Heard.all()).close();
    Path file;
    try (var list = Files.list(folder.resolve("decoded"))) {
      file = list.findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 40, whole.length - 1, whole.length / 2}) {
      Files.write(file, Arrays.copyOf(whole, length));
      Heard heard = Heard.all();
      store.get(files, format, heard).close();
      assertThat(heard.events()).hasSize(6);
      assertThat(file).hasBinaryContent(whole);
    }
  }

  @Test
  void otherImagesHaveAnotherKey() throws IOException {
    DecodedFormat format = DecodedFormat.whole(3, SIDE);
    String key = format.key(files);
    assertThat(format.key(files)).isEqualTo(key);
    assertThat(DecodedFormat.whole(3, SIDE + 1).key(files)).isNotEqualTo(key);
    assertThat(DecodedFormat.whole(1, SIDE).key(files)).isNotEqualTo(key);
    assertThat(new DecodedFormat(3, SIDE, 1).key(files)).isNotEqualTo(key);
    Files.setLastModifiedTime(files.paths().get(2), FileTime.fromMillis(1_000_000));
    String touched = format.key(files);
    assertThat(touched).isNotEqualTo(key);
    Files.delete(files.paths().get(2));
    assertThat(format.key(files)).isNotEqualTo(key).isNotEqualTo(touched);
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(
            () ->
                new DecodedStore(file.resolve("decoded"))
                    .get(files, DecodedFormat.whole(3, SIDE), Heard.all()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void theMachineDecides() {
    Samples pixels = new Samples.Pixels(new byte[1], 1, 1, 1, new int[1]);
    assertThat(DecodedCache.AUTO.here(files, 25, 100)).isEqualTo(DecodedCache.MEMORY);
    assertThat(DecodedCache.AUTO.here(files, 26, 100)).isEqualTo(DecodedCache.DISK);
    assertThat(DecodedCache.MEMORY.here(files, 99, 100)).isEqualTo(DecodedCache.MEMORY);
    assertThat(DecodedCache.NONE.here(files, 1, 100)).isEqualTo(DecodedCache.NONE);
    assertThat(DecodedCache.DISK.here(pixels, 1, 100)).isEqualTo(DecodedCache.NONE);
  }
}
