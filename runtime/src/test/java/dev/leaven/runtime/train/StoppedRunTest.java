package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.plan.EarlyStopping;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.plan.Stopping;
import dev.leaven.runtime.plan.TimeLimit;
import dev.leaven.runtime.run.RunControl;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.StepReport;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that a rule ends before their last epoch. */
@Tag("slow")
class StoppedRunTest {

  @TempDir Path directory;

  /** Ends a run after an epoch's step, whatever the clock says. */
  record EndsAt(int epoch, int step) implements Stopping {

    // A rule sees the clock but no step, so the test counts the times that it was asked.
    private static int asked;

    @Override
    public Optional<String> afterEpoch(List<EpochReport> history) {
      return history.size() >= epoch && step == 0 ? Optional.of("the test") : Optional.empty();
    }

    @Override
    public Optional<String> afterStep(List<EpochReport> history, double seconds) {
      asked = history.size() == epoch - 1 ? asked + 1 : 0;
      return step > 0 && asked == step ? Optional.of("the test") : Optional.empty();
    }

    @Override
    public String describe() {
      return "ends at epoch %d, step %d".formatted(epoch, step);
    }
  }

  private static Plan plan(Stopping... rules) {
    return Runs.with(Runs.plan(), "stopping", List.of(rules));
  }

  private RunResult train(Plan plan, String name, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve(name), listener);
  }

  private RunResult resume(Plan plan, String name) {
    return Trainer.resume(directory.resolve(name), plan.data().source(), new TrainingListener() {});
  }

  private static TrainingListener stopsAt(int epoch, int step) {
    return new TrainingListener() {
      private int present;
      private RunControl control;

      @Override
      public void onControl(RunControl control) {
        this.control = control;
      }

      @Override
      public void onEpochStart(int epoch, int stageNumber, Stage stage) {
        present = epoch;
      }

      @Override
      public void onStep(StepReport report) {
        if (present == epoch && report.step() == step) {
          control.stop();
        }
      }
    };
  }

  @Test
  void aRuleEndsARunAsFinishedAlsoWhenItWasStoppedBefore() throws Exception {
    // Nothing learned from, the score of the second epoch cannot be better by as much as this.
    Plan plan = plan(new EarlyStopping(1, 1, EarlyStopping.Watched.METRIC));
    List<String> phases = new ArrayList<>();
    RunResult whole =
        train(
            plan,
            "whole",
            new TrainingListener() {
              @Override
              public void onPhase(String what) {
                phases.add(what);
              }
            });
    assertThat(whole.finished()).isTrue();
    assertThat(whole.history()).hasSize(2);
    assertThat(whole.ended()).contains("no better top-1 in 1 epoch than in epoch 1");
    assertThat(whole.tta()).isPresent();
    assertThat(phases).endsWith("validating", "test-time augmentation");
    assertThat(Files.readString(directory.resolve("whole/summary.json")))
        .contains(
            "\"finished\" : true", "\"ended\" : \"no better top-1 in 1 epoch than in epoch 1\"");
    // The rule knows the first epoch after a resume, too.
    RunResult first = train(plan, "stopped", stopsAt(2, 3));
    assertThat(first.finished()).isFalse();
    assertThat(first.ended()).isEmpty();
    RunResult second = resume(plan, "stopped");
    assertThat(Runs.numbers(second)).isEqualTo(Runs.numbers(whole));
    assertThat(second.ended()).isEqualTo(whole.ended());
    assertThat(second.tta()).isEqualTo(whole.tta());

    RunResult again = resume(plan, "whole");
    assertThat(again.finished()).isTrue();
    assertThat(again.history()).isEqualTo(whole.history());
    assertThat(again.ended()).isEqualTo(whole.ended());
  }

  @Test
  void anEpochThatIsEndedEarlyIsValidatedAndReported() {
    List<Double> losses = new ArrayList<>();
    Plan plan = plan(new EndsAt(2, 4));
    RunResult run =
        train(
            plan,
            "cut",
            new TrainingListener() {
              @Override
              public void onStep(StepReport report) {
                losses.add(report.loss());
              }
            });
    assertThat(run.finished()).isTrue();
    assertThat(run.ended()).contains("the test");
    assertThat(run.history()).hasSize(2);
    assertThat(losses).hasSize(6 + 4);
    // The mean over the steps that were taken; the sum is formed in the same order.
    assertThat(run.history().get(1).trainLoss())
        .isEqualTo(losses.subList(6, 10).stream().mapToDouble(d -> d).reduce(0, Double::sum) / 4);
    assertThat(run.history().get(1).learningRate())
        .isEqualTo(new Timeline(plan).rates(1, 3, run.history().subList(0, 1)).learningRate());
    assertThat(run.history().get(1).imagesPerSecond() * run.history().get(1).trainSeconds())
        .isCloseTo(4 * 8, org.assertj.core.data.Offset.offset(1e-6));
  }

  @Test
  void aRunStoppedWhileItsLastEpochIsValidatedIsNotTrainedFurther() {
    Plan plan = plan(new EndsAt(2, 4));
    RunResult whole = train(plan, "whole", new TrainingListener() {});
    TrainingListener stopsInValidation =
        new TrainingListener() {
          private int present;

          @Override
          public void onEpochStart(int epoch, int stageNumber, Stage stage) {
            present = epoch;
          }

          @Override
          public void onEvaluated(int done, int total) {
            if (present == 2) {
              Thread.currentThread().interrupt();
            }
          }
        };
    RunResult first = train(plan, "stopped", stopsInValidation);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(first.finished()).isFalse();
    RunResult second = resume(plan, "stopped");
    assertThat(second.finished()).isTrue();
    assertThat(Runs.numbers(second)).isEqualTo(Runs.numbers(whole));
    assertThat(second.tta()).isEqualTo(whole.tta()).isPresent();
  }

  @Test
  void aRuleAtTheEndOfAnEpochEndsARunInAnEarlierStage() {
    RunResult run = train(plan(new EndsAt(1, 0)), "run", new TrainingListener() {});
    assertThat(run.finished()).isTrue();
    assertThat(run.history()).hasSize(1);
    assertThat(run.tta().orElseThrow().images()).isEqualTo(21);
  }

  @Test
  void aTimeLimitEndsARunAfterAStep() {
    RunResult run = train(plan(new TimeLimit(1e-9)), "run", new TrainingListener() {});
    assertThat(run.finished()).isTrue();
    assertThat(run.ended()).contains("the time limit of 1.0E-9 minutes");
    assertThat(run.history()).hasSize(1);
  }

  @Test
  void aRuleThatNeverEndsARunChangesNothing() {
    RunResult with =
        train(plan(new EarlyStopping(4), new TimeLimit(1e6)), "with", new TrainingListener() {});
    RunResult without = train(plan(), "without", new TrainingListener() {});
    assertThat(with.ended()).isEmpty();
    assertThat(Runs.numbers(with)).isEqualTo(Runs.numbers(without)).hasSize(4);
  }
}
