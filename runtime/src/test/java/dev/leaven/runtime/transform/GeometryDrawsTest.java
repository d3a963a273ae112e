package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.TechniqueSuiteTest;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Rotate, Zoom, Warp, RandomPerspective, Shear, Translate and Dihedral: their matrices for draws,
 * and their draws.
 */
class GeometryDrawsTest {

  private static final int MANY = 20_000;
  private static final float[] IDENTITY = {1, 0, 0, 0, 1, 0, 0, 0, 1};

  static Stream<Geometry> techniques() {
    return Stream.of(
        new Dihedral(0.6),
        new Rotate(25, 0.6),
        new Zoom(0.8, 1.4, 0.6),
        new Warp(0.4, 0.6),
        new RandomPerspective(0.5, 0.6),
        new Shear(20, 0.6),
        new Translate(0.3, 0.6));
  }

  private static double[][] matrices(Geometry geometry, float... draws) {
    int images = draws.length / geometry.draws();
    return split(
        GraphRun.values(tf -> geometry.matrices(tf, array(tf, draws, images, geometry.draws()))));
  }

  private static double[][] many(Geometry geometry) {
    float[] draws = draws(21, MANY * geometry.draws());
    return matrices(geometry, draws);
  }

  private static float[] draws(long seed, int count) {
    float[] draws = GraphRun.numbers(seed, count);
    for (int i = 0; i < count; i++) {
      draws[i] = Math.min((draws[i] + 1) / 2, Math.nextDown(1f));
    }
    return draws;
  }

  private static double[][] split(double[] flat) {
    double[][] matrices = new double[flat.length / 9][];
    for (int i = 0; i < matrices.length; i++) {
      matrices[i] = Arrays.copyOfRange(flat, i * 9, i * 9 + 9);
    }
    return matrices;
  }

