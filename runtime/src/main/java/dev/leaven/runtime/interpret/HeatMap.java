package dev.leaven.runtime.interpret;

/**
 * The places in an image that led to a model's prediction: the result of {@link GradCam}.
 *
 * @param image the image's number in its samples
 * @param output the class, or the number, that is explained
 * @param side height and width in pixels of the image as the model saw it
 * @param channels 1 or 3
 * @param pixels the image as the model saw it, before normalization, in the order row, column,
 *     channel
 * @param rows the number of rows of the map
 * @param columns the number of columns of the map
 * @param heat at least 0, in C order; the values have a meaning only relative to each other
 */
public record HeatMap(
    int image,
    int output,
    int side,
    int channels,
    byte[] pixels,
    int rows,
    int columns,
    float[] heat) {

  /** Checks that the number of values matches the sizes. */
  public HeatMap {
    if (pixels.length != side * side * channels || heat.length != rows * columns) {
      throw new IllegalArgumentException(
          "a heat map of %d×%d over %d×%d×%d has %d values over %d"
              .formatted(rows, columns, side, side, channels, heat.length, pixels.length));
    }
  }

  /**
   * Whether the map distinguishes places. For small images, the last layer of a deep model has 1 ×
   * 1 places, and the map is one value.
   *
   * @return false where the whole image has one value
   */
  public boolean tells() {
    return heat.length > 1;
  }

  /**
   * The map enlarged to the image: bilinear between the centres of its cells, and divided by its
   * highest value.
   *
   * @param wanted height and width of the result in pixels, at least 1
   * @return {@code wanted · wanted} values from 0 to 1, in C order; all 0 where nothing in the
   *     image supports the prediction
   */
  public float[] enlarged(int wanted) {
    float highest = 0;
    for (float value : heat) {
      highest = Math.max(highest, value);
    }
    float[] large = new float[wanted * wanted];
    if (highest == 0) {
      return large;
    }
    for (int y = 0; y < wanted; y++) {
      double row = place(y, rows, wanted);
      int top = (int) row;
      int bottom = Math.min(top + 1, rows - 1);
      for (int x = 0; x < wanted; x++) {
        double column = place(x, columns, wanted);
        int left = (int) column;
        int right = Math.min(left + 1, columns - 1);
        double upper = between(heat[top * columns + left], heat[top * columns + right], column);
        double lower =
            between(heat[bottom * columns + left], heat[bottom * columns + right], column);
        large[y * wanted + x] = (float) (between(upper, lower, row) / highest);
      }
    }
    return large;
  }

  // The position of a pixel's centre relative to the centres of the cells, kept within them.
  private static double place(int pixel, int cells, int pixels) {
    return Math.max(0, Math.min(cells - 1.0, (pixel + 0.5) * cells / pixels - 0.5));
  }

  private static double between(double low, double high, double place) {
    double share = place - Math.floor(place);
    return low + share * (high - low);
  }
}
