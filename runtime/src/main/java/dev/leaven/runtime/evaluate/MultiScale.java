package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Test-time augmentation by size: an image at its plain size and at others, each optionally also
 * mirrored.
 *
 * <p>Networks that end in global pooling take images of any size, and often predict better on
 * larger images than those they were trained on. Cost: a pass for each size, of the square of the
 * scale; 1.25 and 1.5 cost 3.8 additional plain passes, or 8.6 with mirror images.
 *
 * @param scales the other sizes as multiples of the plain view's, each from 0.25 to 4, at most 16
 * @param mirrored whether the mirror image of each size, the plain one included, is evaluated too
 * @param beta the weight of the plain view, from 0 to 1
 * @param max whether to take the maximum instead of the mean
 */
public record MultiScale(List<Double> scales, boolean mirrored, double beta, boolean max)
    implements TestTimeViews {

  /**
   * Keeps its own copy and checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public MultiScale {
    scales = List.copyOf(scales);
    if (scales.isEmpty() || scales.size() > 16) {
      throw new IllegalArgumentException(
          "tta: there must be between 1 and 16 scales, but there are %d".formatted(scales.size()));
    }
    scales.forEach(scale -> Check.range("tta", "scale", scale, 0.25, 4));
    Check.range("tta", "beta", beta, 0, 1);
  }

  /** Also 1.25 times as large, with a weight of 0.5 for the plain view. */
  public MultiScale() {
    this(List.of(1.25), false, 0.5, false);
  }

  @Override
  public List<View> views() {
    List<View> views = new ArrayList<>();
    scales.forEach(scale -> views.add(new View.Fixed(scale, 1, View.Place.CENTRE, false)));
    if (mirrored) {
      views.add(new View.Fixed(1, 1, View.Place.CENTRE, true));
      scales.forEach(scale -> views.add(new View.Fixed(scale, 1, View.Place.CENTRE, true)));
    }
    return views;
  }

  @Override
  public String describe() {
    String sizes = scales.stream().map(Check::number).collect(Collectors.joining(", "));
    return TestTimeViews.describe(
        this,
        "%s times its size%s".formatted(sizes, mirrored ? ", and the mirror images of all" : ""));
  }
}
