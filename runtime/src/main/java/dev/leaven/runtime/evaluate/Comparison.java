package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether one way of evaluating the same images is better than another, or only luckier.
 *
 * <p>The gain is of the task's first metric, {@link Metric#of}. Its interval at 95 % is that of a
 * seeded bootstrap over the images, in which both sides have the same images each time: an image
 * that both get right carries no information about their difference. With one class for each image,
 * the probability of a change at least this uneven if neither were better is McNemar's exact one:
 * each image that only one side got right is a fair coin. Paper: McNemar, Note on the sampling
 * error of the difference between correlated proportions, 1947.
 *
 * @param metric the compared metric
 * @param first the first side's value
 * @param second the second side's value
 * @param gain by how much the second is better, above 0, or worse, below; fractions from -1 to 1,
 *     errors in the targets' unit
 * @param interval where the true gain lies
 * @param onlyFirst images that only the first side got right; 0 if right and wrong are not known
 * @param onlySecond images that only the second side got right; 0 if right and wrong are not known
 * @param chance McNemar's probability of a change at least this uneven if neither were better, 0 to
 *     1; only with one class for each image
 */
public record Comparison(
    Metric metric,
    double first,
    double second,
    double gain,
    Interval interval,
    int onlyFirst,
    int onlySecond,
    Optional<Double> chance) {

  /** Below this probability a change is not considered noise. */
  private static final double LEVEL = 0.05;

  /**
   * Compares two sets of predictions for the same images.
   *
   * @param first the baseline
   * @param second the predictions that may be better
   * @return by how much the second are better
   * @throws IllegalArgumentException when they are not for the same images, or there are none
   */
  public static Comparison of(Predictions first, Predictions second) {
    if (first.task() != second.task() || !Arrays.equals(first.images(), second.images())) {
      throw new IllegalArgumentException(
          "comparison: both sides must have evaluated the same images, but they have %d and %d"
              .formatted(first.size(), second.size()));
    }
    if (first.size() == 0) {
      throw new IllegalArgumentException("comparison: there are no images to evaluate");
    }
    Metric metric = Metric.of(first.task()).get(0);
    Family one = family(first);
    Family other = family(second);
    int sign = metric.better(1, 0) ? 1 : -1;
    Estimate gain =
        Bootstrap.estimates(
                first.size(),
                counts -> new double[] {sign * (other.values(counts)[0] - one.values(counts)[0])})
            .get(0);
    int[] once = Bootstrap.once(first.size());
    int onlyFirst = 0;
    int onlySecond = 0;
    if (first.task() == Task.CLASSIFICATION) {
      for (int i = 0; i < first.size(); i++) {
        boolean was = first.predicted(i) == first.label(i);
        boolean is = second.predicted(i) == second.label(i);
        onlyFirst += was && !is ? 1 : 0;
        onlySecond += is && !was ? 1 : 0;
      }
    }
    return new Comparison(
        metric,
        one.values(once)[0],
        other.values(once)[0],
        gain.value(),
        gain.interval().orElseThrow(),
        onlyFirst,
        onlySecond,
        first.task() == Task.CLASSIFICATION
            ? Optional.of(mcNemar(onlyFirst, onlySecond))
            : Optional.empty());
  }

  private static Family family(Predictions predictions) {
    return switch (predictions.task()) {
      case CLASSIFICATION -> new Hits(predictions);
      case MULTI_LABEL -> new LabelSets(predictions.answers(), predictions.targets());
      case REGRESSION -> new NumberErrors(predictions.answers(), predictions.targets());
    };
  }

  /**
   * The exact two-sided probability that a fair coin falls at least this unevenly.
   *
   * @param onlyFirst how often on one side
   * @param onlySecond how often on the other
   * @return 0 to 1
   */
  static double mcNemar(int onlyFirst, int onlySecond) {
    int n = onlyFirst + onlySecond;
    double chance = 0;
    double logBinomial = 0;
    for (int k = 0; k <= Math.min(onlyFirst, onlySecond); k++) {
      chance += Math.exp(logBinomial - n * Math.log(2));
      logBinomial += Math.log(n - k) - Math.log(k + 1);
    }
    return Math.min(1, 2 * chance);
  }

  /**
   * Whether the difference is larger than noise, for better or worse: McNemar's chance is below 5
   * %, or without it the interval does not contain 0.
   *
   * @return false when another sample of images could easily show the opposite
   */
  public boolean beyondNoise() {
    return chance.map(value -> value < LEVEL).orElse(!interval.contains(0));
  }

  /**
   * Describes the gain in words.
   *
   * @return for instance {@code "+0.71 points of top-1 (95 %: +0.20 to +1.22; beyond noise, McNemar
   *     p 0.008)"}
   */
  public String describe() {
    String verdict = beyondNoise() ? "beyond noise" : "within noise";
    return "%s%s (95 %%: %s to %s; %s%s)"
        .formatted(
            signed(gain),
            metric.isShare() ? " points of " + metric.label() : " of " + metric.label(),
            signed(interval.low()),
            signed(interval.high()),
            verdict,
            chance.map(p -> ", McNemar p " + probability(p)).orElse(""));
  }

  private String signed(double value) {
    return metric.isShare()
        ? String.format(Locale.ROOT, "%+.2f", 100 * value)
        : String.format(Locale.ROOT, "%+.4g", value);
  }

  private static String probability(double p) {
    return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
  }

  /** Top-1 of images that may count several times. */
  private record Hits(boolean[] right) implements Family {

    Hits(Predictions predictions) {
      this(new boolean[predictions.size()]);
      for (int i = 0; i < right.length; i++) {
        right[i] = predictions.predicted(i) == predictions.label(i);
      }
    }

    @Override
    public List<Metric> metrics() {
      return List.of(Metric.TOP1);
    }

    @Override
    public double[] values(int[] counts) {
      long hits = 0;
      long images = 0;
      for (int i = 0; i < right.length; i++) {
        hits += right[i] ? counts[i] : 0;
        images += counts[i];
      }
      return new double[] {(double) hits / images};
    }

    @Override
    public long work() {
      return right.length;
    }
  }
}
