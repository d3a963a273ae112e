package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.dsl.Training.Trained;
import dev.leaven.dsl.ablate.Ablation;
import dev.leaven.dsl.ablate.AblationListener;
import dev.leaven.dsl.ablate.AblationRun;
import dev.leaven.dsl.ablate.Ledger;
import dev.leaven.dsl.ablate.Outcome;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of runs, what is kept of them and what is made of it, without training anything. */
class AblationRunsTest {

  private static final Recipe RECIPE =
      resize(16).epochs(2).then(32).epochs(2).mixup().labelSmoothing(0.1).tta(2);

  @TempDir Path directory;
  private DataSource data = new GreySquares(200, 1);

  /** Pretends to train: an epoch takes a second for each 16×16 px, and MixUp two more. */
  private static final class Pretence implements Training {

    private final List<String> trained = new ArrayList<>();
    private int stopAfter = Integer.MAX_VALUE;

    @Override
    public Optional<Trained> train(Recipe recipe, Path run, List<TrainingListener> listeners) {
      if (trained.size() == stopAfter) {
        listeners.forEach(listener -> listener.onInterrupted(run, 1, 3));
        return Optional.empty();
      }
      trained.add(run.getParent().getFileName() + "/" + run.getFileName());
      try {
        Files.createDirectories(run.resolve("last"));
        Files.writeString(run.resolve("recipe.json"), recipe.toJson());
        Files.writeString(run.resolve("last/checkpoint.safetensors"), "weights");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Plan plan = recipe.plan(new GreySquares(200, 1));
      double seed = plan.seed() - 42;
      double score = 0.5 + 0.01 * seed * seed;
      score += plan.target().mixing().isPresent() ? 0.03 + 0.001 * seed : 0;
      score += plan.target().smoothing().epsilon() > 0 ? 0.02 * (seed - 1) : 0;
      List<Double> epoch =
          plan.stages().stream()
              .map(s -> s.size() * s.size() / 256.0 + (plan.target().mixing().isPresent() ? 2 : 0))
              .toList();
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < epoch.size(); i++) {
        seconds.add(epoch.get(i) * plan.stages().get(i).epochs());
      }
      return Optional.of(
          new Trained(
              plan.recipeHash(),
              "grey squares",
              Metric.TOP1,
              20,
              score,
              plan.evaluation().tta().isPresent()
                  ? OptionalDouble.of(score + 0.1)
                  : OptionalDouble.empty(),
              seconds,
              epoch,
              plan.evaluation().tta().isPresent() ? 5 : 0));
    }
  }

  private Ledger ablate(Ablation ablation, Training training, AblationListener listener) {
    Variants variants = Variants.of(RECIPE, ablation, data.load(42));
    return new AblationRuns(RECIPE, ablation, variants, directory, training, listener).carryOut();
  }

  private Ledger ablate(Ablation ablation, Training training) {
    return ablate(ablation, training, new AblationListener() {});
  }

  @Test
  void trains_all_variants_with_one_seed_before_the_next() {
    Pretence training = new Pretence();
    Ledger ledger = ablate(Ablation.adding(), training);

    assertThat(training.trained)
        .startsWith(
            "0-baseline/seed-42",
            "1-then/seed-42",
            "2-mixup/seed-42",
            "3-labelSmoothing/seed-42",
            "0-baseline/seed-43")
        .hasSize(12)
        .doesNotHaveDuplicates();
    assertThat(ledger.finished()).isTrue();
    assertThat(ledger.rows())
        .extracting(Ledger.Row::name)
        .containsExactly("baseline", "then", "mixup", "labelSmoothing", "tta");
    assertThat(ledger.seeds()).containsExactly(42L, 43L, 44L);
  }

