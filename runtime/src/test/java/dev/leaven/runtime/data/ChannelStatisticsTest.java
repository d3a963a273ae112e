package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.transform.Normalize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelStatisticsTest {

  @Test
  void measures_images_in_memory_channel_by_channel() {
    byte[] pixels = {0, 100, (byte) 255, 0, 100, (byte) 255, (byte) 255, 100, (byte) 255};
    Normalize measured =
        ChannelStatistics.measure(new Samples.Pixels(pixels, 1, 3, 3, new int[1]), 3);

    assertThat(measured.mean().get(0)).isEqualTo(1.0 / 3, within(1e-9));
    assertThat(measured.mean().get(1)).isEqualTo(100.0 / 255, within(1e-9));
    assertThat(measured.mean().get(2)).isEqualTo(1, within(1e-9));
    assertThat(measured.std().get(0)).isEqualTo(Math.sqrt(2) / 3, within(1e-9));
    // A channel of one value must not divide by zero.
    assertThat(measured.std().get(1)).isEqualTo(1e-3);
  }

  @Test
  void measures_files_and_passes_over_those_that_java_cannot_decode(@TempDir Path folder)
      throws IOException {
    Path image = folder.resolve("a.png");
    BufferedImage picture = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 200; y++) {
      for (int x = 0; x < 300; x++) {
        picture.setRGB(x, y, 0x336699);
      }
    }
    ImageIO.write(picture, "png", image.toFile());
    Path broken = Files.writeString(folder.resolve("b.jpg"), "no image");

    Normalize measured =
        ChannelStatistics.measure(new Samples.Files(List.of(broken, image), new int[2]), 3);

    assertThat(measured.mean()).containsExactly(0.2, 0.4, 0.6);
  }

  @Test
  void says_so_when_no_file_can_be_decoded(@TempDir Path folder) throws IOException {
    Path broken = Files.writeString(folder.resolve("b.jpg"), "no image");
    Samples samples = new Samples.Files(List.of(broken), new int[1]);

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> ChannelStatistics.measure(samples, 3))
        .withMessage(
            "normalizeFromData: none of 1 training images could be decoded, the first being "
                + broken);
  }
}
