package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.OptionalDouble;

/**
 * Stays flat, then follows half a cosine to {@code peak/divFinal}: fastai's {@code fit_flat_cos}.
 * The momentum is the optimizer's own. Effect: made for {@link Ranger}, whose rectified steps need
 * no warm-up.
 *
 * @param divFinal the ratio of the peak to the end, at least 1; 100000 by default
 * @param start the fraction of the steps that are flat, from 0 to 1; 0.75 by default
 */
public record FlatCosine(double divFinal, double start) implements Schedule {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public FlatCosine {
    Check.range("flatCosine", "divFinal", divFinal, 1, 1e12);
    Check.range("flatCosine", "start", start, 0, 1);
  }

  /** fastai's defaults: 100000 and 0.75. */
  public FlatCosine() {
    this(1e5, 0.75);
  }

  @Override
  public Rates at(double progress, double peak) {
    Check.range("flatCosine", "progress", progress, 0, 1);
    double rate =
        progress <= start
            ? peak
            : Curve.cosine(peak, peak / divFinal, (progress - start) / (1 - start));
    return new Rates(rate, OptionalDouble.empty());
  }

  @Override
  public String describe() {
    return "flat-cosine: at the peak for %s %% of the steps, then along a cosine to 1/%s"
        .formatted(Check.number(start * 100), Check.number(divFinal));
  }
}