  @Test
  void the_ledger_has_the_scores_of_the_runs() {
    Ledger ledger = ablate(Ablation.adding(), new Pretence());

    // Four epochs of 32 px; then two of 16 px and two of 32 px.
    assertThat(ledger.rows().get(0).outcomes())
        .extracting(Outcome::score)
        .containsExactly(0.5, 0.51, 0.54);
    assertThat(ledger.rows().get(0).seconds().mean()).isEqualTo(16);
    assertThat(ledger.rows().get(1).seconds().mean()).isEqualTo(10);
    assertThat(ledger.rows().get(1).gain().orElseThrow().mean()).isZero();
    // 0.030, 0.031, 0.032.
    assertThat(ledger.rows().get(2).gain().orElseThrow().mean()).isCloseTo(0.031, within(1e-15));
    assertThat(ledger.rows().get(2).gain().orElseThrow().largerThanNoise().words())
        .isEqualTo("yes");
    // -0.02, 0, 0.02.
    assertThat(ledger.rows().get(3).gain().orElseThrow().largerThanNoise().words()).isEqualTo("no");
    // The same runs, with the time that evaluating took.
    assertThat(ledger.rows().get(4).gain().orElseThrow().mean()).isCloseTo(0.1, within(1e-15));
    assertThat(ledger.rows().get(4).seconds().mean()).isEqualTo(18 + 5);
    assertThat(ledger.rows().get(3).seconds().mean()).isEqualTo(18);
    assertThat(ledger.together().orElseThrow().mean()).isCloseTo(0.131, within(1e-15));
    assertThat(ledger.validImages()).isEqualTo(20);
    // Another program can say which runs these were.
    String hash = RECIPE.seed(44).hash();
    assertThat(ledger.rows().get(4).outcomes().get(2).recipeHash()).isEqualTo(hash);
  }

  @Test
  void without_it_each_technique_is_missing() {
    Ledger ledger = ablate(Ablation.leavingOneOut(), new Pretence());

    assertThat(ledger.rows())
        .extracting(Ledger.Row::name)
        .containsExactly(
            "recipe", "without-then", "without-mixup", "without-labelSmoothing", "without-tta");
    assertThat(ledger.rows().get(2).gain().orElseThrow().mean()).isCloseTo(0.031, within(1e-15));
    assertThat(ledger.rows().get(4).gain().orElseThrow().mean()).isCloseTo(0.1, within(1e-15));
    assertThat(ledger.together()).isEmpty();
  }

  @Test
  void goes_on_where_it_was_stopped() throws IOException {
    Pretence first = new Pretence();
    first.stopAfter = 5;
    List<String> heard = new ArrayList<>();
    AblationListener listener =
        new AblationListener() {
          @Override
          public void onStart(String plan, Path where, int done, int runs) {
            heard.add("%d of %d".formatted(done, runs));
          }

          @Override
          public void onInterrupted(Path where) {
            heard.add("interrupted");
          }

          @Override
          public void onEnd(Ledger ledger, Path where) {
            heard.add("ended");
          }
        };
    Ledger stopped = ablate(Ablation.adding(), first, listener);
    assertThat(stopped.finished()).isFalse();
    assertThat(stopped.rows().get(0).outcomes()).hasSize(2);
    assertThat(stopped.rows().get(1).outcomes()).hasSize(1);
    assertThat(Ledger.fromJson(Files.readString(directory.resolve("ledger.json"))))
        .isEqualTo(stopped);

    Pretence second = new Pretence();
    Ledger ledger = ablate(Ablation.adding(), second, listener);
    assertThat(second.trained).hasSize(7).startsWith("1-then/seed-43").doesNotHaveDuplicates();
    assertThat(heard).containsExactly("0 of 12", "interrupted", "5 of 12", "ended");

    Pretence none = new Pretence();
    assertThat(ablate(Ablation.adding(), none)).isEqualTo(ledger);
    assertThat(none.trained).isEmpty();
    // More seeds go on from there.
    assertThat(ablate(Ablation.adding().seeds(4), none).finished()).isTrue();
    assertThat(none.trained).hasSize(4).allMatch(run -> run.endsWith("seed-45"));
    assertThat(directory.resolve("ledger.md")).content().contains("| + tta(2) |");
  }

  @Test
  void weights_of_finished_runs_stay_only_if_asked_to() {
    ablate(Ablation.adding().seeds(1), new Pretence());
    assertThat(directory.resolve("1-then/seed-42/outcome.json")).exists();
    assertThat(directory.resolve("1-then/seed-42/last")).doesNotExist();

    ablate(Ablation.adding().seeds(2).keepingWeights(), new Pretence());
    assertThat(directory.resolve("1-then/seed-43/last/checkpoint.safetensors")).exists();
  }

