package dev.leaven.runtime.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

class SquareCropTest {

  private static int[] image(int height, int width, int channels) {
    SplittableRandom random = new SplittableRandom(height * 1000 + width);
    return random.ints((long) height * width * channels, 0, 256).toArray();
  }

  private static double[] crop(
      int[] image, int height, int width, int channels, int side, double share, double[] place) {
    byte[] bytes = new byte[image.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) image[i];
    }
    return GraphRun.values(
        tf ->
            SquareCrop.apply(
                tf,
                tf.constant(Shape.of(height, width, channels), DataBuffers.of(bytes)),
                tf.constant(side),
                tf.constant((float) share),
                tf.constant(new float[] {(float) place[0], (float) place[1]})));
  }

  // The reference: each axis of the result sees the pixels within a triangle around its place; the
  // triangle is one pixel of the source or of the result wide, whichever is larger.
  private static double[] weights(int pixels, double from, double square, int side, int at) {
    double centre = from + (at + 0.5) * square / side;
    double radius = Math.max(1, square / side);
    double[] weights = new double[pixels];
    double sum = 0;
    for (int s = 0; s < pixels; s++) {
      weights[s] = Math.max(0, 1 - Math.abs(s + 0.5 - centre) / radius);
      sum += weights[s];
    }
    for (int s = 0; s < pixels; s++) {
      weights[s] /= sum;
    }
    return weights;
  }

  private static double[] reference(
      int[] image, int height, int width, int channels, int side, double share, double[] place) {
    double square = share * Math.min(height, width);
    double[] result = new double[side * side * channels];
    for (int i = 0; i < side; i++) {
      double[] rows = weights(height, place[1] * (height - square), square, side, i);
      for (int j = 0; j < side; j++) {
        double[] columns = weights(width, place[0] * (width - square), square, side, j);
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
              sum += rows[y] * columns[x] * image[(y * width + x) * channels + c];
            }
          }
          result[(i * side + j) * channels + c] = sum;
        }
      }
    }
    return result;
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, channels, side, share, x, y
    "20, 20, 3, 8, 1, 0.5, 0.5", // smaller
    "12, 12, 1, 30, 1, 0.5, 0.5", // larger
    "17, 31, 3, 9, 1, 0.5, 0.5", // wide
    "31, 17, 3, 9, 1, 0.5, 0.5", // high
    "17, 31, 3, 9, 0.6, 0, 0", // left upper corner
    "17, 31, 3, 9, 0.6, 1, 0", // right upper corner
    "17, 31, 3, 9, 0.6, 0, 1", // left lower corner
    "31, 17, 3, 24, 0.6, 1, 1", // right lower corner
    "31, 17, 1, 11, 0.43, 0.31, 0.77", // anywhere
  })
  void isATriangleFilterAsWideAsTheReduction(
      int height, int width, int channels, int side, double share, double x, double y) {
    int[] image = image(height, width, channels);
    double[] place = {x, y};
    double[] cropped = crop(image, height, width, channels, side, share, place);
    double[] expected = reference(image, height, width, channels, side, share, place);
    assertThat(cropped).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      // Rounded to whole grey levels; float32 may tip a value that lies between two: ½ and a bit.
      assertThat(cropped[i]).as("element %d", i).isCloseTo(expected[i], within(0.501));
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 3", "28, 1", "33, 3"})
  void whereNothingIsToBeDoneTheImageIsItself(int side, int channels) {
    int[] image = image(side, side, channels);
    double[] cropped = crop(image, side, side, channels, side, 1, new double[] {0.3, 0.8});
    for (int i = 0; i < image.length; i++) {
      assertThat(cropped[i]).isEqualTo(image[i]);
    }
  }

  @Test
  void blackAndWhiteStayWhatTheyAre() {
    for (int grey : new int[] {0, 255}) {
      int[] image = new int[13 * 9];
      java.util.Arrays.fill(image, grey);
      assertThat(crop(image, 13, 9, 1, 7, 0.9, new double[] {0.5, 0.5})).containsOnly(grey);
    }
  }
}
