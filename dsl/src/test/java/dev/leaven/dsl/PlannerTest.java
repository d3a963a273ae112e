package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.mix.CutMix;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.optimize.Adam;
import dev.leaven.runtime.optimize.FrozenNorms;
import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.RandomResizedCrop;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class PlannerTest {

  private static final GreySquares COLOUR = new GreySquares(200, 3);

  @Test
  void decides_what_is_left_open() {
    Recipe recipe = resize(128).then(224);
    Plan plan = recipe.plan(COLOUR);

    assertThat(plan.recipe()).isEqualTo(recipe.toJson());
    assertThat(plan.recipeHash()).isEqualTo(recipe.hash());
    assertThat(plan.data().source()).isEqualTo(COLOUR);
    assertThat(plan.data().classNames()).hasSize(10);
    assertThat(plan.data().trainImages()).isEqualTo(200);
    assertThat(plan.data().validImages()).isEqualTo(20);
    assertThat(plan.model().architecture()).isEqualTo(new XResNet(50));
    assertThat(plan.model().normalize()).isEqualTo(Normalize.imagenet());
    assertThat(plan.image().geometry())
        .containsExactly(RandomResizedCrop.presized(), new Flip(0.5));
    assertThat(plan.target().mixing()).isEmpty();
    assertThat(plan.target().mixOffForLast()).isZero();
    assertThat(plan.target().smoothing()).isEqualTo(new LabelSmoothing(0));
    assertThat(plan.step().optimizer()).isEqualTo(new Adam());
    assertThat(plan.course().scheduleOverAll()).isFalse();
    assertThat(plan.evaluation().tta()).isEmpty();
    assertThat(plan.seed()).isEqualTo(42);
    assertThat(plan.stages())
        .containsExactly(
            new Stage(128, 148, 128, 5, 64, 3, 3e-3, new OneCycle()),
            new Stage(224, 259, 224, 5, 64, 3, 3e-3 / 3, new OneCycle()));
  }

  @Test
  void keeps_what_was_said() {
    Plan plan =
        resize(64, s -> s.epochs(2).batchSize(20).learningRate(0.03))
            .then(96)
            .then(128, s -> s.learningRate(1e-4))
            .presize(160)
            .randomResizedCrop(0.35)
            .noFlip()
            .weightDecay(0.05)
            .mixupOrCutmix(0.2, 1, 0.3)
            .mixOffForLast(12)
            .seed(7)
            .plan(COLOUR);

    assertThat(plan.stages())
        .containsExactly(
            new Stage(64, 160, 80, 2, 20, 10, 0.03, new OneCycle()),
            new Stage(96, 160, 112, 5, 64, 3, 0.03 / 3, new OneCycle()),
            new Stage(128, 160, 152, 5, 64, 3, 1e-4, new OneCycle()));
    assertThat(plan.image().geometry()).containsExactly(RandomResizedCrop.from(0.35));
    assertThat(plan.step().optimizer()).isEqualTo(new Adam().weightDecay(0.05));
    assertThat(plan.target().mixing())
        .contains(new MixUpOrCutMix(new MixUp(0.2), new CutMix(1), 0.3));
    assertThat(plan.target().mixOffForLast()).isEqualTo(12);
    assertThat(plan.seed()).isEqualTo(7);
  }

  @Test
  void takes_all_images_as_a_batch_when_there_are_few() {
    Stage stage = resize(32).plan(new GreySquares(20, 3)).stages().get(0);

    assertThat(stage.batchSize()).isEqualTo(20);
    assertThat(stage.steps()).isEqualTo(1);
  }

  @Test
  void measures_the_statistics_of_grey_images() {
    Normalize measured = resize(32).plan(new GreySquares(256, 1)).model().normalize();

    assertThat(measured.mean().get(0)).isEqualTo(0.5, within(1e-9));
    assertThat(measured.std().get(0))
        .isEqualTo(Math.sqrt((256 * 256 - 1) / 12.0) / 255, within(1e-9));
    assertThat(resize(32).normalizeFromData().plan(COLOUR).model().normalize().channels())
        .isEqualTo(3);
  }

  @Test
  void refuses_what_does_not_fit_the_data() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(resize(32).batchSize(300), COLOUR))
        .withMessage(
            "batchSize: a batch of 300 is larger than the 200 training images; choose 200 or less");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(resize(32).then(64).presize(48), COLOUR))
        .withMessage("presize: size must be at least 64, but is 48");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(resize(32).then(64).cutmix().mixOffForLast(11), COLOUR))
        .withMessage(
            "mixOffForLast: epochs must be between 0 and 10, the epochs of all stages, but is 11");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(resize(32).normalize(Normalize.imagenet()), new GreySquares(20, 1)))
        .withMessage("normalize: the statistics are for 3 channels, but the images have 1");
  }

  @Test
  void aCacheIsForFilesAndDecidedInThePlan(@TempDir Path folder) throws IOException {
    for (String name : List.of("train/a", "train/b", "val/a", "val/b")) {
      Path file = Files.createDirectories(folder.resolve(name)).resolve("1.jpg");
      ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "jpg", file.toFile());
    }
    DataSource files = ImageFolder.of(folder);
    assertThat(resize(32).plan(files).data().cache()).isEqualTo(DecodedCache.NONE);
    // Two images fit into a quarter of any machine's memory.
    assertThat(resize(32).cache().plan(files).data().cache()).isEqualTo(DecodedCache.MEMORY);
    assertThat(resize(32).cache(DecodedCache.DISK).plan(files).data().cache())
        .isEqualTo(DecodedCache.DISK);
    assertThat(resize(32).cache().plan(COLOUR).data().cache()).isEqualTo(DecodedCache.NONE);
    assertThat(resize(32).cache().explain(files))
        .contains("cache      decoded images in memory, about 1 MB for the largest stage\n")
        .contains("  1. resized to a shorter side of 37 px, once; its largest square, at a random");
    assertThat(resize(32).explain(files)).doesNotContain("cache", "shorter side of");
  }

  private static void plan(Recipe recipe, GreySquares data) {
    throw new AssertionError("accepted: " + recipe.plan(data));
  }

  @Test
  void fine_tuning_is_fastais_two_phases() {
    Plan plan = resize(64).batchSize(32).model(new Grouped()).fineTune(4, 2e-3).plan(COLOUR);

    Stage head = plan.stages().get(0);
    assertThat(head.epochs()).isEqualTo(1);
    assertThat(head.learningRate()).isEqualTo(2e-3);
    assertThat(head.schedule()).isEqualTo(new OneCycle(25, 1e5, 0.99, 0.95, 0.85));
    assertThat(head.groups()).contains(new GroupRates(2, FrozenNorms.NONE, List.of(0.1, 0.1, 1.0)));
    Stage all = plan.stages().get(1);
    assertThat(all.epochs()).isEqualTo(4);
    assertThat(all.learningRate()).isEqualTo(1e-3);
    assertThat(all.schedule()).isEqualTo(new OneCycle(5, 1e5, 0.3, 0.95, 0.85));
    assertThat(all.groups().orElseThrow().frozen()).isZero();
    assertThat(all.groups().orElseThrow().factors().get(0)).isCloseTo(0.01, within(1e-12));
    assertThat(plan.stages()).allMatch(stage -> stage.batchSize() == 32 && stage.size() == 64);
  }

  @Test
  void a_model_of_one_group_has_nothing_to_freeze_in_fine_tuning() {
    Plan plan = resize(64).model(new Whole()).fineTune(4).plan(COLOUR);

    assertThat(plan.stages()).hasSize(2).allMatch(stage -> stage.groups().isEmpty());
    assertThatThrownBy(() -> plan(resize(64).model(new Whole()).freeze(1), COLOUR))
        .hasMessage("freeze: of 1 parameter groups at most 0 can be frozen, but 1 are said");
  }

  @Test
  void discriminative_rates_span_the_groups() {
    Plan plan = resize(64).model(new Grouped()).discriminative(1e-5, 1e-3).freeze(1).plan(COLOUR);

    Stage stage = plan.stages().get(0);
    assertThat(stage.learningRate()).isEqualTo(1e-3);
    assertThat(stage.groups().orElseThrow().frozen()).isEqualTo(1);
    assertThat(stage.groups().orElseThrow().factors().get(1)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void norms_are_frozen_with_their_groups_or_all() {
    Plan some = resize(64).model(new Grouped()).freeze(2).freezeNorms().plan(COLOUR);
    Plan all = resize(64).model(new Whole()).freezeAllNorms().plan(COLOUR);

    assertThat(some.stages().get(0).groups().orElseThrow())
        .isEqualTo(new GroupRates(2, FrozenNorms.IN_FROZEN_GROUPS, List.of(1.0, 1.0, 1.0)));
    assertThat(all.stages().get(0).groups().orElseThrow())
        .isEqualTo(new GroupRates(0, FrozenNorms.ALL, List.of(1.0)));
    assertThat(some.stages().get(0).groups().orElseThrow().describe())
        .isEqualTo("groups: 2 of 3 frozen with their norms, rates × 1, 1, 1");
    assertThat(all.stages().get(0).groups().orElseThrow().describe())
        .isEqualTo("groups: all batch norms frozen, rates × 1");
    assertThatThrownBy(() -> plan(resize(64).model(new Grouped()).freezeNorms(), COLOUR))
        .hasMessage(
            "freezeNorms: no parameter group is frozen whose norms it could freeze; say freeze(1),"
                + " or freezeAllNorms() for all norms of the model");
  }

  /** A model of three groups, never built here. */
  record Grouped() implements Architecture {
    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      throw new AssertionError("a plan builds no model");
    }

    @Override
    public List<List<String>> parameterGroups() {
      return List.of(List.of("a."), List.of("b."), List.of("head."));
    }

    @Override
    public String describe() {
      return "three groups";
    }
  }

  /** A model of one group, never built here. */
  record Whole() implements Architecture {
    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      throw new AssertionError("a plan builds no model");
    }

    @Override
    public String describe() {
      return "one group";
    }
  }
}
