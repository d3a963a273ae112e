package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.dsl.Variants.Variant;
import dev.leaven.dsl.ablate.Ablation;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.mix.CutMix;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.optimize.FlatCosine;
import dev.leaven.runtime.transform.Grayscale;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.Shear;
import java.util.List;
import org.junit.jupiter.api.Test;

class VariantsTest {

  private static final Normalize AS_THEY_ARE = new Normalize(List.of(0.0), List.of(1.0));

  private static List<Variant> variants(Recipe recipe, Ablation ablation) {
    return Variants.of(recipe, ablation, new GreySquares(200, 1).load(42)).all();
  }

  private static List<String> labels(Recipe recipe) {
    return variants(recipe, Ablation.adding()).stream().map(Variant::label).toList();
  }

  private static List<Recipe> recipes(Recipe recipe, Ablation ablation) {
    return variants(recipe, ablation).stream().map(Variant::recipe).toList();
  }

  @Test
  void adds_techniques_in_the_order_of_the_sentence() {
    Recipe recipe =
        resize(20)
            .epochs(2)
            .batchSize(8)
            .learningRate(0.01)
            .then(32)
            .batchSize(4)
            .tta(4)
            .labelSmoothing(0.1)
            .mixup()
            .normalizeFromData()
            .model(new XResNet(18))
            .precision(Precision.FLOAT32);
    // Of both stages' epochs, the last one's size and batch, the first one's rate.
    Recipe baseline =
        resize(32)
            .epochs(7)
            .batchSize(4)
            .learningRate(0.01)
            .normalize(AS_THEY_ARE)
            .model(new XResNet(18))
            .precision(Precision.FLOAT32);
    Recipe stages =
        resize(20)
            .epochs(2)
            .batchSize(8)
            .learningRate(0.01)
            .then(32)
            .batchSize(4)
            .normalize(AS_THEY_ARE)
            .model(new XResNet(18))
            .precision(Precision.FLOAT32);

    assertThat(variants(recipe, Ablation.adding()))
        .containsExactly(
            new Variant("baseline", "baseline", "0-baseline", baseline, false),
            new Variant("then", "+ progressive resizing (20, 32 px)", "1-then", stages, false),
            new Variant(
                "normalizeFromData",
                "+ normalizeFromData()",
                "2-normalizeFromData",
                stages.normalizeFromData(),
                false),
            new Variant("mixup", "+ mixup()", "3-mixup", stages.normalizeFromData().mixup(), false),
            // Test-time augmentation is evaluated on the same runs.
            new Variant(
                "labelSmoothing", "+ labelSmoothing(0.1)", "4-labelSmoothing", recipe, false),
            new Variant("tta", "+ tta(4)", "4-labelSmoothing", recipe, true));
  }

  @Test
  void evaluates_all_variants_after_test_time_augmentation_with_it() {
    Recipe recipe = resize(20).mixup().labelSmoothing(0.1).tta(2);
    Ablation ablation = Ablation.adding().only("TTA", "label-smoothing");

    assertThat(variants(recipe, ablation))
        .containsExactly(
            new Variant("baseline", "baseline", "0-baseline", resize(20).mixup().tta(2), false),
            new Variant("tta", "+ tta(2)", "0-baseline", resize(20).mixup().tta(2), true),
            new Variant(
                "labelSmoothing", "+ labelSmoothing(0.1)", "2-labelSmoothing", recipe, true));
  }

  @Test
  void leaves_each_out() {
    Recipe recipe = resize(20).mixup().labelSmoothing(0.1).tta(2);

    assertThat(variants(recipe, Ablation.leavingOneOut()))
        .containsExactly(
            new Variant("recipe", "the recipe", "0-recipe", recipe, true),
            new Variant(
                "without-mixup",
                "− mixup()",
                "1-without-mixup",
                resize(20).labelSmoothing(0.1).tta(2),
                true),
            new Variant(
                "without-labelSmoothing",
                "− labelSmoothing(0.1)",
                "2-without-labelSmoothing",
                resize(20).mixup().tta(2),
                true),
            new Variant("without-tta", "− tta(2)", "0-recipe", recipe, false));
  }

