package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.evaluate.FlipView;
import dev.leaven.runtime.evaluate.MultiScale;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.loss.Focal;
import dev.leaven.runtime.mix.Batch;
import dev.leaven.runtime.mix.CutMix;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.models.ResNet;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.optimize.Adam;
import dev.leaven.runtime.optimize.AdaptiveClip;
import dev.leaven.runtime.optimize.Cosine;
import dev.leaven.runtime.optimize.Lookahead;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.Ranger;
import dev.leaven.runtime.optimize.Sam;
import dev.leaven.runtime.optimize.Sgd;
import dev.leaven.runtime.optimize.StepDecay;
import dev.leaven.runtime.optimize.WarmRestarts;
import dev.leaven.runtime.plan.EarlyStopping;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.RandomResizedCrop;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.op.Ops;

class RecipeTest {

  private static final Recipe SENTENCE = SaidInJava.SENTENCE;

  /** A technique as a user would write it. */
  public record Unmixed(int strength) implements Mixing {
    @Override
    public Batch mix(Ops tf, Batch batch, dev.leaven.runtime.graph.Randomness randomness) {
      return batch;
    }

    @Override
    public String describe() {
      return "nothing is mixed";
    }
  }

  static List<Recipe> recipes() {
    return List.of(
        resize(16),
        SENTENCE,
        resize(128, stage -> stage.epochs(4)).then(224, stage -> stage.learningRate(1e-3)),
        resize(64).batchSize(32).model(new XResNet(18)).presize(80).noFlip().seed(1L << 40),
        resize(64).flip(0.25).normalizeFromData().mixup(0.2).weightDecay(0.05),
        resize(64).randomResizedCrop(0.35).normalize(Normalize.imagenet()).optimizer(new Adam()),
        resize(64).schedule(new OneCycle()).tta(new TestTimeAugmentation(2, 0.5, true)),
        resize(64).mixing(new Unmixed(3)).randomResizedCrop(RandomResizedCrop.presized()),
        resize(64).cutmix().mixOffForLast(2),
        resize(64).cutmix(0.5),
        resize(64).mixupOrCutmix(),
        resize(64).mixupOrCutmix(0.2, 1, 0.3),
        resize(64).mixing(new MixUp(0.4, true, false)),
        resize(64).mixing(new CutMix(1, true)),
        resize(64)
            .mixing(new MixUpOrCutMix(new MixUp(), new CutMix(0.7, true), 0.3))
            .mixOffForLast(0),
        resize(64).cache(),
        resize(64).cache(DecodedCache.DISK),
        resize(64).optimizer(new Ranger()).flatCosine(),
        resize(64).optimizer(new Lookahead(new Sgd(0.9), 5, 0.8)).warmRestarts(3, 1, 2).warmUp(1),
        resize(64).schedule(new WarmRestarts(3, 1, 1, 0.5)).warmUp(0.05),
        resize(64).then(96).schedule(new Cosine()).scheduleOverAll(),
        resize(64).then(96, stage -> stage.epochs(3).schedule(new StepDecay(List.of(0.5), 0.1))),
        resize(64).augment().randAugment().erase(0.25).squish().precision(Precision.FLOAT32),
        resize(64).loss(new Focal()).classWeights().balanced().clipGradients(1).ema(),
        resize(64).classWeights(1, 2.5).repeat(3).accumulate(4).autoBatchSize(false).ema(50),
        resize(64).clipGradients(new AdaptiveClip()).swa().labelSmoothing(0.1),
        resize(64).freeze(1).then(96).discriminative(1e-5, 1e-3).then(128).fineTune(3),
        resize(64).freeze(1).freezeNorms().then(96).freezeAllNorms(),
        resize(64).precision(Precision.FLOAT16).lossScale(new LossScale(1024, 500)),
        resize(64).optimizer(new Sam(new Sgd(0.9), 0.1)).weightDecay(1e-4),
        resize(64).model(new ResNet(50)).pretrained(Path.of("/weights/a.safetensors")),
        resize(64).earlyStopping(3).timeLimit(90).evaluateAt(80),
        resize(64).stopping(new EarlyStopping(2, 0.001, EarlyStopping.Watched.LOSS)));
  }

