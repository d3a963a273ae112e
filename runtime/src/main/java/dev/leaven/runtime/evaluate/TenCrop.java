package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import java.util.List;
import java.util.stream.Stream;

/**
 * Test-time augmentation by ten crops: the five of {@link FiveCrop} and their mirror images.
 *
 * <p>Not for pictures in which left and right differ in meaning. Cost: 11 passes instead of 1.
 * Paper: Krizhevsky et al., 2012, as for five.
 *
 * @param share the side of a crop as a fraction of the square's side, above 0 and below 1
 * @param beta the weight of the plain view, from 0 to 1
 * @param max whether to take the maximum instead of the mean
 */
public record TenCrop(double share, double beta, boolean max) implements TestTimeViews {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public TenCrop {
    FiveCrop.check(share, beta);
  }

  /** Crops of 0.875, with a weight of 0.25 for the plain view. */
  public TenCrop() {
    this(FiveCrop.SHARE, 0.25, false);
  }

  @Override
  public List<View> views() {
    return Stream.of(false, true)
        .flatMap(mirrored -> FiveCrop.crops(share, mirrored).stream())
        .toList();
  }

  @Override
  public String describe() {
    return TestTimeViews.describe(
        this, "five crops of %s and their mirror images".formatted(Check.number(share)));
  }
}
