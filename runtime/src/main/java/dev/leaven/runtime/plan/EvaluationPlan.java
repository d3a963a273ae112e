package dev.leaven.runtime.plan;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.evaluate.TestTimeViews;
import java.util.Optional;

/**
 * The additional evaluation of a trained model: a part of a {@link Plan}.
 *
 * @param tta test-time augmentation after training, if any
 * @param evaluateAt another size at which the model is evaluated after training, in pixels, if any
 */
public record EvaluationPlan(Optional<TestTimeViews> tta, Optional<Integer> evaluateAt) {

  /** Checks the range. */
  public EvaluationPlan {
    evaluateAt.ifPresent(size -> Check.atLeast("evaluateAt", "size", size, 16));
  }
}
