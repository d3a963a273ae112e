package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.ItemResize.Padding;
import org.junit.jupiter.api.Test;

class ItemResizeTest {

  @Test
  void says_how_an_image_becomes_square() {
    assertThat(resize(64)).hasToString("resize(64)");
    assertThat(resize(64).squish()).hasToString("resize(64).squish()");
    assertThat(resize(64).pad()).hasToString("resize(64).pad()");
    assertThat(resize(64).pad(Padding.ZEROS))
        .hasToString("resize(64).pad(ItemResize.Padding.ZEROS)");
    assertThat(resize(64).squish().itemResize(new ItemResize()))
        .hasToString("resize(64).itemResize(new ItemResize())");
  }

  @Test
  void comes_back_from_json() {
    Recipe recipe = resize(64).pad(Padding.BORDER);
    assertThat(recipe.toJson())
        .contains(
            "\"itemResize\":{\"technique\":\"ItemResize\",\"method\":\"PAD\",\"padding\":\"BORDER\"}");
    assertThat(Recipe.fromJson(recipe.toJson())).isEqualTo(recipe);
  }

  @Test
  void is_part_of_the_plan_and_its_explanation() {
    GreySquares data = new GreySquares(20, 1);
    assertThat(resize(64).plan(data).image().itemResize()).isEqualTo(new ItemResize());
    assertThat(resize(64).squish().plan(data).image().itemResize()).isEqualTo(ItemResize.squish());
    assertThat(resize(64).squish().explain(data))
        .contains("1. the whole image, squished to a square, resized to a side of 74 px")
        .contains("1. the whole image, squished to a square, resized to a side of 64 px");
    assertThat(resize(64).pad(Padding.ZEROS).explain(data))
        .contains(
            "1. the whole image, padded to a square with black, at a random place, resized to a"
                + " side of 74 px")
        .contains(
            "1. the whole image, padded to a square with black, at the centre, resized to a side of"
                + " 64 px");
  }
}
