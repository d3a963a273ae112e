package dev.leaven.runtime.plan;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.Clipping;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.Optimizer;
import java.util.Optional;

/**
 * How a step moves the weights: a part of a {@link Plan}.
 *
 * @param optimizer how weights move
 * @param clipping how gradients are kept from being too large, if they are
 * @param averaging the average of the weights that is evaluated beside them, if there is one
 * @param requested the precision that the recipe asks for, {@link Precision#AUTO} if it does not
 * @param precision the numbers to compute with, decided
 * @param lossScale how the loss is scaled while it is differentiated, if the precision is float16
 */
public record StepPlan(
    Optimizer optimizer,
    Optional<Clipping> clipping,
    Optional<Averaging> averaging,
    Precision requested,
    Precision precision,
    Optional<LossScale> lossScale) {

  /** Checks what belongs together. */
  public StepPlan {
    // Checkpoints of earlier versions do not have it.
    requested = requested == null ? precision : requested;
    if (precision == Precision.AUTO) {
      throw new IllegalArgumentException("a plan's precision must be decided");
    }
    if (lossScale.isPresent() != (precision == Precision.FLOAT16)) {
      throw new IllegalArgumentException(
          "lossScale: %s"
              .formatted(
                  lossScale.isPresent()
                      ? "it is for float16, but the precision is another; say"
                          + " precision(Precision.FLOAT16) or leave it out"
                      : "float16 cannot do without it"));
    }
  }

  StepPlan in(Precision other) {
    return new StepPlan(
        optimizer,
        clipping,
        averaging,
        requested,
        other,
        other == Precision.FLOAT16 ? lossScale : Optional.empty());
  }

  /**
   * The weights that evaluation, explanation and an exported model compute with.
   *
   * @param variables all that were trained
   * @return their averages, or the variables themselves where the plan has no averaging
   */
  public Variables evaluated(Variables variables) {
    return averaging.isPresent() ? variables.averages() : variables;
  }

  /**
   * The numbers that inference computes with: float16 is for training only.
   *
   * @return the plan's precision, or float32 for float16
   */
  public Precision inference() {
    return precision == Precision.FLOAT16 ? Precision.FLOAT32 : precision;
  }
}
