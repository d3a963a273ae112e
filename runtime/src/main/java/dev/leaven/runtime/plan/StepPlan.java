package dev.leaven.runtime.plan;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.Clipping;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.Optimizer;
import java.util.Optional;

/**
 * How a step changes the weights: a part of a {@link Plan}.
 *
 * @param optimizer the update rule of the weights
 * @param clipping limits the size of gradients, if set
 * @param averaging the average of the weights that is evaluated in addition to them, if there is
 *     one
 * @param requested the precision in the recipe, {@link Precision#AUTO} if it sets none
 * @param precision the number format to compute with; never undecided
 * @param lossScale the scaling of the loss while it is differentiated, if the precision is float16
 */
public record StepPlan(
    Optimizer optimizer,
    Optional<Clipping> clipping,
    Optional<Averaging> averaging,
    Precision requested,
    Precision precision,
    Optional<LossScale> lossScale) {

  /** Checks that the parts fit together. */
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
   * The weights for evaluation, explanation and an exported model.
   *
   * @param variables all trained variables
   * @return their averages, or the variables themselves where the plan has no averaging
   */
  public Variables evaluated(Variables variables) {
    return averaging.isPresent() ? variables.averages() : variables;
  }

  /**
   * The number format of inference: float16 is for training only.
   *
   * @return the plan's precision, or float32 for float16
   */
  public Precision inference() {
    return precision == Precision.FLOAT16 ? Precision.FLOAT32 : precision;
  }
}
