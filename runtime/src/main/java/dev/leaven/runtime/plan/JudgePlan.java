package dev.leaven.runtime.plan;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.evaluate.TestTimeViews;
import java.util.Optional;

/**
 * How a trained model is judged once more: a part of a {@link Plan}.
 *
 * @param tta test-time augmentation after training, if any
 * @param evaluateAt another size at which the model is judged after training, in pixels, if any
 */
public record JudgePlan(Optional<TestTimeViews> tta, Optional<Integer> evaluateAt) {

  /** Checks the range. */
  public JudgePlan {
    evaluateAt.ifPresent(size -> Check.atLeast("evaluateAt", "size", size, 16));
  }
}
