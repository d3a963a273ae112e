package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutOutTest {

  @ParameterizedTest
  @CsvSource({
    // The authors' code: rows cy - n/2 to cy + n/2 of n pixels, clipped. Side of the image, share,
    // draws of column and row; first and last (exclusive) column, first and last row.
    "32, 0.5,  0.5,    0.5,    8,  24, 8,  24",
    "32, 0.5,  0,      0.999,  0,  8,  23, 32",
    "32, 0.25, 0.2,    0.7,    2,  10, 18, 26",
    "15, 0.5,  0.5,    0.5,    3,  11, 3,  11",
    "18, 0.5,  0.5,    0.5,    5,  13, 5,  13",
    "16, 1,    0.9999, 0,      7,  16, 0,  8",
    "16, 0,    0.5,    0.5,    8,  8,  8,  8"
  })
  void coversTheSquareOfTheAuthors(
      int side, double share, float column, float row, int left, int right, int top, int bottom) {
    float[] image = GraphRun.numbers(1, side * side * 2);
    double[] seen =
        GraphRun.values(
            tf ->
                new CutOut(share)
                    .apply(
                        tf,
                        array(tf, image, 1, side, side, 2),
                        array(tf, new float[] {0.99f, column, row}, 1, 3)));
    for (int i = 0; i < image.length; i++) {
      int y = i / 2 / side;
      int x = i / 2 % side;
      boolean covered = x >= left && x < right && y >= top && y < bottom;
      assertThat(seen[i]).as("row %d, column %d", y, x).isEqualTo(covered ? 0 : image[i]);
    }
  }

  @Test
  void everyCentreIsEquallyLikelyInAsManyImagesAsTheProbabilitySays() {
    int many = 4000;
    int side = 16;
    double[] seen =
        GraphRun.values(
            tf ->
                new CutOut(0.25, 0.7)
                    .apply(
                        tf,
                        tf.fill(tf.constant(new int[] {many, side, side, 1}), tf.constant(1f)),
                        Normalize.imagenet(),
                        Randomness.of(tf, 5, tf.constant(6L))));
    int touched = 0;
    int[] perPixel = new int[side * side];
    for (int i = 0; i < many; i++) {
      boolean any = false;
      for (int p = 0; p < side * side; p++) {
        boolean covered = seen[i * side * side + p] == 0;
        perPixel[p] += covered ? 1 : 0;
        any |= covered;
      }
      touched += any ? 1 : 0;
    }
    // Four standard errors, and five for the worst of many pixels.
    assertThat((double) touched / many).isCloseTo(0.7, within(4 * Math.sqrt(0.21 / many)));
    for (int p = 0; p < side * side; p++) {
      // A pixel is covered by the centres of a square of 4 around it, as far as there are any.
      int rows = Math.min(p / side + 2, side - 1) - Math.max(p / side - 1, 0) + 1;
      int columns = Math.min(p % side + 2, side - 1) - Math.max(p % side - 1, 0) + 1;
      double expected = 0.7 * rows * columns / (side * side);
      assertThat((double) perPixel[p] / many)
          .as("pixel %d", p)
          .isCloseTo(expected, within(5 * Math.sqrt(expected * (1 - expected) / many)));
    }
  }

  @Test
  void parametersOutOfTheirRangesAreRefused() {
    assertThat(new CutOut(0).isNeutral()).isTrue();
    assertThat(new CutOut(0.5, 0).isNeutral()).isTrue();
    assertThat(new CutOut().isNeutral()).isFalse();
    assertThatThrownBy(() -> new CutOut(16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cutout: share must be between 0 and 1, but is 16");
    assertThatThrownBy(() -> new CutOut(0.5, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cutout: probability must be between 0 and 1, but is -1");
  }
}
