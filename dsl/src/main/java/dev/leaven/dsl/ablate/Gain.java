package dev.leaven.dsl.ablate;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How much better one variant is than another, by the differences at equal seeds.
 *
 * <p>Two runs of one seed have the same images in the same order, so their difference varies less
 * than either. The interval is Student's: {@code mean ± t(0.975, n - 1) · standard error}.
 *
 * @param seeds the number of differences, at least 1
 * @param mean of the differences; above 0 is better, whether a higher or a lower metric is better
 * @param standardError of the mean; empty for one seed
 * @param margin half of the width of the interval that holds the gain of all seeds in 95 of 100
 *     cases; empty for one seed
 * @param largerThanNoise whether that interval excludes 0
 */
public record Gain(
    int seeds,
    double mean,
    OptionalDouble standardError,
    OptionalDouble margin,
    Verdict largerThanNoise) {

  /** Whether a gain can be distinguished from the variation between seeds. */
  public enum Verdict {
    /** The interval excludes 0: above or below it, since a technique may do harm. */
    YES("yes"),
    /** The interval holds 0. */
    NO("no"),
    /** Fewer than three seeds: the interval would be too wide to conclude anything. */
    TOO_FEW_SEEDS("too few seeds");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /**
     * In words.
     *
     * @return for instance {@code "too few seeds"}
     */
    public String words() {
      return words;
    }
  }

  private static final int ENOUGH_SEEDS = 3;
  private static final double UPPER = 0.975;

  /**
   * Estimates a gain.
   *
   * @param differences the gain at each seed, at least one
   * @return the gain
   * @throws IllegalArgumentException when there is none
   */
  public static Gain of(List<Double> differences) {
    Estimate estimate = Estimate.of(differences);
    int n = estimate.values();
    OptionalDouble margin =
        estimate.standardError().isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                StudentT.quantile(UPPER, n - 1) * estimate.standardError().getAsDouble());
    return new Gain(
        n, estimate.mean(), estimate.standardError(), margin, verdict(estimate, margin));
  }

  private static Verdict verdict(Estimate estimate, OptionalDouble margin) {
    if (estimate.values() < ENOUGH_SEEDS || margin.isEmpty()) {
      return Verdict.TOO_FEW_SEEDS;
    }
    return Math.abs(estimate.mean()) > margin.getAsDouble() ? Verdict.YES : Verdict.NO;
  }

  /**
   * The interval's lower end.
   *
   * @return {@code mean - margin}; empty for one seed
   */
  public OptionalDouble low() {
    return margin.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(mean - margin.getAsDouble());
  }

  /**
   * The interval's upper end.
   *
   * @return {@code mean + margin}; empty for one seed
   */
  public OptionalDouble high() {
    return margin.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(mean + margin.getAsDouble());
  }
}