  @Test
  void runs_of_another_recipe_or_other_data_are_refused() {
    ablate(Ablation.adding().seeds(1), new Pretence());

    assertThatThrownBy(() -> ablate(Ablation.adding().seeds(1).epochs(6), new Pretence()))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("0-baseline/seed-42 belongs to another recipe; choose another")
        .hasMessageEndingWith("stage 1: epochs 4 there, 6 here");
    DataSource grey = data;
    data =
        new DataSource() {
          @Override
          public ImageData load(long seed) {
            var images = grey.load(seed);
            return new ImageData(
                this, images.classNames(), 1, images.train(), images.valid(), images.skipped());
          }

          @Override
          public String describe() {
            return "black squares";
          }
        };
    assertThatThrownBy(() -> ablate(Ablation.adding().seeds(1), new Pretence()))
        .isInstanceOf(RunException.class)
        .hasMessageEndingWith(
            "0-baseline/seed-42 is a run on other data, grey squares; choose another directory");
  }

  @Test
  void a_run_without_a_checkpoint_begins_anew() throws IOException {
    Path run = Files.createDirectories(directory.resolve("0-baseline/seed-42"));
    Recipe baseline =
        Variants.of(RECIPE, Ablation.adding(), data.load(42)).all().get(0).recipe().seed(42);
    Files.writeString(run.resolve("recipe.json"), baseline.toJson());
    Files.writeString(run.resolve("plan.txt"), "of before");

    assertThat(ablate(Ablation.adding().seeds(1), new Pretence()).finished()).isTrue();
    assertThat(run.resolve("plan.txt")).doesNotExist();
  }

  @Test
  void equal_seconds_are_other_epochs() {
    Pretence training = new Pretence();
    Ledger ledger = ablate(Ablation.adding().seeds(1).withEqualSeconds(), training);

    assertThat(training.trained)
        .startsWith("0-baseline/timed", "1-then/timed", "2-mixup/timed", "3-labelSmoothing/timed")
        .hasSize(8);
    // 4 epochs of 32 px take 16 s; 2 + 2 take 10 s, so 6 epochs fit; with MixUp 18 s, so 3 fit.
    assertThat(ledger.rows()).extracting(Ledger.Row::epochs).containsExactly(4, 6, 3, 3, 3);
    assertThat(ledger.rows().get(1).seconds().mean()).isEqualTo(3 * 1 + 3 * 4);
    // What was timed is not timed again.
    Pretence again = new Pretence();
    assertThat(ablate(Ablation.adding().seeds(1).withEqualSeconds(), again)).isEqualTo(ledger);
    assertThat(again.trained).isEmpty();
  }

  @Test
  void other_data_and_other_settings_have_another_directory() {
    Ablation ablation = Ablation.adding();
    Path usual = ablation.directory("pets-e60b0aec41b0", data);

    assertThat(usual.toString()).matches("ablations.pets-e60b0aec41b0-[0-9a-f]{8}");
    assertThat(ablation.seeds(5).keepingWeights().directory("pets-e60b0aec41b0", data))
        .isEqualTo(usual);
    assertThat(ablation.directory("pets-e60b0aec41b0", data.subset(0.5))).isNotEqualTo(usual);
    assertThat(
            Ablation.leavingOneOut()
                .withEqualSeconds()
                .epochs(9)
                .only("label-smoothing", "tta")
                .directory("pets-e60b0aec41b0", data)
                .toString())
        .endsWith("-leave-one-out-equal-seconds-9-epochs-labelsmoothing-tta");
  }

  @Test
  void tells_how_long_it_will_take() {
    List<AblationRun> ablationRuns = new ArrayList<>();
    AblationListener listener =
        new AblationListener() {
          @Override
          public TrainingListener onRun(AblationRun ablationRun) {
            ablationRuns.add(ablationRun);
            return new TrainingListener() {};
          }
        };
    ablate(Ablation.adding().seeds(1), new Pretence(), listener);

    assertThat(ablationRuns).extracting(AblationRun::number).containsExactly(1, 2, 3, 4);
    assertThat(ablationRuns).extracting(AblationRun::runs).containsOnly(4);
    assertThat(ablationRuns.get(0).secondsLeft()).isEmpty();
    assertThat(ablationRuns.get(1).variant()).isEqualTo("+ progressive resizing (16, 32 px)");
    assertThat(ablationRuns.get(3).secondsLeft()).isPresent();
  }
}
