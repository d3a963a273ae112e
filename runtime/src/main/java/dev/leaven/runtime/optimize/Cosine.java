package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.OptionalDouble;

/**
 * Follows half a cosine from the peak to {@code peak·end} (Loshchilov, Hutter 2016, "SGDR"), as
 * PyTorch's {@code CosineAnnealingLR}. The momentum is the optimizer's own. Put {@link WarmUp} in
 * front for the schedule of most published recipes.
 *
 * @param end where it ends, as a fraction of the peak, from 0 to 1; 0 by default
 */
public record Cosine(double end) implements Schedule {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when it is not between 0 and 1
   */
  public Cosine {
    Check.range("cosine", "end", end, 0, 1);
  }

  /** To 0. */
  public Cosine() {
    this(0);
  }

  @Override
  public Rates at(double progress, double peak) {
    Check.range("cosine", "progress", progress, 0, 1);
    return new Rates(Curve.cosine(peak, peak * end, progress), OptionalDouble.empty());
  }

  @Override
  public String describe() {
    return "along a cosine to %s of the peak".formatted(Check.number(end));
  }
}
