package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExplanationTest {

  @Test
  void says_everything_that_will_happen() {
    String text =
        resize(128).then(224).mixup().labelSmoothing(0.1).tta(4).explain(new GreySquares(200, 3));

    assertThat(text)
        .isEqualTo(
            """
            GOLDEN
            """);
  }

  @Test
  void says_less_of_a_plainer_recipe() {
    String text = resize(64).randomResizedCrop(0.35).noFlip().explain(new GreySquares(20, 1));

    assertThat(text)
        .contains("1. resized to a square with a side of 80 px")
        .contains("2. its centre, with a side of 64 px, is taken")
        .contains("\ninference  1 pass over each image\n")
        .doesNotContain("smoothing", "mixed", "flip");
  }
}
