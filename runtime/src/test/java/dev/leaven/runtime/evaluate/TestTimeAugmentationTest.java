package dev.leaven.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TestTimeAugmentationTest {

  private static final float[][] VIEWS = {{.6f, .4f}, {.8f, .2f}, {.5f, .5f}, {.7f, .3f}};
  private static final float[] PLAIN = {.2f, .8f};

  private static float[] combined(TestTimeAugmentation policy) {
    ViewCombination combination = policy.combination(2);
    for (float[] view : VIEWS) {
      combination.add(1, view);
      combination.add(0, new float[] {0, 1});
    }
    return combination.result(1, PLAIN);
  }

  @Test
  void weighsThePlainViewWithBeta() {
    float[] combined = combined(new TestTimeAugmentation(4));
    // One rounding of float32.
    assertThat(combined[0]).isCloseTo(.5375f, within(6e-8f));
    assertThat(combined[1]).isCloseTo(.4625f, within(6e-8f));
  }

  @Test
  void betaOneIsThePlainViewAndZeroTheMeanOfTheOthers() {
    assertThat(combined(new TestTimeAugmentation(4, 1, false))).containsExactly(PLAIN);
    // One rounding of float32, and those of the four views.
    assertThat(combined(new TestTimeAugmentation(4, 0, false))[0]).isCloseTo(.65f, within(6e-8f));
  }

  @Test
  void theMaximumIsTakenOverAllViewsAndNotScaled() {
    assertThat(combined(new TestTimeAugmentation(4, .25, true))).containsExactly(.8f, .8f);
  }

  @Test
  void anImageNeedsAnAugmentedView() {
    ViewCombination combination = new TestTimeAugmentation(1).combination(2);
    combination.add(0, PLAIN);
    assertThatThrownBy(() -> combination.result(1, PLAIN))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("image 1 has no augmented view");
  }

  @Test
  void refusesParametersOutOfTheirRanges() {
    assertThatThrownBy(() -> new TestTimeAugmentation(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tta: passes must be between 1 and 1000, but is 0");
    assertThatThrownBy(() -> new TestTimeAugmentation(4, 1.5, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tta: beta must be between 0 and 1, but is 1.5");
  }
}
