package dev.leaven.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.train.Preview;
import dev.leaven.runtime.train.PreviewStep;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.transform.Normalize;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewPictureTest {

  private static final int PAPER = 0xF4F5F7;
  private static final int CARD = 0xFFFFFF;
  private static final int EDGE = 0xDFE2E6;

  @TempDir static Path directory;

  /** Examples whose original and shown image have one colour each. */
  private static Preview preview(Plan plan, int images) {
    int channels = plan.data().channels();
    int loaded = plan.stages().get(0).presize();
    int size = plan.stages().get(0).size();
    List<Preview.Example> examples =
        IntStream.range(0, images)
            .mapToObj(
                i ->
                    new Preview.Example(
                        filled(loaded * loaded, channels, i),
                        new float[size * size * channels],
                        filled(size * size, channels, 100 + i),
                        new float[] {1, 0},
                        new float[] {0.75f, 0.25f}))
            .toList();
    return new Preview(plan, 1, 1, true, examples);
  }

  // Red is the value, and of colour images green 10 and blue 20 more.
  private static byte[] filled(int pixels, int channels, int value) {
    byte[] bytes = new byte[pixels * channels];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (value + 10 * (i % channels));
    }
    return bytes;
  }

  private static int at(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) & 0xFFFFFF;
  }

  /** The upper edges of the rows of cards, found below the first card's left padding. */
  private static int[] tops(BufferedImage picture) {
    return IntStream.range(1, picture.getHeight())
        .filter(y -> at(picture, 28, y) == CARD && at(picture, 28, y - 1) == EDGE)
        .toArray();
  }

  // Images of 16 px are enlarged ten times; a card is 10 + 160 + 8 + 160 + 10 wide, three fit.
  @Test
  void greyImagesOfThreeInARow() {
    BufferedImage picture = PreviewPicture.draw("resize(16)", preview(Runs.plan(), 8));
    assertThat(picture.getWidth()).isEqualTo(24 + 3 * 348 + 2 * 14 + 24);
    assertThat(picture.getHeight()).isBetween(600, 900);
    int[] tops = tops(picture);
    assertThat(tops).hasSize(3);
    for (int i = 0; i < 8; i++) {
      int left = 24 + i % 3 * 362;
      int top = tops[i / 3];
      for (int[] corner : new int[][] {{0, 0}, {159, 0}, {0, 159}, {159, 159}}) {
        int x = left + 10 + corner[0];
        int y = top + 10 + corner[1];
        assertThat(at(picture, x, y)).isEqualTo(0x010101 * i);
        assertThat(at(picture, x + 168, y)).isEqualTo(0x010101 * (100 + i));
      }
      assertThat(at(picture, left + 9, top + 10)).isEqualTo(CARD);
      assertThat(at(picture, left + 170, top + 10)).isEqualTo(CARD);
      assertThat(at(picture, left + 178 + 160, top + 10)).isEqualTo(CARD);
      assertThat(at(picture, left - 2, top)).isEqualTo(PAPER);
      assertThat(inked(picture, left + 10, top + 174)).as("caption of the original").isTrue();
      assertThat(inked(picture, left + 178, top + 174)).as("caption of what is seen").isTrue();
    }
    // There is no ninth card.
    assertThat(at(picture, 24 + 2 * 362 + 10, tops[2] + 10)).isEqualTo(PAPER);
    assertThat(at(picture, picture.getWidth() - 1, picture.getHeight() - 1)).isEqualTo(PAPER);
  }

  private static boolean inked(BufferedImage picture, int left, int top) {
    return IntStream.range(0, 100 * 10)
        .anyMatch(i -> at(picture, left + i % 100, top + i / 100) < 0xC0C0C0);
  }

  @Test
  void oneColourImageHasAPageToItself() {
    Plan plan = Runs.with(Runs.plan(), "channels", 3, "normalize", Normalize.imagenet());
    BufferedImage picture = PreviewPicture.draw("resize(16)", preview(plan, 1));
    assertThat(picture.getWidth()).isEqualTo(640);
    int[] tops = tops(picture);
    assertThat(tops).hasSize(1);
    assertThat(at(picture, 34, tops[0] + 10)).isEqualTo(0x000A14);
    assertThat(at(picture, 34 + 168, tops[0] + 10)).isEqualTo(0x646E78);
  }

  @Test
  void aPictureIsWrittenAndReplaced() throws Exception {
    Plan plan = Runs.plan();
    Preview preview =
        Preview.of(plan, plan.data().source().load(plan.seed()), PreviewStep.first().images(2));
    Path file = directory.resolve("new/Folder/grid.PNG");
    PreviewPicture.write("resize(16)", preview, file);
    byte[] first = Files.readAllBytes(file);
    assertThat(Arrays.copyOf(first, 4)).isEqualTo(new byte[] {(byte) 0x89, 'P', 'N', 'G'});
    BufferedImage read = ImageIO.read(file.toFile());
    BufferedImage drawn = PreviewPicture.draw("resize(16)", preview);
    assertThat(read.getWidth()).isEqualTo(drawn.getWidth());
    assertThat(at(read, 40, read.getHeight() - 100))
        .isEqualTo(at(drawn, 40, read.getHeight() - 100));
    PreviewPicture.write("resize(16)", preview, file);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  @Test
  void whatCannotBeWrittenIsRefused() throws Exception {
    Path file = Files.createFile(directory.resolve("a-file"));
    Path folder = Files.createDirectory(directory.resolve("a-folder.png"));
    refuses(
        directory.resolve("grid.jpg"),
        directory.resolve("grid.jpg")
            + ": a preview is a PNG picture; give it a name that ends in .png");
    refuses(folder, folder + ": this is a folder; name a file for the picture");
    refuses(
        file.resolve("grid.png"),
        "%s/grid.png: the picture cannot be written, because %s is no folder; choose another place"
            .formatted(file, file));
  }

  private static void refuses(Path file, String message) {
    assertThatThrownBy(() -> PreviewPicture.write("", preview(Runs.plan(), 1), file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
