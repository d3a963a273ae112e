package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.OptionalDouble;

/**
 * Changes by the same factor in every step, {@code peak·end^progress}: fastai's {@code SchedExp}.
 * The momentum is the optimizer's own.
 *
 * @param end where it ends, as a fraction of the peak, above 0 and at most 1; 0.01 by default
 */
public record Exponential(double end) implements Schedule {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when it is not above 0 and at most 1
   */
  public Exponential {
    Check.positive("exponential", "end", end);
    Check.range("exponential", "end", end, 0, 1);
  }

  /** To a hundredth. */
  public Exponential() {
    this(0.01);
  }

  @Override
  public Rates at(double progress, double peak) {
    Check.range("exponential", "progress", progress, 0, 1);
    return new Rates(peak * Math.pow(end, progress), OptionalDouble.empty());
  }

  @Override
  public String describe() {
    return "by the same factor in every step to %s of the peak".formatted(Check.number(end));
  }
}
