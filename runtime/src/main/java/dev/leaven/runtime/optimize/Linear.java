package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.OptionalDouble;

/**
 * Follows a straight line from the peak to {@code peak·end}. The momentum is the optimizer's own.
 * With {@link WarmUp} in front it is FFCV's schedule.
 *
 * @param end where it ends, as a fraction of the peak, from 0 to 1; 0 by default
 */
public record Linear(double end) implements Schedule {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when it is not between 0 and 1
   */
  public Linear {
    Check.range("linear", "end", end, 0, 1);
  }

  /** To 0. */
  public Linear() {
    this(0);
  }

  @Override
  public Rates at(double progress, double peak) {
    Check.range("linear", "progress", progress, 0, 1);
    return new Rates(peak + (peak * end - peak) * progress, OptionalDouble.empty());
  }

  @Override
  public String describe() {
    return "in a straight line to %s of the peak".formatted(Check.number(end));
  }
}
