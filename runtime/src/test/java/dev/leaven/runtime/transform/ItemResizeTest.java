package dev.leaven.runtime.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.transform.ItemResize.Method;
import dev.leaven.runtime.transform.ItemResize.Padding;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

class ItemResizeTest {

  private static int[] image(int height, int width, int channels) {
    SplittableRandom random = new SplittableRandom(height * 1000 + width);
    return random.ints((long) height * width * channels, 0, 256).toArray();
  }

  private static double[] resize(
      ItemResize way,
      int[] image,
      int h,
      int w,
      int channels,
      int side,
      double share,
      double[] at) {
    byte[] bytes = new byte[image.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) image[i];
    }
    return GraphRun.values(
        tf ->
            way.apply(
                tf,
                tf.constant(Shape.of(h, w, channels), DataBuffers.of(bytes)),
                tf.constant(side),
                tf.constant((float) share),
                tf.constant(new float[] {(float) at[0], (float) at[1]})));
  }

  // Line by line: which share of each of the image's pixels one pixel of the result shows. The
  // triangle is one pixel of the source or of the result wide, whichever is larger.
  private static double[][] axis(int pixels, double begin, double scale, int side) {
    double[][] weights = new double[side][pixels];
    for (int i = 0; i < side; i++) {
      double centre = (i + 0.5 - begin) / scale;
      if (centre < 0 || centre > pixels) {
        continue;
      }
      double sum = 0;
      for (int s = 0; s < pixels; s++) {
        weights[i][s] = Math.max(0, 1 - Math.abs(s + 0.5 - centre) / Math.max(1, 1 / scale));
        sum += weights[i][s];
      }
      for (int s = 0; s < pixels; s++) {
        weights[i][s] /= sum;
      }
    }
    return weights;
  }

  /** The weights of a padded axis, whose image has {@code shown} pixels from {@code begin} on. */
  private static double[][] padded(double[][] plain, int begin, int shown, Padding padding) {
    double[][] all = new double[plain.length][];
    for (int i = 0; i < plain.length; i++) {
      int source = i - begin;
      while (source < 0 || source >= shown) {
        if (padding == Padding.BORDER || shown == 1) {
          source = source < 0 ? 0 : shown - 1;
        } else {
          source = source < 0 ? -source : 2 * (shown - 1) - source;
        }
      }
      all[i] = padding == Padding.ZEROS ? plain[i] : plain[begin + source];
    }
    return all;
  }

  private static void check(
      double[] found, int[] image, int w, int channels, double[][] rows, double[][] columns) {
    int side = rows.length;
    assertThat(found).hasSize(side * side * channels);
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int y = 0; y < rows[i].length; y++) {
            for (int x = 0; x < columns[j].length; x++) {
              sum += rows[i][y] * columns[j][x] * image[(y * w + x) * channels + c];
            }
          }
          // Rounded to whole grey levels; float32 may tip a value that lies between two.
          assertThat(found[(i * side + j) * channels + c])
              .as("row %d, column %d, channel %d", i, j, c)
              .isCloseTo(sum, within(0.501));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, channels, side, share, x, y
    "20, 30, 3, 8, 1, 0.5, 0.5",
    "30, 20, 1, 8, 1, 0.1, 0.9", // there is no room to be placed in
    "7, 5, 3, 16, 1, 0.5, 0.5", // larger
    "33, 18, 1, 12, 0.8, 0.5, 0.5", // the centre, as in validation
  })
  void squishedAllIsShown(
      int height, int width, int channels, int side, double share, double x, double y) {
    int[] image = image(height, width, channels);
    double[] found =
        resize(
            ItemResize.squish(), image, height, width, channels, side, share, new double[] {x, y});
    double[][] rows = axis(height, side * (1 - 1 / share) * y, side / (share * height), side);
    double[][] columns = axis(width, side * (1 - 1 / share) * x, side / (share * width), side);
    check(found, image, width, channels, rows, columns);
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, side, x, y, first row and rows, first column and columns of the result
    "20, 30, 12, 0.5, 0.5, 2, 8, 0, 12",
    "20, 30, 12, 0.5, 0, 0, 8, 0, 12",
    "20, 30, 12, 0.5, 1, 4, 8, 0, 12",
    "20, 30, 12, 0.3, 0.7, 3, 8, 0, 12", // 2.8 is the third
    "40, 9, 16, 0.5, 0.5, 0, 16, 6, 4", // 3.6 columns
    "40, 9, 16, 0, 0, 0, 16, 0, 4",
    "2, 40, 20, 0.5, 0.5, 10, 1, 0, 20", // one row of 20
    "1, 90, 20, 0.5, 0.5, 10, 1, 0, 20", // less than one, and kept as one
    "6, 12, 30, 0.5, 1, 15, 15, 0, 30", // larger
    "14, 14, 14, 0.5, 0.5, 0, 14, 0, 14", // square already
  })
  void paddedAllIsShownWithItsShape(
      int height,
      int width,
      int side,
      double x,
      double y,
      int row,
      int rows,
      int column,
      int columns) {
    int[] image = image(height, width, 3);
    double scale = (double) side / Math.max(height, width);
    double[][] down = axis(height, row, Math.max(scale, 1.0 / height), side);
    double[][] across = axis(width, column, Math.max(scale, 1.0 / width), side);
    for (Padding padding : Padding.values()) {
      double[] found =
          resize(ItemResize.pad(padding), image, height, width, 3, side, 1, new double[] {x, y});
      check(
          found,
          image,
          width,
          3,
          padded(down, row, rows, padding),
          padded(across, column, columns, padding));
    }
  }

  @Test
  void zerosAreBlack() {
    int[] white = new int[10 * 20];
    java.util.Arrays.fill(white, 255);
    double[] found =
        resize(ItemResize.pad(Padding.ZEROS), white, 10, 20, 1, 8, 1, new double[] {0.5, 0.5});
    for (int i = 0; i < 64; i++) {
      assertThat(found[i]).isEqualTo(i / 8 >= 2 && i / 8 < 6 ? 255 : 0);
    }
  }

  @Test
  void croppingIsSquareCrop() {
    int[] image = image(13, 22, 3);
    double[] place = {0.2, 0.6};
    byte[] bytes = new byte[image.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) image[i];
    }
    double[] expected =
        GraphRun.values(
            tf ->
                SquareCrop.apply(
                    tf,
                    tf.constant(Shape.of(13, 22, 3), DataBuffers.of(bytes)),
                    tf.constant(9),
                    tf.constant(0.8f),
                    tf.constant(new float[] {0.2f, 0.6f})));
    assertThat(resize(new ItemResize(), image, 13, 22, 3, 9, 0.8, place)).isEqualTo(expected);
  }

  @Test
  void saysHowManyPixelsItNeeds() {
    assertThat(needed(new ItemResize())).containsExactly(160, 160);
    assertThat(needed(ItemResize.squish())).containsExactly(160, 160);
    assertThat(needed(ItemResize.pad(Padding.BORDER))).containsExactly(0, 160);
  }

  private static double[] needed(ItemResize way) {
    return GraphRun.values(tf -> way.needed(tf, tf.constant(128), tf.constant(0.8f)));
  }

  @Test
  void whatPadsNothingHasNoPadding() {
    assertThatThrownBy(() -> new ItemResize(Method.SQUISH, Padding.ZEROS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resize: padding must be REFLECTION where the method is SQUISH, but is ZEROS");
  }
}
