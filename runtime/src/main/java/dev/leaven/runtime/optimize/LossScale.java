package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;

/**
 * Dynamic loss scaling for float16 (Micikevicius et al. 2018, "Mixed Precision Training"), by the
 * rule of PyTorch's GradScaler: the loss is multiplied by a scale before it is differentiated and
 * the gradients are divided by it, so that gradients too small for float16 are not lost. When a
 * gradient is not finite, the step is skipped and the scale is halved; after {@code interval} steps
 * in a row without a skip, the scale is doubled.
 *
 * <p>A skipped step moves no weight and no slot of the optimizer, and the optimizer does not count
 * it; the schedule continues. Scale and counters are part of every checkpoint.
 *
 * @param initial the scale at the beginning, above 0; best a power of two, by which multiplying is
 *     exact; 65536 by default
 * @param interval the number of steps in a row without a skip after which the scale is doubled, at
 *     least 1; 2000 by default
 */
public record LossScale(double initial, int interval) implements Technique {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public LossScale {
    Check.positive("lossScale", "initial", initial);
    Check.range("lossScale", "initial", initial, 0, 1e38);
    Check.atLeast("lossScale", "interval", interval, 1);
  }

  /** PyTorch's defaults: 65536 and 2000. */
  public LossScale() {
    this(65536, 2000);
  }

  @Override
  public String describe() {
    return "loss scale %s at first, halved when a gradient is not finite, doubled after %d steps"
        .formatted(Check.number(initial), interval);
  }
}
