package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import java.util.Collections;
import java.util.List;

/**
 * Test-time augmentation: evaluate {@code passes} augmented views of an image and its plain view,
 * and average their probabilities.
 *
 * <p>With the augmented probabilities {@code a₁ … aₙ} and the plain ones {@code c}, the result is
 * {@code β·c + (1-β)·mean(a)}; with {@code max} it is the elementwise maximum over all {@code n+1},
 * which no longer sums to one. The views are drawn by the recipe's own training transforms, without
 * mixing, from a seeded stream: the same run gives the same result. Cost: {@code passes + 1} passes
 * over the images instead of one. Defaults follow fastai's {@code Learner.tta}: 4 passes, β 0.25.
 *
 * @param passes augmented views per image, from 1 to 1000
 * @param beta the weight of the plain view, from 0 to 1
 * @param max whether to take the maximum instead of the mean
 */
public record TestTimeAugmentation(int passes, double beta, boolean max) implements TestTimeViews {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public TestTimeAugmentation {
    Check.range("tta", "passes", passes, 1, 1000);
    Check.range("tta", "beta", beta, 0, 1);
  }

  /**
   * The mean with fastai's weight of 0.25 for the plain view.
   *
   * @param passes augmented views per image
   */
  public TestTimeAugmentation(int passes) {
    this(passes, 0.25, false);
  }

  @Override
  public List<View> views() {
    return Collections.nCopies(passes, new View.Augmented());
  }

  @Override
  public String describe() {
    String views = passes == 1 ? "1 augmented view" : "%d augmented views".formatted(passes);
    return TestTimeViews.describe(this, views);
  }
}
