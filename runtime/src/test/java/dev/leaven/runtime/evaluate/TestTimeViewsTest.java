package dev.leaven.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.evaluate.View.Fixed;
import dev.leaven.runtime.evaluate.View.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestTimeViewsTest {

  @Test
  void everyPolicyListsItsViews() {
    assertThat(new TestTimeAugmentation(3).views()).containsOnly(new View.Augmented()).hasSize(3);
    assertThat(new FlipView().views()).containsExactly(new Fixed(1, 1, Place.CENTRE, true));
    assertThat(new FiveCrop(.8, .25, false).views())
        .containsExactlyInAnyOrder(
            new Fixed(1, .8, Place.CENTRE, false),
            new Fixed(1, .8, Place.TOP_LEFT, false),
            new Fixed(1, .8, Place.TOP_RIGHT, false),
            new Fixed(1, .8, Place.BOTTOM_LEFT, false),
            new Fixed(1, .8, Place.BOTTOM_RIGHT, false));
    assertThat(new TenCrop().views())
        .hasSize(10)
        .doesNotHaveDuplicates()
        .containsAll(new FiveCrop().views())
        .filteredOn(view -> ((Fixed) view).mirrored())
        .hasSize(5);
    assertThat(new MultiScale(List.of(.8, 1.5), false, .5, false).views())
        .containsExactly(
            new Fixed(.8, 1, Place.CENTRE, false), new Fixed(1.5, 1, Place.CENTRE, false));
    assertThat(new MultiScale(List.of(1.5), true, .5, false).views())
        .containsExactly(
            new Fixed(1.5, 1, Place.CENTRE, false),
            new Fixed(1, 1, Place.CENTRE, true),
            new Fixed(1.5, 1, Place.CENTRE, true));
  }

  @Test
  void cropsLieInTheCornersOfTheirSquare() {
    Fixed crop = new Fixed(1, .875, Place.CENTRE, false);
    assertThat(crop.size(224)).isEqualTo(224);
    assertThat(crop.around(224)).isEqualTo(256);
    assertThat(Place.TOP_LEFT.top(32)).isZero();
    assertThat(Place.TOP_LEFT.left(32)).isZero();
    assertThat(Place.TOP_RIGHT.top(32)).isZero();
    assertThat(Place.TOP_RIGHT.left(32)).isEqualTo(32);
    assertThat(Place.BOTTOM_LEFT.top(32)).isEqualTo(32);
    assertThat(Place.BOTTOM_LEFT.left(32)).isZero();
    assertThat(Place.CENTRE.top(33)).isEqualTo(16);
    assertThat(new Fixed(1.25, 1, Place.CENTRE, false).size(160)).isEqualTo(200);
    assertThat(new Fixed(.25, 1, Place.CENTRE, false).size(32)).isEqualTo(16);
  }

  @Test
  void anyPolicyCombinesByMeanOrMaximum() {
    ViewCombination mean = new FlipView(.25, false).combination(1);
    mean.add(0, new float[] {.5f, .5f});
    assertThat(mean.result(0, new float[] {1, 0})).containsExactly(.625f, .375f);
    ViewCombination max = new FlipView(.25, true).combination(1);
    max.add(0, new float[] {.5f, .5f});
    assertThat(max.result(0, new float[] {1, 0})).containsExactly(1f, .5f);
  }

  @Test
  void refusesParametersOutOfTheirRanges() {
    assertThatThrownBy(() -> new FlipView(-1, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tta: beta must be between 0 and 1, but is -1");
    assertThatThrownBy(() -> new FiveCrop(1, .25, false))
        .hasMessage("tta: share must be above 0 and below 1, but is 1");
    assertThatThrownBy(() -> new TenCrop(.9, 2, false))
        .hasMessage("tta: beta must be between 0 and 1, but is 2");
    assertThatThrownBy(() -> new MultiScale(List.of(), false, .5, false))
        .hasMessage("tta: there must be between 1 and 16 scales, but there are 0");
    assertThatThrownBy(() -> new MultiScale(List.of(5.0), false, .5, false))
        .hasMessage("tta: scale must be between 0.25 and 4, but is 5");
    assertThatThrownBy(() -> new Fixed(1, 0, Place.CENTRE, false))
        .hasMessage("tta: share must be above 0, but is 0");
  }
}
