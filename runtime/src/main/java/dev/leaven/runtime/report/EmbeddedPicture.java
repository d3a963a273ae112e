package dev.leaven.runtime.report;

import dev.leaven.runtime.interpret.HeatMap;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * A picture inside a page: its address contains its bytes.
 *
 * @param address begins with {@code data:}
 * @param side height and width in pixels
 */
record EmbeddedPicture(String address, int side) {

  private static final int MOST_SIDE = 224;
  private static final int PHOTOGRAPH = 64;
  private static final int LEAST_OVERLAY = 160;
  private static final float QUALITY = 0.85f;

  // Low to high, distinguishable also with colour blindness: from "inferno".
  private static final int[] HEAT = {
    0x1B0C41, 0x4A0C6B, 0x781C6D, 0xA52C60, 0xCF4446, 0xED6925, 0xFB9B06, 0xF7D13D, 0xFCFFA4
  };
  private static final double MOST_HEAT = 0.7;

  /**
   * An image as it is, reduced if it is large. Small images are lossless; large ones are JPEGs.
   *
   * @param pixels in the order row, column, channel
   */
  static EmbeddedPicture of(byte[] pixels, int side, int channels) {
    int shown = Math.min(side, MOST_SIDE);
    byte[] fitting = Scaling.square(pixels, side, channels, shown);
    return encoded(picture(fitting, shown, channels, 1), shown < PHOTOGRAPH);
  }

  /** An image under its heat map. */
  static EmbeddedPicture of(HeatMap map) {
    int shown = Math.min(map.side(), MOST_SIDE);
    byte[] fitting = Scaling.square(map.pixels(), map.side(), map.channels(), shown);
    int times = shown >= LEAST_OVERLAY ? 1 : (LEAST_OVERLAY + shown - 1) / shown;
    BufferedImage picture = picture(fitting, shown, map.channels(), times);
    int side = shown * times;
    float[] heat = map.enlarged(side);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        picture.setRGB(x, y, over(picture.getRGB(x, y), heat[y * side + x]));
      }
    }
    return encoded(picture, false);
  }

  /** Blends a colour with a colour of heat, which is more opaque the hotter it is. */
  static int over(int colour, double heat) {
    double share = MOST_HEAT * Math.pow(heat, 0.7);
    double place = heat * (HEAT.length - 1);
    int low = Math.min((int) place, HEAT.length - 2);
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      double hot =
          (1 - (place - low)) * (HEAT[low] >> shift & 0xFF)
              + (place - low) * (HEAT[low + 1] >> shift & 0xFF);
      long value = Math.round((1 - share) * (colour >> shift & 0xFF) + share * hot);
      mixed |= (int) value << shift;
    }
    return mixed;
  }

  private static BufferedImage picture(byte[] pixels, int side, int channels, int times) {
    int wide = side * times;
    BufferedImage picture = new BufferedImage(wide, wide, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < wide; y++) {
      for (int x = 0; x < wide; x++) {
        int at = (y / times * side + x / times) * channels;
        int colour = 0;
        for (int c = 0; c < 3; c++) {
          colour = colour << 8 | pixels[at + (channels == 3 ? c : 0)] & 0xFF;
        }
        picture.setRGB(x, y, colour);
      }
    }
    return picture;
  }

  private static EmbeddedPicture encoded(BufferedImage picture, boolean whole) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(whole ? "png" : "jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam how = writer.getDefaultWriteParam();
      if (!whole) {
        how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        how.setCompressionQuality(QUALITY);
      }
      writer.write(null, new IIOImage(picture, null, null), how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return new EmbeddedPicture(
        "data:image/%s;base64,%s"
            .formatted(
                whole ? "png" : "jpeg", Base64.getEncoder().encodeToString(bytes.toByteArray())),
        picture.getWidth());
  }

  /**
   * Writes the picture.
   *
   * @param alternative the description of the picture, for those who cannot see it
   */
  void write(Html html, String alternative) {
    html.empty(
        "img",
        "src",
        address,
        "alt",
        alternative,
        "width",
        Integer.toString(side),
        "height",
        Integer.toString(side),
        "class",
        side < PHOTOGRAPH ? "small" : "photograph");
  }
}
