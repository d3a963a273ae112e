package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDamageTest {

  @TempDir Path folder;

  private static byte[] image(String name) throws IOException {
    try (InputStream in = FileDamageTest.class.getResourceAsStream("images/" + name)) {
      return in.readAllBytes();
    }
  }

  private String said(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("photo.jpg"), content);
    return FileDamage.of(file);
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    byte[] jpeg = image("colour.jpg");
    byte[] png = image("colour.png");
    assertThat(said(new byte[0])).isEqualTo("is empty");
    assertThat(said("a text".getBytes(StandardCharsets.US_ASCII))).isEqualTo("is text");
    assertThat(said(image("webp.webp"))).isEqualTo("is a WebP image");
    assertThat(said(Arrays.copyOf(jpeg, jpeg.length / 2))).isEqualTo("is cut off");
    assertThat(said(Arrays.copyOf(png, png.length - 30))).isEqualTo("is cut off");
    byte[] damaged = png.clone();
    damaged[45] ^= 0x55;
    assertThat(said(damaged)).isEqualTo("is damaged");
  }

  @Test
  void saysHowManyPixelsAreTooMany() throws IOException {
    byte[] png = image("colour.png");
    ByteBuffer.wrap(png).putInt(16, 20000).putInt(20, 20000);
    assertThat(said(png))
        .isEqualTo("has 20000 × 20000 pixels, more than the 178,956,970 that are decoded");
    byte[] jpeg = image("colour.jpg");
    int frame = 0;
    while ((jpeg[frame] & 0xff) != 0xff || (jpeg[frame + 1] & 0xff) != 0xc0) {
      frame++;
    }
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 20000).putShort(frame + 7, (short) 20001);
    assertThat(said(jpeg))
        .isEqualTo("has 20001 × 20000 pixels, more than the 178,956,970 that are decoded");
  }

  @Test
  void saysWhichBmpAreNotDecoded() throws IOException {
    assertThat(said(image("one.bmp")))
        .isEqualTo("is a BMP of 1 bits per pixel, of which 8, 24 and 32 are decoded");
    byte[] compressed = image("palette.bmp");
    compressed[30] = 1;
    assertThat(said(compressed)).isEqualTo("is a compressed or unusual BMP, which is not decoded");
    byte[] old = image("palette.bmp");
    old[14] = 12;
    assertThat(said(old)).isEqualTo("is a BMP of the kind of OS/2, which is not decoded");
  }
}
