package dev.leaven.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;

class RandomnessTest {

  private static final int MANY = 100_000;

  private static double[] uniform(long seed, String purpose, long counter, int count) {
    return draw(seed, purpose, counter, r -> tf -> r.uniform(tf.constant(new int[] {count})));
  }

  private static double[] draw(
      long seed,
      String purpose,
      long counter,
      Function<Randomness, Function<Ops, Operand<?>>> what) {
    return GraphRun.values(
        tf -> what.apply(Randomness.of(tf, seed, tf.constant(counter)).purpose(purpose)).apply(tf));
  }

  @Test
  void theSameSeedPurposeAndCounterGiveTheSameNumbers() {
    assertThat(uniform(3, "crop", 9, 100)).isEqualTo(uniform(3, "crop", 9, 100));
  }

  @Test
  void anyOtherSeedPurposeOrCounterGivesOtherNumbers() {
    double[] numbers = uniform(3, "crop", 9, 100);
    assertThat(uniform(4, "crop", 9, 100)).isNotEqualTo(numbers);
    assertThat(uniform(3, "flip", 9, 100)).isNotEqualTo(numbers);
    assertThat(uniform(3, "crop", 10, 100)).isNotEqualTo(numbers);
    assertThat(uniform(3, "crop", -9, 100)).isNotEqualTo(numbers);
  }

  @Test
  void theOrderOfAskingDoesNotMatter() {
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Randomness randomness = Randomness.of(tf, 3, tf.constant(9L));
      Operand<?> shape = randomness.purpose("flip").gamma(tf.constant(new int[] {7}), 0.4);
      Operand<?> crop = randomness.purpose("crop").uniform(tf.constant(new int[] {100}));
      run.fetch(shape);
      assertThat(run.fetch(crop)).isEqualTo(uniform(3, "crop", 9, 100));
    }
  }

  @Test
  void drawsOfManyThreadsBeginAsTheDrawOfOne() {
    // TensorFlow splits a draw among threads only when it is long.
    assertThat(Arrays.copyOf(uniform(3, "crop", 9, MANY), 50)).isEqualTo(uniform(3, "crop", 9, 50));
    assertThat(
            Arrays.copyOf(
                draw(3, "a", 9, r -> tf -> r.gamma(tf.constant(new int[] {MANY}), 0.4)), 50))
        .isEqualTo(draw(3, "a", 9, r -> tf -> r.gamma(tf.constant(new int[] {50}), 0.4)));
  }

  @Test
  void uniformNumbersFillTheUnitInterval() {
    double[] numbers = uniform(1, "test", 0, MANY);
    assertThat(Arrays.stream(numbers)).allMatch(u -> u >= 0 && u < 1);
    // Four standard errors: the deviation of a uniform number is √(1/12), that of its squared
    // distance from the mean √(1/180).
    assertThat(mean(numbers)).isCloseTo(0.5, within(4 * Math.sqrt(1.0 / 12 / MANY)));
    assertThat(variance(numbers)).isCloseTo(1.0 / 12, within(4 * Math.sqrt(1.0 / 180 / MANY)));
  }

  @Test
  void normalNumbersHaveMeanZeroAndVarianceOne() {
    double[] numbers = draw(1, "test", 0, r -> tf -> r.normal(tf.constant(new int[] {MANY})));
    // Four standard errors: the deviation is 1, that of the square √2.
    assertThat(mean(numbers)).isCloseTo(0, within(4 / Math.sqrt(MANY)));
    assertThat(variance(numbers)).isCloseTo(1, within(4 * Math.sqrt(2.0 / MANY)));
  }

  @Test
  void gammaNumbersHaveTheirAlphaAsMean() {
    for (double alpha : new double[] {0.4, 1, 5}) {
      double[] numbers =
          draw(1, "test", 0, r -> tf -> r.gamma(tf.constant(new int[] {MANY}), alpha));
      // Four standard errors: the variance of Gamma(α, 1) is α.
      assertThat(mean(numbers)).isCloseTo(alpha, within(4 * Math.sqrt(alpha / MANY)));
    }
  }

  @Test
  void gammaNumbersOfASmallAlphaAreNotRoundedToZero() {
    // P(G < 1e-45) is about 1e-45^0.05 = 0.6 %, which float32 would round to zero; P(G < 5e-324),
    // below which float64 does, is 1e-16.
    double[] numbers = draw(1, "test", 0, r -> tf -> r.gamma(tf.constant(new int[] {MANY}), 0.05));
    assertThat(Arrays.stream(numbers)).allMatch(g -> g > 0);
    assertThat(Arrays.stream(numbers)).anyMatch(g -> g.floatValue() == 0);
  }

  private static double mean(double[] numbers) {
    return Arrays.stream(numbers).average().orElseThrow();
  }

  private static double variance(double[] numbers) {
    double mean = mean(numbers);
    return Arrays.stream(numbers).map(u -> (u - mean) * (u - mean)).average().orElseThrow();
  }
}
