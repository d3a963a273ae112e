package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomErasingTest {

  private static final int DRAWS = 23;

  private static float[] draws(long seed, int images) {
    float[] draws = GraphRun.numbers(seed, images * DRAWS);
    for (int i = 0; i < draws.length; i++) {
      draws[i] = Math.min((draws[i] + 1) / 2, Math.nextDown(1f));
    }
    return draws;
  }

  private static double[] erase(
      RandomErasing erasing, float[] images, int batch, int side, float[] draws, float[] cover) {
    return GraphRun.values(
        tf ->
            erasing.apply(
                tf,
                array(tf, images, batch, side, side, 2),
                array(tf, draws, batch, DRAWS),
                array(tf, cover, batch, side, side, 2)));
  }

  /** A rectangle in pixels. */
  private record Box(int top, int left, int height, int width) {

    boolean holds(int y, int x) {
      return y >= top && y < top + height && x >= left && x < left + width;
    }
  }

  // The reference: timm's RandomErasing with one rectangle, its random numbers given.
  private static Box reference(RandomErasing erasing, int side, float[] draws, int image) {
    int at = image * DRAWS;
    if (draws[at] >= (float) erasing.probability()) {
      return new Box(0, 0, 0, 0);
    }
    for (int attempt = 0; attempt < 10; attempt++) {
      double area =
          (erasing.minArea() + draws[at + 1 + attempt] * (erasing.maxArea() - erasing.minArea()))
              * side
              * side;
      double log = Math.log(erasing.minRatio());
      double ratio = Math.exp(log + draws[at + 11 + attempt] * -2 * log);
      int height = (int) Math.rint(Math.sqrt(area * ratio));
      int width = (int) Math.rint(Math.sqrt(area / ratio));
      if (height < side && width < side) {
        return new Box(
            (int) (draws[at + 21] * (side - height + 1)),
            (int) (draws[at + 22] * (side - width + 1)),
            height,
            width);
      }
    }
    return new Box(0, 0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"1, 16", "3, 16", "8, 16", "1, 33", "3, 33", "8, 33", "500, 16"})
  void erasesTheRectanglesOfTheReference(int batch, int side) {
    // Areas of up to the whole image, so that some attempts do not fit.
    RandomErasing erasing = new RandomErasing(0.7, 0.1, 1, 0.3, RandomErasing.Fill.NOISE);
    float[] draws = draws(batch, batch);
    float[] images = GraphRun.numbers(1, batch * side * side * 2);
    float[] cover = GraphRun.numbers(2, batch * side * side * 2);
    double[] erased = erase(erasing, images, batch, side, draws, cover);
    for (int image = 0; image < batch; image++) {
      Box box = reference(erasing, side, draws, image);
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          for (int c = 0; c < 2; c++) {
            int at = ((image * side + y) * side + x) * 2 + c;
            assertThat(erased[at]).isEqualTo(box.holds(y, x) ? cover[at] : images[at]);
          }
        }
      }
    }
  }

  @Test
  void whereNoAttemptFitsNothingIsErased() {
    RandomErasing whole = new RandomErasing(1, 1, 1, 1, RandomErasing.Fill.MEAN);
    float[] images = GraphRun.numbers(3, 3 * 8 * 8 * 2);
    double[] erased = erase(whole, images, 3, 8, draws(4, 3), new float[images.length]);
    for (int i = 0; i < images.length; i++) {
      assertThat(erased[i]).isEqualTo(images[i]);
    }
  }

  @Test
  void probabilityAreaAndNoiseAreAsTheySay() {
    int batch = 2000;
    int side = 24;
    RandomErasing erasing = new RandomErasing(0.4, 0.1, 0.3, 0.5, RandomErasing.Fill.NOISE);
    double[] erased =
        GraphRun.values(
            tf ->
                erasing.apply(
                    tf,
                    tf.fill(tf.constant(new int[] {batch, side, side, 1}), tf.constant(100f)),
                    new Normalize(List.of(0.5), List.of(0.25)),
                    Randomness.of(tf, 5, tf.constant(6L))));
    int touched = 0;
    double shares = 0;
    double sum = 0;
    double squares = 0;
    long covered = 0;
    for (int i = 0; i < batch; i++) {
      double[] image = Arrays.copyOfRange(erased, i * side * side, (i + 1) * side * side);
      double[] noise = Arrays.stream(image).filter(v -> v != 100).toArray();
      touched += noise.length > 0 ? 1 : 0;
      shares += (double) noise.length / (side * side);
      covered += noise.length;
      sum += Arrays.stream(noise).sum();
      squares += Arrays.stream(noise).map(v -> v * v).sum();
    }
    // Four standard errors; sides are rounded to whole pixels, which moves a mean area by 0.002.
    assertThat((double) touched / batch).isCloseTo(0.4, within(4 * Math.sqrt(0.4 * 0.6 / batch)));
    assertThat(shares / touched)
        .isCloseTo(0.2, within(4 * 0.2 / Math.sqrt(12.0 * touched) + 0.002));
    assertThat(sum / covered).isCloseTo(0, within(4 / Math.sqrt(covered)));
    assertThat(squares / covered).isCloseTo(1, within(4 * Math.sqrt(2.0 / covered)));
  }

  @Test
  void ratiosAreEvenOnALogarithmicScaleAndPlacesOverTheirRoom() {
    int batch = 3000;
    int side = 40;
    RandomErasing erasing = new RandomErasing(1, 0.1, 0.2, 0.4, RandomErasing.Fill.MEAN);
    double[] erased =
        GraphRun.values(
            tf ->
                erasing.apply(
                    tf,
                    tf.fill(tf.constant(new int[] {batch, side, side, 1}), tf.constant(1f)),
                    new Normalize(List.of(0.5), List.of(0.25)),
                    Randomness.of(tf, 8, tf.constant(6L))));
    double[] ratios = new double[batch];
    double[] tops = new double[batch];
    double[] lefts = new double[batch];
    for (int image = 0; image < batch; image++) {
      int first = -1;
      int last = -1;
      for (int i = 0; i < side * side; i++) {
        if (erased[image * side * side + i] == 0) {
          first = first < 0 ? i : first;
          last = i;
        }
      }
      int height = last / side - first / side + 1;
      int width = last % side - first % side + 1;
      ratios[image] = Math.log((double) height / width) / Math.log(2.5);
      tops[image] = (first / side + 0.5) / (side - height + 1);
      lefts[image] = (first % side + 0.5) / (side - width + 1);
    }
    for (double q : new double[] {0.25, 0.5, 0.75}) {
      // Four standard errors; sides are whole pixels, of which there are 8 to 28, so that a few
      // ratios and places lie on the other side of a bound.
      double error = 4 * Math.sqrt(q * (1 - q) / batch);
      assertThat(below(ratios, 2 * q - 1)).isCloseTo(q, within(error + 0.02));
      assertThat(below(tops, q)).isCloseTo(q, within(error + 0.01));
      assertThat(below(lefts, q)).isCloseTo(q, within(error + 0.01));
    }
  }

  // Half of what is exactly at a bound counts.
  private static double below(double[] values, double bound) {
    return Arrays.stream(values)
        .map(v -> Math.abs(v - bound) < 1e-9 ? 0.5 : v < bound ? 1 : 0)
        .average()
        .orElseThrow();
  }

  @Test
  void theMeanIsZero() {
    RandomErasing erasing = new RandomErasing(1, 0.2, 0.3, 0.5, RandomErasing.Fill.MEAN);
    double[] erased =
        GraphRun.values(
            tf ->
                erasing.apply(
                    tf,
                    tf.fill(tf.constant(new int[] {3, 16, 16, 1}), tf.constant(1f)),
                    new Normalize(List.of(0.5), List.of(0.25)),
                    Randomness.of(tf, 5, tf.constant(6L))));
    assertThat(Arrays.stream(erased).distinct().sorted().toArray()).containsExactly(0, 1);
  }

  @Test
  void zerosAreBlackInNormalisedImages() {
    RandomErasing erasing = new RandomErasing(1, 0.2, 0.3, 0.5, RandomErasing.Fill.ZEROS);
    Normalize normalize = new Normalize(List.of(0.25, 0.5), List.of(0.5, 0.25));
    double[] erased =
        GraphRun.values(
            tf ->
                erasing.apply(
                    tf,
                    tf.fill(tf.constant(new int[] {3, 16, 16, 2}), tf.constant(9f)),
                    normalize,
                    Randomness.of(tf, 5, tf.constant(6L))));
    for (int channel = 0; channel < 2; channel++) {
      int c = channel;
      double[] values =
          IntStream.range(0, 3 * 16 * 16)
              .mapToDouble(i -> erased[2 * i + c])
              .distinct()
              .sorted()
              .toArray();
      assertThat(values).containsExactly(c == 0 ? -0.5 : -2, 9);
    }
  }

  @Test
  void parametersOutOfTheirRangesAreRefused() {
    refuses(2, 0.1, 0.2, 0.3, "probability must be between 0 and 1, but is 2");
    refuses(0.5, 0.3, 0.2, 0.3, "minArea must be between 0 and 0.2, but is 0.3");
    refuses(0.5, 0.3, 1.2, 0.3, "maxArea must be between 0 and 1, but is 1.2");
    refuses(0.5, 0.1, 0.2, 0, "minRatio must be above 0, but is 0");
    refuses(0.5, 0.1, 0.2, 3, "minRatio must be between 0 and 1, but is 3");
  }

  private static void refuses(
      double probability, double minArea, double maxArea, double minRatio, String message) {
    assertThatThrownBy(
            () ->
                new RandomErasing(probability, minArea, maxArea, minRatio, RandomErasing.Fill.MEAN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("erase: " + message);
  }
}
