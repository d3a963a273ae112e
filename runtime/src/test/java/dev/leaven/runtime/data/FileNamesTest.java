package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.types.TUint8;

/** Names of files reach TensorFlow as they are on the disk, in whatever letters. */
class FileNamesTest {

  private static final List<String> NAMES =
      List.of(
          "with spaces/a b  c.png",
          "Größe/ÄÖÜ é.png",
          "熊 猫/图 1.PNG",
          "emoji 🐻/bear 🐻.png",
          "signs/100%, 'a' \"b\" #1 [x] {y} $z & (w).png");

  @TempDir Path root;

  @Test
  void imagesAreDecodedWhateverTheirNames() throws IOException {
    Map<Path, Integer> greys = new HashMap<>();
    for (int i = 0; i < NAMES.size(); i++) {
      for (String copy : new String[] {"", "copy of "}) {
        Path file = root.resolve(NAMES.get(i));
        file = file.resolveSibling(copy + file.getFileName());
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        int grey = 10 + 20 * i + copy.length();
        IntStream.range(0, 16).forEach(p -> image.setRGB(p % 4, p / 4, grey * 0x010101));
        ImageIO.write(image, "png", file.toFile());
        greys.put(file, grey);
      }
    }
    ImageData data = ImageFolder.of(root).load(1);
    assertThat(data.classNames())
        .containsExactlyInAnyOrder("with spaces", "Größe", "熊 猫", "emoji 🐻", "signs");
    Samples.Files train = (Samples.Files) data.train();
    assertThat(train.size()).isEqualTo(5);

    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Loader loader = Loader.of(train, 3);
      Pipeline pipeline = new Pipeline(GraphOps.of(graph), loader);
      try (Loader.Opened opened = loader.open(train)) {
        pipeline.start(
            session,
            opened,
            new Pipeline.Pass(new int[] {0, 1, 2, 3, 4}, 5, false, 4, 1, false, 1));
        try (TUint8 images = (TUint8) session.runner().fetch(pipeline.images()).run().get(0)) {
          for (int i = 0; i < 5; i++) {
            assertThat(images.getByte(i, 2, 2, 1) & 0xff)
                .isEqualTo(greys.get(train.paths().get(i)));
          }
        }
      }
    }
  }
}