  @Test
  void says_what_is_trained_in_the_words_it_was_said_in() {
    assertThat(recipes().subList(22, 28).stream().map(Recipe::toString))
        .containsExactly(
            "resize(64).squish().augment().randAugment().erase(0.25).precision(Precision.FLOAT32)",
            "resize(64).loss(new Focal()).classWeights().balanced().clipGradients(1).ema()",
            "resize(64).classWeights(1, 2.5).repeat(3).accumulate(4)"
                + ".autoBatchSize(false).ema(50)",
            "resize(64).labelSmoothing(0.1).clipGradients(new AdaptiveClip()).swa()",
            "resize(64).freeze(1).then(96).discriminative(1.0E-5, 0.001)"
                + ".then(128).fineTune(3, 0.002)",
            "resize(64).freeze(1).freezeNorms().then(96).freezeAllNorms()");
  }

  /** A part that the sentence forgot would be missing wherever a recipe is shown. */
  @Test
  void says_every_part() throws Exception {
    ObjectMapper json = new ObjectMapper();
    Set<String> said = new TreeSet<>();
    for (Recipe recipe : recipes()) {
      ObjectNode parts = (ObjectNode) json.readTree(recipe.toJson());
      for (Iterator<String> names = parts.fieldNames(); names.hasNext(); ) {
        String part = names.next();
        said.add(part);
        ObjectNode others = parts.deepCopy();
        others.remove(part);
        if (!part.equals("stages")) {
          assertThat(read(others.toString()).toString()).as(part).isNotEqualTo(recipe.toString());
        }
      }
    }
    Set<String> all = new TreeSet<>();
    all.add("stages");
    Part.ALL.forEach(part -> all.add(part.key()));
    assertThat(said).isEqualTo(all);
  }

  @Test
  void says_schedules_in_short_words_where_there_are_some() {
    assertThat(recipes().subList(17, 22).stream().map(Recipe::toString))
        .containsExactly(
            "resize(64).optimizer(new Ranger()).flatCosine()",
            "resize(64).optimizer(new Lookahead(new Sgd(0.9), 5, 0.8))"
                + ".warmRestarts(3, 1, 2).warmUp(1)",
            "resize(64).schedule(new WarmRestarts(3, 1, 1, 0.5)).warmUp(0.05)",
            "resize(64).then(96).schedule(new Cosine()).scheduleOverAll()",
            "resize(64).then(96, stage -> stage.schedule(new StepDecay(List.of(0.5), 0.1)))"
                + ".epochs(3)");
  }

  @Test
  void is_written_as_the_sentence_it_was_said_in() {
    assertThat(resize(64).cache()).hasToString("resize(64).cache()");
    assertThat(resize(64).cache(DecodedCache.MEMORY))
        .hasToString("resize(64).cache(DecodedCache.MEMORY)");
    assertThat(SENTENCE).hasToString("resize(128).then(224).mixup().labelSmoothing(0.1).tta(4)");
    assertThat(recipes().get(2)).hasToString("resize(128).epochs(4).then(224).learningRate(0.001)");
    assertThat(recipes().get(3))
        .hasToString(
            "resize(64).batchSize(32).model(new XResNet(18)).presize(80).noFlip()"
                + ".seed(1099511627776L)");
    assertThat(recipes().get(4))
        .hasToString("resize(64).flip(0.25).normalizeFromData().mixup(0.2).weightDecay(0.05)");
    assertThat(recipes().get(5))
        .hasToString(
            "resize(64).randomResizedCrop(0.35).normalize(Normalize.imagenet())"
                + ".optimizer(new Adam())");
    assertThat(recipes().get(6))
        .hasToString("resize(64).oneCycle().tta(new TestTimeAugmentation(2, 0.5, true))");
    assertThat(recipes().get(7))
        .hasToString(
            "resize(64).randomResizedCrop(RandomResizedCrop.presized()).mixing(new Unmixed(3))");
  }