  @Test
  void either_kind_of_mixing_is_a_technique() {
    Recipe recipe = resize(20).mixupOrCutmix(0.3, 0.8, 0.25);

    assertThat(recipes(recipe, Ablation.adding()))
        .containsExactly(resize(20), resize(20).mixing(new MixUp(0.3)), recipe);
    assertThat(recipes(recipe, Ablation.leavingOneOut()))
        .containsExactly(
            recipe, resize(20).mixing(new CutMix(0.8)), resize(20).mixing(new MixUp(0.3)));
  }

  @Test
  void augment_is_one_technique_and_what_is_said_beside_it_another() {
    assertThat(labels(resize(20).augment(a -> a.rotate(15)).dihedral(0.5).gaussianBlur(2)))
        .containsExactly(
            "baseline", "+ augment().rotate(15)", "+ dihedral(0.5)", "+ gaussianBlur(2)");
    assertThat(labels(resize(20).rotate(5).zoom(1, 1.2).lighting(0.4).cutout().randAugment()))
        .containsExactly(
            "baseline",
            "+ rotate(5)",
            "+ zoom(1, 1.2)",
            "+ lighting(0.4)",
            "+ randAugment()",
            "+ cutout()");
    Recipe whole = resize(20).augment().gaussianBlur(2);
    assertThat(recipes(whole, Ablation.leavingOneOut()))
        .containsExactly(whole, resize(20).gaussianBlur(2), resize(20).augment());
  }

  @Test
  void what_has_no_default_to_go_back_to_is_left_out_itself() {
    assertThat(recipes(resize(20).flip(0.3), Ablation.adding()))
        .containsExactly(resize(20).noFlip(), resize(20).flip(0.3));
    assertThat(recipes(resize(20).normalizeFromData(), Ablation.adding()))
        .containsExactly(resize(20).normalize(AS_THEY_ARE), resize(20).normalizeFromData());
    assertThat(labels(resize(20).noFlip().mixup())).containsExactly("baseline", "+ mixup()");
  }

  @Test
  void options_of_a_model_are_one_technique_but_its_size_is_none() {
    XResNet network = new XResNet(18).widen(0.5);
    Recipe recipe = resize(20).model(network.mish().withSelfAttention());

    assertThat(recipes(recipe, Ablation.adding()))
        .containsExactly(resize(20).model(network), recipe);
    assertThat(labels(resize(20).model(network).ema())).containsExactly("baseline", "+ ema()");
  }

  @Test
  void a_schedule_is_left_out_with_its_warm_up_but_not_its_epochs() {
    Recipe recipe = resize(20).then(24).warmRestarts(3, 1, 2).mixup();

    assertThat(recipes(recipe, Ablation.leavingOneOut()))
        .containsExactly(
            recipe,
            // The schedule is made for the 7 epochs of a stage, so the stages stay.
            resize(24).then(24).warmRestarts(3, 1, 2).mixup(),
            resize(20).then(24).warmRestarts(3, 1, 2),
            resize(20).epochs(7).then(24).epochs(7).mixup());
    assertThat(recipes(recipe, Ablation.adding()).get(0)).isEqualTo(resize(24).epochs(14));
    Recipe warm = resize(20).flatCosine().warmUp(1).ema();
    assertThat(labels(warm)).containsExactly("baseline", "+ ema()", "+ flatCosine().warmUp(1)");
    Recipe own = resize(20, stage -> stage.schedule(new FlatCosine())).ema();
    assertThat(recipes(own, Ablation.leavingOneOut()).get(2)).isEqualTo(resize(20).epochs(5).ema());
  }

  @Test
  void fine_tuning_is_one_technique() {
    Recipe recipe = resize(20).batchSize(4).fineTune(3, 0.01);

    assertThat(variants(recipe, Ablation.adding()))
        .containsExactly(
            new Variant(
                "baseline",
                "baseline",
                "0-baseline",
                resize(20).batchSize(4).epochs(4).learningRate(0.01),
                false),
            new Variant("fineTune", "+ fineTune", "1-fineTune", recipe, false));
    assertThat(labels(resize(20).discriminative(1e-4, 1e-2)))
        .containsExactly("baseline", "+ discriminative rates");
    assertThat(recipes(resize(20).freeze(1).ema(), Ablation.leavingOneOut()).get(1))
        .isEqualTo(resize(20).ema());
  }

