package dev.leaven.dsl.ablate;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A mean over some seeds, and how far it may be from that of all seeds.
 *
 * <p>The standard error is {@code s / √n}, with {@code s² = Σ(x - mean)² / (n - 1)}.
 *
 * @param values the number of values, at least 1
 * @param mean of the values
 * @param standardError of the mean; empty for one value
 */
public record Estimate(int values, double mean, OptionalDouble standardError) {

  /**
   * Estimates from values.
   *
   * @param values at least one
   * @return their mean and its standard error
   * @throws IllegalArgumentException when there is none
   */
  public static Estimate of(List<Double> values) {
    int n = values.size();
    if (n == 0) {
      throw new IllegalArgumentException("an estimate needs at least one value");
    }
    double mean = values.stream().mapToDouble(Double::doubleValue).sum() / n;
    double squares = values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    OptionalDouble error =
        n == 1 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / (n - 1) / n));
    return new Estimate(n, mean, error);
  }
}
