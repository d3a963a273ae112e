package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class ResamplerTest {

  private static final float[] IDENTITY = {1, 0, 0, 0, 1, 0, 0, 0, 1};

  /** The same matrix for each image. */
  private record Fixed(float[] matrix) implements Geometry {

    @Override
    public int draws() {
      return 1;
    }

    @Override
    public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
      return tf.math.mul(
          array(tf, matrix, 1, 3, 3),
          tf.reshape(tf.onesLike(draws), tf.constant(new int[] {-1, 1, 1})));
    }

    @Override
    public String describe() {
      return "a fixed matrix";
    }
  }

  private static double[] sample(float[] image, int height, int width, float[] matrix, int side) {
    return GraphRun.values(
        tf ->
            Resampler.sample(
                tf,
                array(tf, image, 1, height, width, 2),
                array(tf, matrix, 1, 3, 3),
                tf.constant(side)));
  }

  private static double[] apply(float[] images, int count, int side, List<Geometry> geometry) {
    return GraphRun.values(
        tf ->
            new Resampler(geometry)
                .apply(
                    tf,
                    array(tf, images, count, side, side, 2),
                    tf.constant(side),
                    Randomness.of(tf, 1, tf.constant(4L))));
  }

  private static float[] scaleAndShift(double scaleX, double shiftX, double scaleY, double shiftY) {
    return new float[] {
      (float) scaleX, 0, (float) shiftX, 0, (float) scaleY, (float) shiftY, 0, 0, 1
    };
  }

  // The reference: bilinear interpolation between pixel centres; places outside are reflected, the
  // edge pixel included.
  private static double[] reference(
      float[] image, int height, int width, float[] matrix, int side) {
    double[] result = new double[side * side * 2];
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        double u = (2.0 * j + 1) / side - 1;
        double v = (2.0 * i + 1) / side - 1;
        double x = ((matrix[0] * u + matrix[1] * v + matrix[2] + 1) * width - 1) / 2;
        double y = ((matrix[3] * u + matrix[4] * v + matrix[5] + 1) * height - 1) / 2;
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        for (int c = 0; c < 2; c++) {
          double upper =
              (left + 1 - x) * pixel(image, height, width, top, left, c)
                  + (x - left) * pixel(image, height, width, top, left + 1, c);
          double lower =
              (left + 1 - x) * pixel(image, height, width, top + 1, left, c)
                  + (x - left) * pixel(image, height, width, top + 1, left + 1, c);
          result[(i * side + j) * 2 + c] = (top + 1 - y) * upper + (y - top) * lower;
        }
      }
    }
    return result;
  }

  private static double pixel(float[] image, int height, int width, int y, int x, int c) {
    return image[(reflect(y, height) * width + reflect(x, width)) * 2 + c];
  }

  private static int reflect(int i, int n) {
    return i < 0 ? -i - 1 : i >= n ? 2 * n - 1 - i : i;
  }

  private static void close(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      // A place of up to 13 pixels has errors of 3 · 1e-6 in float32; the values differ by up to 2.
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(6e-6));
    }
  }

  private static void equal(double[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("element %d", i).isEqualTo(expected[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 28, 33, 64, 148})
  void theIdentityGivesTheImageBack(int side) {
    float[] image = GraphRun.numbers(1, side * side * 2);
    equal(sample(image, side, side, IDENTITY, side), image);
    equal(apply(image, 1, side, List.of()), image);
  }

  @Test
  void aBoxShowsItsPartOfTheImage() {
    float[] image = GraphRun.numbers(2, 9 * 13 * 2);
    float[] box = scaleAndShift(0.6, 0.3, 0.7, -0.25);
    close(sample(image, 9, 13, box, 6), reference(image, 9, 13, box, 6));
    // Enlarging looks between the outermost centre and the edge, where there is no pixel beyond.
    close(sample(image, 9, 13, IDENTITY, 20), reference(image, 9, 13, IDENTITY, 20));
  }

  @Test
  void placesOutsideAreReflected() {
    float[] image = GraphRun.numbers(3, 9 * 13 * 2);
    float[] wide = scaleAndShift(1.4, 0.2, 1.3, -0.1);
    close(sample(image, 9, 13, wide, 11), reference(image, 9, 13, wide, 11));
  }

  @Test
  void rotationTurnsAboutTheCentre() {
    float[] image = GraphRun.numbers(4, 8 * 8 * 2);
    float[] quarter = {0, -1, 0, 1, 0, 0, 0, 0, 1};
    double[] turned = sample(image, 8, 8, quarter, 8);
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < 8; j++) {
        // u looks at x = -v, y = u: row j, column 7-i.
        assertThat(turned[(i * 8 + j) * 2]).isEqualTo(image[(j * 8 + 7 - i) * 2]);
      }
    }
  }

  @Test
  void eachImageHasItsOwnMatrix() {
    float[] images = GraphRun.numbers(5, 2 * 8 * 8 * 2);
    float[] mirror = scaleAndShift(-1, 0, 1, 0);
    float[] both = new float[18];
    System.arraycopy(IDENTITY, 0, both, 0, 9);
    System.arraycopy(mirror, 0, both, 9, 9);
    double[] sampled =
        GraphRun.values(
            tf ->
                Resampler.sample(
                    tf, array(tf, images, 2, 8, 8, 2), array(tf, both, 2, 3, 3), tf.constant(8)));
    equal(Arrays.copyOf(sampled, 128), Arrays.copyOf(images, 128));
    float[] second = Arrays.copyOfRange(images, 128, 256);
    equal(Arrays.copyOfRange(sampled, 128, 256), toFloats(sample(second, 8, 8, mirror, 8)));
  }

  @Test
  void severalTechniquesAreOneProductWithTheFirstNearestToTheSource() {
    float[] image = GraphRun.numbers(6, 8 * 8 * 2);
    float[] first = scaleAndShift(0.5, 0.25, 0.8, -0.1);
    float[] second = scaleAndShift(-1, 0.125, 0.5, 0.3);
    double[] applied = apply(image, 1, 8, List.of(new Fixed(first), new Fixed(second)));
    float[] product = scaleAndShift(-0.5, 0.5 * 0.125 + 0.25, 0.4, 0.8 * 0.3 - 0.1);
    close(applied, reference(image, 8, 8, product, 8));
  }

  @Test
  void oneProductIsOneAfterTheOther() {
    float[] image = GraphRun.numbers(7, 8 * 8 * 2);
    // Whole pixels, so that nothing is interpolated: a mirror, and a move by one of eight pixels.
    float[] move = scaleAndShift(1, 0.25, 1, 0);
    float[] mirror = scaleAndShift(-1, 0, 1, 0);
    float[] moved = toFloats(sample(image, 8, 8, move, 8));
    double[] oneAfterTheOther = sample(moved, 8, 8, mirror, 8);
    double[] inOne = apply(image, 1, 8, List.of(new Fixed(move), new Fixed(mirror)));
    assertThat(inOne).isEqualTo(oneAfterTheOther);
    assertThat(apply(image, 1, 8, List.of(new Fixed(mirror), new Fixed(move))))
        .isNotEqualTo(oneAfterTheOther);
  }

  @Test
  void imagesOfABatchAreDrawnApart() {
    float[] image = GraphRun.numbers(8, 8 * 8 * 2);
    float[] batch = new float[16 * image.length];
    for (int i = 0; i < 16; i++) {
      System.arraycopy(image, 0, batch, i * image.length, image.length);
    }
    double[] views = apply(batch, 16, 8, List.of(new Flip(), RandomResizedCrop.presized()));
    long different = IntStream.range(0, 16).mapToDouble(i -> views[i * 128]).distinct().count();
    assertThat(different).isEqualTo(16);
  }

  private static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