  @Test
  void other_epochs_are_shared_out_among_the_stages() {
    assertThat(Variants.divide(8, List.of(3, 5))).containsExactly(3, 5);
    assertThat(Variants.divide(4, List.of(3, 5))).containsExactly(2, 2);
    assertThat(Variants.divide(2, List.of(1, 99))).containsExactly(1, 1);
    assertThat(Variants.divide(10, List.of(1, 1, 1))).containsExactly(4, 3, 3);
    assertThatThrownBy(() -> Variants.divide(1, List.of(3, 5)))
        .hasMessage("ablate: epochs must be at least 2, but is 1");

    Recipe recipe = resize(20).epochs(3).then(24).mixup();
    assertThat(recipes(recipe, Ablation.adding().epochs(16)))
        .containsExactly(
            resize(24).epochs(16),
            resize(20).epochs(6).then(24).epochs(10),
            resize(20).epochs(6).then(24).epochs(10).mixup());
  }

  @Test
  void tells_of_cost() {
    Recipe recipe = resize(16).epochs(1).then(32).epochs(1).mixup().tta(1);
    Variants variants =
        Variants.of(recipe, Ablation.adding().seeds(2), new GreySquares(200, 1).load(42));

    assertThat(variants.describe(recipe))
        .isEqualTo(
            """
            resize(16).epochs(1).then(32).epochs(1).mixup().tta(1)
            techniques added one at a time, 2 seeds, equal epochs, on 200 images; a run costs the pixels that pass through the model, the first variant's being 1
              baseline                            2 epochs (2 × 32 px), cost 1.00
              + progressive resizing (16, 32 px)  2 epochs (1 × 16 px, 1 × 32 px), cost 0.63
              + mixup()                           2 epochs (1 × 16 px, 1 × 32 px), cost 0.63
              + tta(1)                            2 epochs (1 × 16 px, 1 × 32 px), no training of its own
            6 runs, together at a cost of 4.5
            """);
    // Three whole batches of 64 in 200 images.
    assertThat(variants.cost(recipe)).isCloseTo(3 * 64 * (16 * 16 + 32 * 32), within(0.0));
    assertThat(variants.seeds(recipe.seed(7))).containsExactly(7L, 8L);
  }

  @Test
  void refuses_what_cannot_be_compared() {
    assertThatThrownBy(() -> labels(resize(20).batchSize(4)))
        .hasMessage(
            "ablate: the recipe says no technique that could be left out;"
                + " say mixup, labelSmoothing, augment or the like");
    Recipe recipe = resize(20).mixup().tta(new TestTimeAugmentation(2));
    assertThatThrownBy(() -> variants(recipe, Ablation.adding().only("cutmix")))
        .hasMessage("ablate: the recipe has no technique 'cutmix', but mixup, tta");
    assertThatThrownBy(() -> Ablation.adding().only("tta", "TTA"))
        .hasMessage("ablate: TTA is named twice; name each technique once");
    assertThatThrownBy(() -> Ablation.adding().seeds(0))
        .hasMessage("ablate: seeds must be between 1 and 1000, but is 0");
    Recipe restarts = resize(20).warmRestarts(2, 1, 2).mixup();
    assertThatThrownBy(() -> variants(restarts, Ablation.adding().withEqualSeconds()))
        .hasMessageStartingWith("ablate: equal seconds need other epochs for each variant, but '")
        .hasMessageEndingWith("is made for 3; choose another schedule, or equal epochs");
    // What does not fit the data is found before anything is trained.
    assertThatThrownBy(() -> labels(resize(20).geometry(new Shear(5)).lighting(new Grayscale(0.5))))
        .hasMessageContaining("is for 3 channels, but the images have 1");
  }
}
