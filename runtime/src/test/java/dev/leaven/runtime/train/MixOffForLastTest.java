package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.plan.PlanText;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.mix.CutMix;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class MixOffForLastTest {

  private static final Mixing EITHER = new MixUpOrCutMix(new MixUp(), new CutMix(), 0.5);

  @TempDir static Path directory;

  /** Two stages of two epochs each, six steps an epoch. */
  private static Plan plan(Optional<Mixing> mixing, int mixOffForLast) {
    List<Stage> stages = List.of(Runs.stage(16, 2, 8, 48), Runs.stage(20, 2, 8, 48));
    return Runs.plan(Runs.data(), new TinyNet(6), stages, mixing, mixOffForLast, Precision.FLOAT32);
  }

  private static RunResult train(Plan plan, String to, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve(to), listener);
  }

  private static RunResult train(Plan plan, String to) {
    return train(plan, to, new TrainingListener() {});
  }

  /** Interrupts the training thread after a step, as Ctrl-C or a caller would. */
  private static TrainingListener stopAt(int epoch, int step) {
    return new TrainingListener() {
      private boolean now;

      @Override
      public void onEpochStart(int begun, int stageNumber, Stage stage) {
        now = begun == epoch;
      }

      @Override
      public void onStep(int done, Stage stage, double smoothedLoss) {
        if (now && done == step) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  @Test
  void theLastEpochsAreTrainedOnPlainBatches() {
    List<List<Object>> mixed = Runs.numbers(train(plan(Optional.of(EITHER), 0), "mixed"));
    List<List<Object>> switched = Runs.numbers(train(plan(Optional.of(EITHER), 1), "switched"));
    assertThat(switched.subList(0, 3)).isEqualTo(mixed.subList(0, 3));
    assertThat(switched.get(3)).isNotEqualTo(mixed.get(3));
  }

  @Test
  void aRunWithMixingOffInAllEpochsIsARunWithout() {
    List<List<Object>> off = Runs.numbers(train(plan(Optional.of(EITHER), 4), "off"));
    assertThat(off).isEqualTo(Runs.numbers(train(plan(Optional.empty(), 0), "without")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyMixingTrains(boolean perImage) {
    Mixing mixing = new CutMix(1, perImage);
    RunResult run = train(plan(Optional.of(mixing), 0), "cutmix " + perImage);
    assertThat(run.history()).allMatch(epoch -> Double.isFinite(epoch.trainLoss()));
  }

  /** Mixing ends with epoch 2: in the middle of it, at its end, and after it. */
  @ParameterizedTest
  @CsvSource({"2,3", "2,6", "3,2"})
  void aRunStoppedAroundTheSwitchEndsAsIfItHadNotBeen(int epoch, int step) throws Exception {
    Plan plan = plan(Optional.of(EITHER), 2);
    RunResult whole = train(plan, "whole-%d-%d".formatted(epoch, step));
    RunResult stopped = train(plan, "stopped-%d-%d".formatted(epoch, step), stopAt(epoch, step));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.finished()).isFalse();
    RunResult resumed =
        Trainer.resume(stopped.directory(), plan.data().source(), new TrainingListener() {});
    assertThat(resumed.finished()).isTrue();
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
    assertThat(resumed.tta()).isEqualTo(whole.tta());
    SafeTensors expected = checkpoint(whole);
    SafeTensors actual = checkpoint(resumed);
    assertThat(actual.values().keySet()).isEqualTo(expected.values().keySet());
    // Bit for bit: mismatch() is -1 when the buffers are the same.
    expected
        .values()
        .forEach(
            (name, value) -> assertThat(actual.values().get(name).mismatch(value)).isEqualTo(-1));
  }

  private static SafeTensors checkpoint(RunResult run) throws Exception {
    return SafeTensors.read(run.directory().resolve("last").resolve("checkpoint.safetensors"));
  }

  @Test
  void sixEpochsCannotBeTheLastOfFour() {
    refuses(6, "mixOffForLast: epochs must be between 0 and 4, the epochs of all stages, but is 6");
    refuses(
        -1, "mixOffForLast: epochs must be between 0 and 4, the epochs of all stages, but is -1");
  }

  private static void refuses(int epochs, String message) {
    assertThatThrownBy(() -> plan(Optional.of(EITHER), epochs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void thePlanSaysWhenNothingIsMixed() {
    assertThat(PlanText.of(plan(Optional.of(new MixUp()), 0))).doesNotContain("not in the last");
    assertThat(PlanText.of(plan(Optional.of(new MixUp()), 1)))
        .contains("kept at 0.5 or more; not in the last epoch\n");
    assertThat(PlanText.of(plan(Optional.of(new MixUp()), 2)))
        .contains("kept at 0.5 or more; not in the last 2 epochs\n");
  }
}