  @Test
  void views_at_test_time_come_back_from_json_and_are_said_as_written() {
    Recipe flip = resize(64).tta(new FlipView());
    assertThat(Recipe.fromJson(flip.toJson())).isEqualTo(flip);
    assertThat(flip).hasToString("resize(64).tta(new FlipView())");
    Recipe larger = resize(64).evaluateAt(80);
    assertThat(Recipe.fromJson(larger.toJson())).isEqualTo(larger);
    assertThat(larger).hasToString("resize(64).evaluateAt(80)");
    assertThatThrownBy(() -> resize(64).evaluateAt(8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("evaluateAt: size must be at least 16, but is 8");
    Recipe scales = resize(64).tta(new MultiScale(List.of(1.25), true, 0.5, false));
    assertThat(Recipe.fromJson(scales.toJson())).isEqualTo(scales);
    assertThat(scales)
        .hasToString("resize(64).tta(new MultiScale(List.of(1.25), true, 0.5, false))");
  }

  @Test
  void says_a_mixing_in_a_short_word_where_there_is_one() {
    assertThat(recipes().subList(8, 15).stream().map(Recipe::toString))
        .containsExactly(
            "resize(64).cutmix().mixOffForLast(2)",
            "resize(64).cutmix(0.5)",
            "resize(64).mixupOrCutmix()",
            "resize(64).mixupOrCutmix(0.2, 1, 0.3)",
            "resize(64).mixing(new MixUp(0.4, true, false))",
            "resize(64).mixing(new CutMix(1, true))",
            "resize(64).mixing(new MixUpOrCutMix(new MixUp(), new CutMix(0.7, true), 0.3))"
                + ".mixOffForLast(0)");
  }

  @Test
  void says_when_it_ends_early() {
    assertThat(resize(64).earlyStopping(3).timeLimit(90))
        .hasToString("resize(64).earlyStopping(3).timeLimit(90)");
    assertThat(resize(64).stopping(new EarlyStopping(2, 0.001, EarlyStopping.Watched.LOSS)))
        .hasToString(
            "resize(64).stopping(new EarlyStopping(2, 0.001, EarlyStopping.Watched.LOSS))");
    assertThat(resize(64).earlyStopping(3).timeLimit(90).earlyStopping(2))
        .hasToString("resize(64).timeLimit(90).earlyStopping(2)");
    assertThat(resize(64).earlyStopping(3).plan(new GreySquares(20, 1)).course().stopping())
        .containsExactly(new EarlyStopping(3));
    assertThat(resize(64).plan(new GreySquares(20, 1)).course().stopping()).isEmpty();
    assertThat(resize(64).earlyStopping(3).timeLimit(90).explain(new GreySquares(20, 1)))
        .contains(
            "\nstopping   ends early after 3 epochs without a better score\n"
                + "           ends after 90 minutes of training\n");
  }

  @Test
  void is_the_same_in_any_order_and_the_last_word_wins() {
    Recipe other = resize(128).tta(9).labelSmoothing(0.1).tta(4).mixup(0.1).mixup().then(224);

    assertThat(other).isEqualTo(SENTENCE).hasSameHashCodeAs(SENTENCE);
    assertThat(other.hash()).isEqualTo(SENTENCE.hash());
    assertThat(resize(64).normalize(Normalize.imagenet()).normalizeFromData())
        .isEqualTo(resize(64).normalizeFromData());
    assertThat(resize(64).normalizeFromData().normalize(Normalize.imagenet()))
        .isEqualTo(resize(64).normalize(Normalize.imagenet()));
    assertThat(resize(64).warmUp(0.1).warmUp(2)).isEqualTo(resize(64).warmUp(2));
    assertThat(resize(64).warmUp(2).warmUp(0.1)).isEqualTo(resize(64).warmUp(0.1));
  }

  @Test
  void is_never_changed() {
    Recipe first = resize(128);
    Recipe second = first.epochs(3);

    assertThat(second).isNotEqualTo(first);
    assertThat(first).hasToString("resize(128)");
  }

  @Test
  void epochs_batch_size_and_learning_rate_speak_of_the_latest_stage() {
    assertThat(resize(128).epochs(3).then(224).batchSize(16).learningRate(0.01))
        .isEqualTo(
            resize(128, s -> s.epochs(3)).then(224, s -> s.learningRate(0.01).batchSize(16)));
  }

  @Test
  void has_a_json_form_with_only_what_was_said() {
    assertThat(SENTENCE.toJson())
        .isEqualTo(
            "{\"labelSmoothing\":{\"technique\":\"LabelSmoothing\",\"epsilon\":0.1},"
                + "\"mixing\":{\"technique\":\"MixUp\",\"alpha\":0.4},"
                + "\"stages\":[{\"size\":128},{\"size\":224}],"
                + "\"tta\":{\"technique\":\"TestTimeAugmentation\",\"beta\":0.25,"
                + "\"max\":false,\"passes\":4}}");
  }

  @Test
  void has_a_hash_that_does_not_change_between_versions() {
    assertThat(SENTENCE.hash()).isEqualTo("e60b0aec41b0");
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void comes_back_from_json(Recipe recipe) {
    Recipe back = Recipe.fromJson(recipe.toJson());

    assertThat(back).isEqualTo(recipe).hasToString(recipe.toString());
    assertThat(back.hash()).isEqualTo(recipe.hash());
  }

  @Test
  void refuses_json_that_is_no_recipe() {
    refuses(() -> read("{}"), "not a Recipe in JSON: a recipe needs at least one stage");
    refuses(
        () -> read("{\"stages\":[{\"size\":8}]}"),
        "not a Recipe in JSON: resize: size must be at least 16, but is 8");
    refuses(
        () -> read("{\"stages\":[{\"size\":64}],\"model\":{\"technique\":\"MixUp\"}}"),
        "not a Recipe in JSON: there is no Architecture named 'MixUp' on the class path");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("{\"stages\":[{\"size\":64}],\"tts\":4}"))
        .withMessageStartingWith("not a Recipe in JSON: Unrecognized field \"tts\"");
  }

  @Test
  void refuses_values_outside_their_range() {
    refuses(() -> say(resize(15)), "resize: size must be at least 16, but is 15");
    refuses(() -> say(SENTENCE.then(15)), "then: size must be at least 16, but is 15");
    refuses(() -> say(SENTENCE.presize(8)), "presize: size must be at least 16, but is 8");
    refuses(() -> say(SENTENCE.epochs(0)), "epochs: epochs must be at least 1, but is 0");
    refuses(() -> say(SENTENCE.batchSize(0)), "batchSize: batch size must be at least 1, but is 0");
    refuses(
        () -> say(SENTENCE.learningRate(0)),
        "learningRate: learning rate must be above 0, but is 0");
    refuses(
        () -> say(SENTENCE.labelSmoothing(1.5)),
        "labelSmoothing: epsilon must be at least 0 and below 1, but is 1.5");
    refuses(() -> say(SENTENCE.tta(-1)), "tta: passes must be between 1 and 1000, but is -1");
    refuses(() -> say(SENTENCE.mixup(0)), "mixup: alpha must be above 0, but is 0");
    refuses(() -> say(SENTENCE.cutmix(101)), "cutmix: alpha must be between 0 and 100, but is 101");
    refuses(
        () -> say(SENTENCE.mixupOrCutmix(0.4, -1, 0.5)),
        "cutmix: alpha must be above 0, but is -1");
    refuses(
        () -> say(SENTENCE.mixupOrCutmix(0.4, 1, 2)),
        "mixupOrCutmix: odds must be between 0 and 1, but is 2");
    refuses(
        () -> say(SENTENCE.mixOffForLast(-1)),
        "mixOffForLast: epochs must be at least 0, but is -1");
    refuses(() -> say(SENTENCE.warmUp(0)), "warmUp: epochs must be at least 1, but is 0");
    refuses(() -> say(SENTENCE.warmUp(1.0)), "warmUp: share must be above 0 and below 1, but is 1");
    refuses(
        () -> say(SENTENCE.warmRestarts(0, 1, 2)),
        "warmRestarts: cycles must be at least 1, but is 0");
    refuses(() -> say(SENTENCE.flip(2)), "flip: probability must be between 0 and 1, but is 2");
    refuses(
        () -> say(SENTENCE.weightDecay(-1)),
        "weightDecay: weight decay must be between 0 and 1, but is -1");
    refuses(
        () -> say(SENTENCE.randomResizedCrop(0)),
        "randomResizedCrop: minScale must be above 0, but is 0");
  }

  private static Recipe read(String json) {
    return Recipe.fromJson(json);
  }

  private static void say(Recipe recipe) {
    throw new AssertionError("accepted: " + recipe);
  }

  private static void refuses(ThrowingCallable what, String message) {
    assertThatIllegalArgumentException().isThrownBy(what).withMessage(message);
  }
}