  private static void close(double[] actual, double... expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      // Values of at most 3 with a handful of roundings of float32.
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(1e-6));
    }
  }

  private static double signed(float draw) {
    return 2.0 * draw - 1;
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void drawsAtOrAboveTheProbabilityChangeNothing(Geometry geometry) {
    float[] draws = draws(1, 3 * geometry.draws());
    for (int i = 0; i < draws.length; i += geometry.draws()) {
      draws[i] = 0.6f;
      if (geometry instanceof Warp) {
        draws[i + 2] = 0.99f;
      }
    }
    for (double[] matrix : matrices(geometry, draws)) {
      for (int i = 0; i < 9; i++) {
        assertThat(matrix[i] + 0.0).isEqualTo(IDENTITY[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void asManyImagesChangeAsTheProbabilitySays(Geometry geometry) {
    long changed =
        Arrays.stream(many(geometry))
            .filter(
                m ->
                    Math.abs(m[0] - 1)
                            + Math.abs(m[4] - 1)
                            + Math.abs(m[1])
                            + Math.abs(m[2])
                            + Math.abs(m[5])
                        > 0)
            .count();
    double expected =
        switch (geometry.getClass().getSimpleName()) {
          case "Dihedral" -> 0.6 * 7 / 8; // one of the eight ways is that of the image itself
          case "Warp" -> 1 - 0.4 * 0.4; // each axis has its own coin
          default -> 0.6;
        };
    // Four standard errors.
    assertThat((double) changed / MANY)
        .isCloseTo(expected, within(4 * Math.sqrt(expected * (1 - expected) / MANY)));
  }

  @Test
  void rotationsTurnByTheDrawnAngle() {
    float[] draws = {0.1f, 0.25f, 0.59f, 0.9f};
    double[][] matrices = matrices(new Rotate(30, 0.6), draws);
    for (int i = 0; i < 2; i++) {
      double angle = Math.toRadians(30 * signed(draws[2 * i + 1]));
      close(
          matrices[i],
          Math.cos(angle),
          Math.sin(angle),
          0,
          -Math.sin(angle),
          Math.cos(angle),
          0,
          0,
          0,
          1);
    }
  }

  @Test
  void zoomShowsTheDrawnPart() {
    float[] draws = {0.1f, 0.25f, 0.3f, 0.8f};
    double scale = 1 / (0.8 + 0.25 * 0.6);
    close(
        matrices(new Zoom(0.8, 1.4, 0.6), draws)[0],
        scale,
        0,
        (1 - scale) * signed(0.3f),
        0,
        scale,
        (1 - scale) * signed(0.8f),
        0,
        0,
        1);
  }

  @Test
  void shearLeansAndTranslateMoves() {
    double lean = Math.tan(Math.toRadians(20 * signed(0.8f)));
    close(matrices(new Shear(20, 0.6), 0.5f, 0.8f)[0], 1, lean, 0, 0, 1, 0, 0, 0, 1);
    close(
        matrices(new Translate(0.3, 0.6), 0.5f, 0.8f, 0.1f)[0],
        1,
        0,
        0.6 * signed(0.8f),
        0,
        1,
        0.6 * signed(0.1f),
        0,
        0,
        1);
  }

  @Test
  void dihedralHasAllEightWays() {
    float[] draws = new float[16];
    for (int i = 0; i < 8; i++) {
      draws[2 * i + 1] = i / 8f;
    }
    double[][] ways = matrices(new Dihedral(1), draws);
    assertThat(Arrays.stream(ways).map(Arrays::toString).distinct().count()).isEqualTo(8);
    for (double[] way : ways) {
      assertThat(Math.abs(way[0] * way[4] - way[1] * way[3])).isEqualTo(1);
      assertThat(way[0] * way[0] + way[1] * way[1]).isEqualTo(1);
    }
    assertThat(matrices(new Dihedral(1), 0, Math.nextDown(1f))[0]).isEqualTo(ways[7]);
  }

  // The reference: fastai's eight equations, solved by elimination.
  private static double[] solved(double a, double b) {
    double[][] results = {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
    double[][] sources = {
      {-1 - a, -1 - b}, {-1 + a, 1 + b}, {1 + a, -1 + b}, {1 - a, 1 - b},
    };
    double[][] m = new double[8][];
    for (int i = 0; i < 4; i++) {
      double u = results[i][0];
      double v = results[i][1];
      double x = sources[i][0];
      double y = sources[i][1];
      m[2 * i] = new double[] {u, v, 1, 0, 0, 0, -x * u, -x * v, x};
      m[2 * i + 1] = new double[] {0, 0, 0, u, v, 1, -y * u, -y * v, y};
    }
    return solved(m);
  }

  /** Eight equations of a homography, each with its right side last; changes them. */
  static double[] solved(double[][] m) {
    for (int column = 0; column < 8; column++) {
      int pivot = column;
      for (int row = column; row < 8; row++) {
        if (Math.abs(m[row][column]) > Math.abs(m[pivot][column])) {
          pivot = row;
        }
      }
      double[] swap = m[column];
      m[column] = m[pivot];
      m[pivot] = swap;
      for (int row = 0; row < 8; row++) {
        if (row != column) {
          double factor = m[row][column] / m[column][column];
          for (int k = column; k < 9; k++) {
            m[row][k] -= factor * m[column][k];
          }
        }
      }
    }
    double[] matrix = new double[9];
    for (int i = 0; i < 8; i++) {
      matrix[i] = m[i][8] / m[i][i];
    }
    matrix[8] = 1;
    return matrix;
  }

  @Test
  void warpSolvesTheEightEquationsOfItsCorners() {
    float[] draws = draws(3, 4 * 200);
    double[][] matrices = matrices(new Warp(0.4, 0.6), draws);
    for (int i = 0; i < 200; i++) {
      double a = draws[4 * i] < 0.6f ? 0.4 * signed(draws[4 * i + 1]) : 0;
      double b = draws[4 * i + 2] < 0.6f ? 0.4 * signed(draws[4 * i + 3]) : 0;
      close(matrices[i], solved(a, b));
    }
  }

  @Test
  void theStrongestWarpKeepsTheHorizonOutAtAnyAngle() {
    for (double[] m : many(new Warp(0.4, 1))) {
      // The farthest places of a turned square are √2 from its centre.
      assertThat(m[8] - Math.hypot(m[6], m[7]) * Math.sqrt(2)).isGreaterThan(0.19);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rotate, 25",
    "shear, 20",
    "translate sideways, 0.6",
    "translate, 0.6",
    "warp sideways, 0.4",
    "warp, 0.4",
    "zoom, 0",
    "zoom's column, 1",
    "zoom's row, 1"
  })
  void whatIsDrawnIsEvenlyDistributed(String what, double most) {
    double[] values =
        switch (what) {
          case "rotate" -> each(new Rotate(25, 1), m -> Math.toDegrees(Math.atan2(m[1], m[0])));
          case "shear" -> each(new Shear(20, 1), m -> Math.toDegrees(Math.atan(m[1])));
          case "translate sideways" -> each(new Translate(0.3, 1), m -> m[2]);
          case "translate" -> each(new Translate(0.3, 1), m -> m[5]);
          case "warp sideways" -> each(new Warp(0.4, 1), m -> m[6]);
          case "zoom's column" -> each(new Zoom(1.2, 1.4, 1), m -> m[2] / (1 - m[0]));
          case "zoom's row" -> each(new Zoom(1.2, 1.4, 1), m -> m[5] / (1 - m[4]));
          case "warp" -> each(new Warp(0.4, 1), m -> m[7]);
          default -> each(new Zoom(0.8, 1.4, 1), m -> 1 / m[0]);
        };
    double low = what.equals("zoom") ? 0.8 : -most;
    double high = what.equals("zoom") ? 1.4 : most;
    for (double value : values) {
      assertThat(value).isBetween(low - 1e-5, high + 1e-5);
    }
    for (double q : new double[] {0.1, 0.25, 0.5, 0.75, 0.9}) {
      double bound = low + q * (high - low);
      double below = (double) Arrays.stream(values).filter(v -> v < bound).count() / MANY;
      // Four standard errors of the share below a quantile.
      assertThat(below).isCloseTo(q, within(4 * Math.sqrt(q * (1 - q) / MANY)));
    }
  }

  private static double[] each(
      Geometry geometry, java.util.function.ToDoubleFunction<double[]> what) {
    return Arrays.stream(many(geometry)).mapToDouble(what).toArray();
  }

  /** Gives the matrices that a technique has for given draws, whatever it is asked. */
  private record Given(Geometry technique, float[] given) implements Geometry {

    @Override
    public int draws() {
      return 1;
    }

    @Override
    public Operand<TFloat32> matrices(org.tensorflow.op.Ops tf, Operand<TFloat32> ignored) {
      int n = technique.draws();
      return technique.matrices(tf, array(tf, given, given.length / n, n));
    }

    @Override
    public String describe() {
      return "given";
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 16", "3, 16", "8, 16", "1, 33", "3, 33", "8, 33"})
  void composedGeometryIsTheProductOfItsParts(int batch, int side) {
    List<Geometry> given =
        TechniqueSuiteTest.techniques().stream()
            .filter(Geometry.class::isInstance)
            .map(Geometry.class::cast)
            .<Geometry>map(g -> new Given(g, draws(g.draws(), batch * g.draws())))
            .toList();
    double[][] products = new double[batch][];
    for (Geometry geometry : given) {
      double[][] next =
          split(GraphRun.values(tf -> geometry.matrices(tf, tf.constant(new float[0]))));
      for (int i = 0; i < batch; i++) {
        products[i] = products[i] == null ? next[i] : product(products[i], next[i]);
      }
    }
    float[] images = GraphRun.numbers(9, batch * side * side);
    double[] composed =
        GraphRun.values(
            tf ->
                new Resampler(given)
                    .apply(
                        tf,
                        array(tf, images, batch, side, side, 1),
                        tf.constant(side),
                        Randomness.of(tf, 1, tf.constant(1L))));
    float[] flat = new float[9 * batch];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) products[i / 9][i % 9];
    }
    double[] expected =
        GraphRun.values(
            tf ->
                Resampler.sample(
                    tf,
                    array(tf, images, batch, side, side, 1),
                    array(tf, flat, batch, 3, 3),
                    tf.constant(side)));
    assertThat(composed).hasSize(batch * side * side);
    for (int i = 0; i < composed.length; i++) {
      // Places of up to 33 pixels after the products of all geometry, between values that differ by
      // up to 2.
      assertThat(composed[i]).as("element %d", i).isCloseTo(expected[i], within(3e-4));
    }
  }

  private static double[] product(double[] a, double[] b) {
    double[] c = new double[9];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 3; k++) {
          c[3 * i + j] += a[3 * i + k] * b[3 * k + j];
        }
      }
    }
    return c;
  }

  @Test
  void techniquesWithoutEffectSaySo() {
    assertThat(techniques()).noneMatch(Geometry::isNeutral);
    assertThat(
            List.of(
                new Dihedral(0),
                new Rotate(0),
                new Rotate(10, 0),
                new Zoom(1, 1),
                new Warp(0),
                new Shear(0),
                new Translate(0)))
        .allMatch(Geometry::isNeutral);
  }

  @Test
  void parametersOutOfTheirRangesAreRefused() {
    refuses(() -> new Dihedral(2), "dihedral: probability must be between 0 and 1, but is 2");
    refuses(() -> new Rotate(181), "rotate: maxDegrees must be between 0 and 180, but is 181");
    refuses(() -> new Rotate(1, -1), "rotate: probability must be between 0 and 1, but is -1");
    refuses(() -> new Zoom(1.2, 1.1), "zoom: min must be between 0.1 and 1.1, but is 1.2");
    refuses(() -> new Zoom(1, 11), "zoom: max must be between 0.1 and 10, but is 11");
    refuses(() -> new Warp(0.5), "warp: magnitude must be between 0 and 0.4, but is 0.5");
    refuses(() -> new Shear(90), "shear: maxDegrees must be between 0 and 80, but is 90");
    refuses(() -> new Translate(-1), "translate: maxShare must be between 0 and 1, but is -1");
  }

  private static void refuses(Supplier<Geometry> made, String message) {
    assertThatThrownBy(made::get).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
