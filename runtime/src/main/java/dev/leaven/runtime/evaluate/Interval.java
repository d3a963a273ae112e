package dev.leaven.runtime.evaluate;

import java.util.Arrays;

/**
 * Where a value lies if the images evaluated are a random sample: the interval that covers the true
 * value in 95 of 100 such samples. It does not cover the variation between training seeds.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {

  /** Two-sided 95 % of the normal distribution. */
  private static final double Z = 1.959963984540054;

  /** Rejects ends that are not numbers or are in the wrong order. */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "interval: low must be at most high, but they are %s and %s".formatted(low, high));
    }
  }

  /**
   * Wilson's score interval of a fraction: {@code (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 +
   * z²/n)}. It stays within 0 and 1 and is accurate for fractions near them and for few images.
   *
   * @param hits the number of hits, from 0 to {@code of}
   * @param of the total number, at least 1
   * @return the interval of {@code hits / of}
   * @throws IllegalArgumentException when the numbers are outside their ranges
   */
  public static Interval wilson(long hits, long of) {
    if (of < 1 || hits < 0 || hits > of) {
      throw new IllegalArgumentException(
          "wilson: hits must be between 0 and %d, but is %d".formatted(of, hits));
    }
    double n = of;
    double share = hits / n;
    double middle = share + Z * Z / (2 * n);
    double reach = Z * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
    double scale = 1 + Z * Z / n;
    // Rounding must not leave the fraction itself outside.
    return new Interval(
        hits == 0 ? 0 : Math.max(0, (middle - reach) / scale),
        hits == of ? 1 : Math.min(1, (middle + reach) / scale));
  }

  /**
   * The middle 95 % of values, their ends interpolated linearly as numpy's {@code percentile} does.
   *
   * @param values in any order, at least one
   * @return from the 2.5th to the 97.5th percentile
   */
  static Interval middle(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Interval(quantile(sorted, 0.025), quantile(sorted, 0.975));
  }

  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /**
   * Whether a value is inside.
   *
   * @param value in the interval's unit
   * @return true at the ends too
   */
  public boolean contains(double value) {
    return value >= low && value <= high;
  }
}
