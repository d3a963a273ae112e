package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomPerspectiveTest {

  private static final double[][] CORNERS = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};

  /** Scaled so that the last element is 1; one row for each image. */
  private static double[][] matrices(RandomPerspective technique, float... draws) {
    int images = draws.length / 9;
    double[] flat = GraphRun.values(tf -> technique.matrices(tf, array(tf, draws, images, 9)));
    double[][] matrices = new double[images][];
    for (int i = 0; i < images; i++) {
      double last = flat[9 * i + 8];
      matrices[i] = Arrays.stream(flat, 9 * i, 9 * i + 9).map(v -> v / last).toArray();
    }
    return matrices;
  }

  private static float[] draws(int images) {
    float[] draws = GraphRun.numbers(4, 9 * images);
    for (int i = 0; i < draws.length; i++) {
      draws[i] = i % 9 == 0 ? 0 : Math.min((draws[i] + 1) / 2, Math.nextDown(1f));
    }
    return draws;
  }

  private static void close(double[] actual, double... expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      // Differences of products of values of about 1 in float32, divided by 0.27 or more.
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(1e-5));
    }
  }

  /**
   * numpy, float64: the coefficients of torchvision's {@code _get_perspective_coeffs(startpoints,
   * endpoints)}, by its least squares, for corners at ±1.
   */
  @Test
  void givesTorchvisionsCoefficients() {
    close(
        matrices(
            new RandomPerspective(),
            new float[] {0.4f, 0.25f, 0.5f, 0.75f, 0.125f, 0.5f, 0.875f, 0, 0.625f})[0],
        1.210397641281,
        0.006107978005,
        0.181271033402,
        0.13422389963,
        1.338513562906,
        0.238923198133,
        0.045983111008,
        0.103142522194,
        1);
  }

  @Test
  void solvesTheEightEquationsOfTheCorners() {
    int images = 300;
    float[] draws = draws(images);
    double[][] matrices = matrices(new RandomPerspective(0.4, 1), draws);
    for (int i = 0; i < images; i++) {
      double[][] equations = new double[8][];
      for (int corner = 0; corner < 4; corner++) {
        double u = CORNERS[corner][0];
        double v = CORNERS[corner][1];
        double x = u * (1 - 0.4 * draws[9 * i + 1 + 2 * corner]);
        double y = v * (1 - 0.4 * draws[9 * i + 2 + 2 * corner]);
        equations[2 * corner] = new double[] {x, y, 1, 0, 0, 0, -u * x, -u * y, u};
        equations[2 * corner + 1] = new double[] {0, 0, 0, x, y, 1, -v * x, -v * y, v};
      }
      close(matrices[i], GeometryDrawsTest.solved(equations));
    }
  }

  @Test
  void movesOneCornerAndNoOther() {
    for (int corner = 0; corner < 4; corner++) {
      float[] draws = new float[9];
      draws[1 + 2 * corner] = 0.8f;
      draws[2 + 2 * corner] = 0.4f;
      double[] m = matrices(new RandomPerspective(0.5, 1), draws)[0];
      for (int other = 0; other < 4; other++) {
        double x = CORNERS[other][0] * (other == corner ? 0.6 : 1);
        double y = CORNERS[other][1] * (other == corner ? 0.8 : 1);
        double w = m[6] * x + m[7] * y + 1;
        assertThat((m[0] * x + m[1] * y + m[2]) / w).isCloseTo(CORNERS[other][0], within(1e-5));
        assertThat((m[3] * x + m[4] * y + m[5]) / w).isCloseTo(CORNERS[other][1], within(1e-5));
      }
    }
  }

  @Test
  void theHorizonStaysOutOfView() {
    for (double[] m : matrices(new RandomPerspective(0.5, 1), draws(20_000))) {
      // The farthest places of a turned square are √2 from its centre.
      assertThat(1 - Math.hypot(m[6], m[7]) * Math.sqrt(2)).isPositive();
    }
  }

  @Test
  void anEqualMoveOfAllCornersMakesTheImageSmaller() {
    float[] draws = new float[9];
    Arrays.fill(draws, 0.5f);
    double larger = 1 / 0.75;
    close(matrices(new RandomPerspective(0.5, 1), draws)[0], larger, 0, 0, 0, larger, 0, 0, 0, 1);
  }

  @Test
  void parametersOutOfTheirRangesAreRefused() {
    assertThat(new RandomPerspective(0).isNeutral()).isTrue();
    assertThat(new RandomPerspective(0.5, 0).isNeutral()).isTrue();
    assertThat(new RandomPerspective().isNeutral()).isFalse();
    assertThatThrownBy(() -> new RandomPerspective(0.6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("perspective: distortion must be between 0 and 0.5, but is 0.6");
    assertThatThrownBy(() -> new RandomPerspective(0.5, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("perspective: probability must be between 0 and 1, but is -1");
  }
}
