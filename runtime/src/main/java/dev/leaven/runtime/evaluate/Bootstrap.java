package dev.leaven.runtime.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Intervals of values without a simple formula: the values of 1,000 samples of as many images,
 * drawn with replacement from those evaluated, and their middle 95 %.
 *
 * <p>The draws are seeded, so the same predictions have the same intervals. {@link Random} is used
 * because its numbers are specified and therefore the same on every Java. Paper: Efron, Bootstrap
 * Methods, 1979.
 */
final class Bootstrap {

  /** Values of the images when each is counted a given number of times. */
  interface Statistics {
    double[] of(int[] counts);
  }

  static final int RESAMPLES = 1000;

  /** Some seconds; intervals that take longer are not worth the time. */
  private static final long MOST_WORK = 4_000_000_000L;

  private static final long SEED = 1979;

  private Bootstrap() {}

  /** Whether values that visit this many numbers can be computed for every resample. */
  static boolean affords(long work) {
    return work <= MOST_WORK / RESAMPLES;
  }

  /** The values with their intervals, for a family that costs too much without them. */
  static List<Estimate> estimates(int images, Family family) {
    if (affords(family.work())) {
      return estimates(images, family::values);
    }
    return Arrays.stream(family.values(once(images)))
        .mapToObj(value -> new Estimate(value, Optional.empty()))
        .toList();
  }

  /** The values of the images as they are, with the intervals from the resamples. */
  static List<Estimate> estimates(int images, Statistics statistics) {
    double[] values = statistics.of(once(images));
    double[][] drawn = new double[values.length][RESAMPLES];
    Random random = new Random(SEED);
    int[] counts = new int[images];
    for (int r = 0; r < RESAMPLES; r++) {
      Arrays.fill(counts, 0);
      for (int i = 0; i < images; i++) {
        counts[random.nextInt(images)]++;
      }
      double[] resampled = statistics.of(counts);
      for (int v = 0; v < values.length; v++) {
        drawn[v][r] = resampled[v];
      }
    }
    return IntStream.range(0, values.length)
        .mapToObj(v -> new Estimate(values[v], interval(drawn[v])))
        .toList();
  }

  // A resample may lack what a metric needs, for instance all images of a class.
  private static Optional<Interval> interval(double[] drawn) {
    double[] defined = Arrays.stream(drawn).filter(Double::isFinite).toArray();
    return defined.length < RESAMPLES / 2
        ? Optional.empty()
        : Optional.of(Interval.middle(defined));
  }

  /** Every image counted once. */
  static int[] once(int images) {
    int[] counts = new int[images];
    Arrays.fill(counts, 1);
    return counts;
  }
}
