package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import java.util.List;

/**
 * Test-time augmentation by the mirror image alone: an image and its left-to-right mirror.
 *
 * <p>The cheapest policy, and without chance. Not for pictures in which left and right differ in
 * meaning, such as digits and letters. Cost: 2 passes instead of 1. Effect: usually most of what
 * random views of flips gain.
 *
 * @param beta the weight of the plain view, from 0 to 1
 * @param max whether to take the maximum instead of the mean
 */
public record FlipView(double beta, boolean max) implements TestTimeViews {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the weight is outside its range
   */
  public FlipView {
    Check.range("tta", "beta", beta, 0, 1);
  }

  /** The mean of both. */
  public FlipView() {
    this(0.5, false);
  }

  @Override
  public List<View> views() {
    return List.of(new View.Fixed(1, 1, View.Place.CENTRE, true));
  }

  @Override
  public String describe() {
    return max
        ? "test-time augmentation: the maximum over the plain view and its mirror image"
        : "test-time augmentation: %s × plain view + %s × its mirror image"
            .formatted(Check.number(beta), Check.number(1 - beta));
  }
}
