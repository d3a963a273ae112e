package dev.leaven.runtime.report;

/** Scales square images: larger ones pixel by pixel, smaller ones as the mean of areas. */
final class Scaling {

  private Scaling() {}

  /**
   * Scales an image to a square.
   *
   * @param pixels in the order row, column, channel
   * @param from height and width of the image
   * @param channels the channels of the image
   * @param to height and width of the result
   * @return pixels in the same order
   */
  static byte[] square(byte[] pixels, int from, int channels, int to) {
    if (from == to) {
      return pixels;
    }
    double[] across = new double[from * to * channels];
    for (int i = 0; i < to; i++) {
      for (int k = 0; k < from; k++) {
        double share = share(i, k, from, to);
        if (share > 0) {
          for (int j = 0; j < from * channels; j++) {
            across[i * from * channels + j] += share * (pixels[k * from * channels + j] & 0xFF);
          }
        }
      }
    }
    byte[] result = new byte[to * to * channels];
    for (int x = 0; x < to; x++) {
      for (int y = 0; y < to; y++) {
        for (int channel = 0; channel < channels; channel++) {
          double sum = 0;
          for (int k = from * x / to; k < from && k * to < from * (x + 1); k++) {
            sum += share(x, k, from, to) * across[(y * from + k) * channels + channel];
          }
          result[(y * to + x) * channels + channel] = (byte) Math.round(sum);
        }
      }
    }
    return result;
  }

  // The part of the result's pixel i, as long as from/to pixels, that the image's pixel k covers.
  private static double share(int i, int k, int from, int to) {
    long begin = Math.max((long) i * from, (long) k * to);
    long end = Math.min((i + 1L) * from, (k + 1L) * to);
    return Math.max(0, end - begin) / (double) from;
  }
}
