package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import java.util.List;

/**
 * Which views of an image are evaluated at test time, and how their predictions become one.
 *
 * <p>With the predictions {@code v₁ … vₙ} for the views and {@code c} for the plain view, the
 * result is {@code β·c + (1-β)·mean(v)}; with {@code max} it is the elementwise maximum over all
 * {@code n+1}, which no longer sums to one. Predictions are probabilities, or numbers in the
 * targets' unit, not logits. Cost: a pass over the images for each view, besides the plain one.
 */
public interface TestTimeViews extends Technique {

  /**
   * The views besides the plain one, in the order in which they are evaluated.
   *
   * @return at least one
   */
  List<View> views();

  /**
   * The weight of the plain view.
   *
   * @return from 0 to 1; of no effect with {@link #max}
   */
  double beta();

  /**
   * Whether to take the maximum instead of the mean.
   *
   * @return false for the weighted mean
   */
  boolean max();

  /**
   * Begins to combine the views of some images; only a sum or a maximum of them is kept.
   *
   * @param images how many images
   * @return a combination without views yet
   */
  default ViewCombination combination(int images) {
    return new ViewCombination(beta(), max(), images);
  }

  /**
   * Describes views that are combined as these are.
   *
   * @param policy how they are combined
   * @param views what to call them
   * @return one line
   */
  static String describe(TestTimeViews policy, String views) {
    return policy.max()
        ? "test-time augmentation: the maximum over the plain view and %s".formatted(views)
        : "test-time augmentation: %s × plain view + %s × mean of %s"
            .formatted(Check.number(policy.beta()), Check.number(1 - policy.beta()), views);
  }
}
