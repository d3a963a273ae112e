package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import java.util.Arrays;
import java.util.List;

/**
 * Test-time augmentation by five crops: the four corners of the square at the image's centre, and
 * its middle.
 *
 * <p>Each crop has as many pixels as the plain view and shows a smaller part of the image,
 * enlarged. The square is scaled to {@code size / share}, from which the crops are cut without
 * another interpolation. Cost: 6 passes instead of 1. Paper: Krizhevsky et al., ImageNet
 * Classification with Deep Convolutional Neural Networks, 2012, whose 224 of 256 pixels are the
 * default fraction.
 *
 * @param share the side of a crop as a fraction of the square's side, above 0 and below 1
 * @param beta the weight of the plain view, from 0 to 1
 * @param max whether to take the maximum instead of the mean
 */
public record FiveCrop(double share, double beta, boolean max) implements TestTimeViews {

  /** 224 of 256 pixels. */
  static final double SHARE = 0.875;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public FiveCrop {
    check(share, beta);
  }

  /** Crops of 0.875, with a weight of 0.25 for the plain view. */
  public FiveCrop() {
    this(SHARE, 0.25, false);
  }

  static void check(double share, double beta) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "tta: share must be above 0 and below 1, but is %s".formatted(Check.number(share)));
    }
    Check.range("tta", "beta", beta, 0, 1);
  }

  static List<View> crops(double share, boolean mirrored) {
    return Arrays.stream(View.Place.values())
        .map(place -> (View) new View.Fixed(1, share, place, mirrored))
        .toList();
  }

  @Override
  public List<View> views() {
    return crops(share, false);
  }

  @Override
  public String describe() {
    return TestTimeViews.describe(this, "five crops of %s".formatted(Check.number(share)));
  }
}
