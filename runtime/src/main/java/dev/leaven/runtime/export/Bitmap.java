package dev.leaven.runtime.export;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Encodes a Java image as a BMP file, which is lossless and takes no time, so that it is processed
 * like every other image.
 */
final class Bitmap {

  private static final int HEADER = 54;
  private static final int INFO_HEADER = 40;
  private static final int BITS = 24;

  private Bitmap() {}

  /**
   * The bytes of an image file. Transparent pixels show their colour.
   *
   * @param image an image of any type
   * @return 24 bits for each pixel
   */
  static byte[] of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int row = (3 * width + 3) / 4 * 4;
    int size = Math.addExact(HEADER, Math.multiplyExact(row, height));
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(size).putInt(0).putInt(HEADER);
    file.putInt(INFO_HEADER).putInt(width).putInt(height).putShort((short) 1);
    file.putShort((short) BITS).putInt(0).putInt(row * height);
    boolean grey =
        image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && !(image.getColorModel() instanceof IndexColorModel);
    int[] line = new int[width];
    for (int y = height - 1; y >= 0; y--) {
      if (grey) {
        greys(image.getRaster(), y, line);
      } else {
        image.getRGB(0, y, width, 1, line, 0, width);
      }
      file.position(HEADER + (height - 1 - y) * row);
      for (int colour : line) {
        file.put((byte) colour).put((byte) (colour >> 8)).put((byte) (colour >> 16));
      }
    }
    return file.array();
  }

  // Java treats grey as linear and would brighten it when it converts it to colours.
  private static void greys(Raster raster, int y, int[] line) {
    raster.getSamples(raster.getMinX(), raster.getMinY() + y, line.length, 1, 0, line);
    int bits = raster.getSampleModel().getSampleSize(0);
    for (int x = 0; x < line.length; x++) {
      int value = bits == 16 ? (line[x] + 128) / 257 : line[x] * 255 / ((1 << bits) - 1);
      line[x] = value * 0x010101;
    }
  }
}
