package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.transform.AutoAugment;
import dev.leaven.runtime.transform.Brightness;
import dev.leaven.runtime.transform.Contrast;
import dev.leaven.runtime.transform.CutOut;
import dev.leaven.runtime.transform.Dihedral;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.GaussianBlur;
import dev.leaven.runtime.transform.Hue;
import dev.leaven.runtime.transform.RandAugment;
import dev.leaven.runtime.transform.RandomErasing;
import dev.leaven.runtime.transform.RandomResizedCrop;
import dev.leaven.runtime.transform.Rotate;
import dev.leaven.runtime.transform.Shear;
import dev.leaven.runtime.transform.Warp;
import dev.leaven.runtime.transform.Zoom;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AugmentationTest {

  private static Map<String, Recipe> recipes() {
    Map<String, Recipe> recipes = new LinkedHashMap<>();
    recipes.put("resize(64).augment()", resize(64).augment());
    recipes.put(
        "resize(64).augment().rotate(15).lighting(0.4)",
        resize(64).augment(a -> a.lighting(0.4).rotate(15)));
    recipes.put("resize(64).augment().warp(0)", resize(64).augment(a -> a.warp(0)));
    recipes.put(
        "resize(64).dihedral(0.5).rotate(180).zoom(0.9, 1.2).lighting(0.3)",
        resize(64).lighting(0.3).zoom(0.9, 1.2).rotate(180).dihedral(0.5));
    recipes.put(
        "resize(64).geometry(new Rotate(20, 0.5)).geometry(new Shear())"
            + ".lighting(new Brightness(0.3, 0.5)).lighting(new Contrast(0.4))"
            + ".lighting(new Hue())",
        resize(64)
            .lighting(new Hue())
            .geometry(new Shear())
            .geometry(new Rotate(20, 0.5))
            .lighting(new Contrast(0.4))
            .lighting(new Brightness(0.3, 0.5)));
    recipes.put("resize(64).noFlip().erase(0.25).mixup()", resize(64).erase(0.25).mixup().noFlip());
    recipes.put(
        "resize(64).erase(new RandomErasing(0.5, 0, 0.3, 0.3, RandomErasing.Fill.MEAN))",
        resize(64).erase(new RandomErasing(0.5, 0, 0.3, 0.3, RandomErasing.Fill.MEAN)));
    recipes.put(
        "resize(64).augment().gaussianBlur(1.5).randAugment().cutout()",
        resize(64).randAugment().cutout().gaussianBlur(1.5).augment());
    recipes.put("resize(64).randAugment(1, 12)", resize(64).autoAugment().randAugment(1, 12));
    recipes.put("resize(64).trivialAugment()", resize(64).randAugment().trivialAugment());
    recipes.put("resize(64).autoAugment()", resize(64).policy(new AutoAugment()));
    recipes.put("resize(64).cutout(0.25)", resize(64).erase(0.5).cutout(0.25));
    recipes.put("resize(64).erase(new CutOut(0.5, 0.3))", resize(64).erase(new CutOut(0.5, 0.3)));
    recipes.put(
        "resize(64).lighting(new GaussianBlur(0.5, 1, 0.5))",
        resize(64).lighting(new GaussianBlur(0.5, 1, 0.5)));
    return recipes;
  }

  @Test
  void is_written_as_the_words_that_say_it() {
    recipes().forEach((sentence, recipe) -> assertThat(recipe).hasToString(sentence));
  }

  @Test
  void comes_back_from_json() {
    for (Recipe recipe : recipes().values()) {
      Recipe back = Recipe.fromJson(recipe.toJson());
      assertThat(back).isEqualTo(recipe).hasSameHashCodeAs(recipe);
      assertThat(back.hash()).isEqualTo(recipe.hash());
    }
    assertThat(resize(64).rotate(15).toJson())
        .isEqualTo(
            "{\"augmentation\":{\"geometry\":[{\"technique\":\"Rotate\",\"maxDegrees\":15.0,"
                + "\"probability\":0.75}]},\"stages\":[{\"size\":64}]}");
  }

  @Test
  void the_last_word_wins_and_augment_is_a_word_for_several() {
    assertThat(resize(64).rotate(15).rotate(20)).isEqualTo(resize(64).rotate(20));
    assertThat(resize(64).dihedral(0.5).rotate(15).augment())
        .isEqualTo(resize(64).augment().dihedral(0.5));
    assertThat(resize(64).augment().rotate(15)).isEqualTo(resize(64).augment(a -> a.rotate(15)));
  }

  @Test
  void augment_is_what_fastai_does() {
    Plan plan = resize(64).augment().plan(new GreySquares(20, 3));

    assertThat(plan.image().geometry())
        .containsExactly(
            RandomResizedCrop.presized(),
            new Flip(0.5),
            new Warp(0.2, 0.75),
            new Rotate(10, 0.75),
            new Zoom(1, 1.1, 0.75));
    assertThat(plan.image().lighting())
        .containsExactly(new Brightness(0.2, 0.75), new Contrast(0.2, 0.75));
    assertThat(plan.image().erasing()).isEmpty();
  }

  @Test
  void what_has_no_effect_is_not_planned() {
    Plan plan =
        resize(64).augment(a -> a.warp(0).lighting(0)).erase(0).plan(new GreySquares(20, 3));

    assertThat(plan.image().geometry())
        .containsExactly(RandomResizedCrop.presized(), new Flip(), new Rotate(), new Zoom());
    assertThat(plan.image().lighting()).isEmpty();
    assertThat(plan.image().erasing()).isEmpty();
  }

  @Test
  void a_policy_comes_between_geometry_and_lighting() {
    Recipe recipe = resize(64).augment().randAugment(2, 5).cutout().gaussianBlur(1);
    Plan plan = recipe.plan(new GreySquares(20, 3));

    assertThat(plan.image().policy()).contains(new RandAugment(2, 5));
    assertThat(plan.image().erasing()).contains(new CutOut(0.5));
    assertThat(plan.image().lighting()).contains(new GaussianBlur(0.1, 1, 0.5));
    assertThat(recipe.explain(new GreySquares(20, 3)))
        .containsSubsequence(
            "zoom by 1 to 1.1 at a random place with probability 0.75; sampled once",
            "RandAugment: 2 of 14 operations for each image, of magnitude 5 of 30",
            "brightness changed by up to 0.2 with probability 0.75",
            "Gaussian blur of 0.1 to 1 px with probability 0.5",
            "normalize with ImageNet's statistics",
            "cutout: a square of 0.5 of the side, filled with the mean, with probability 1");
    assertThat(resize(64).plan(new GreySquares(20, 3)).image().policy()).isEmpty();
    assertThat(resize(64).cutout(0).plan(new GreySquares(20, 3)).image().erasing()).isEmpty();
  }

  @Test
  void dihedral_replaces_a_flip_that_was_not_said() {
    assertThat(resize(64).dihedral(0.5).plan(new GreySquares(20, 3)).image().geometry())
        .containsExactly(RandomResizedCrop.presized(), new Dihedral());
    assertThat(resize(64).dihedral(0.5).flip(0.2).plan(new GreySquares(20, 3)).image().geometry())
        .containsExactly(RandomResizedCrop.presized(), new Flip(0.2), new Dihedral());
    assertThat(resize(64).dihedral(0).plan(new GreySquares(20, 3)).image().geometry())
        .containsExactly(RandomResizedCrop.presized(), new Flip());
  }

  @Test
  void refuses_values_outside_their_range() {
    assertThatThrownBy(() -> use(resize(64).rotate(200)))
        .hasMessage("rotate: maxDegrees must be between 0 and 180, but is 200");
    assertThatThrownBy(() -> use(resize(64).augment(a -> a.lighting(1))))
        .hasMessage("brightness: maxChange must be between 0 and 0.99, but is 1");
    assertThatThrownBy(() -> use(resize(64).erase(-1)))
        .hasMessage("erase: probability must be between 0 and 1, but is -1");
    assertThatThrownBy(() -> use(resize(64).randAugment(2, 40)))
        .hasMessage("randAugment: magnitude must be between 0 and 30, but is 40");
    assertThatThrownBy(() -> use(resize(64).cutout(16)))
        .hasMessage("cutout: share must be between 0 and 1, but is 16");
    assertThatThrownBy(() -> use(resize(64).gaussianBlur(9)))
        .hasMessage("gaussianBlur: maxSigma must be between 0 and 5, but is 9");
    assertThatThrownBy(() -> use(resize(64).lighting(new Hue()).plan(new GreySquares(20, 1))))
        .hasMessageStartingWith("lighting: 'hue turned by up to 0.1 of a full turn");
  }

  private static void use(Object accepted) {
    throw new AssertionError("accepted: " + accepted);
  }
}
