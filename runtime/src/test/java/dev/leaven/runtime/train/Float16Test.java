package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of a tiny model in float16. */
class Float16Test {

  // A float16 ends at 65504: by this much the convolution's gradients are too large for it, but not
  // by a hundredth.
  private static final double TOO_LARGE = 1 << 19;

  @TempDir Path directory;

  private static Plan plan(
      Precision precision, double scale, int interval, int epochs, int accumulate) {
    Optional<GroupRates> alike = Optional.empty();
    Stage stage = new Stage(16, 19, 16, epochs, 4, 12, accumulate, 0.01, new OneCycle(), alike);
    Plan plan = Runs.plan(Runs.data(), new TinyNet(4), List.of(stage), Optional.empty(), precision);
    Plan bare = Runs.with(plan, "tta", Optional.empty());
    return precision == Precision.FLOAT16
        ? Runs.with(bare, "lossScale", Optional.of(new LossScale(scale, interval)))
        : bare;
  }

  private RunResult train(String name, Plan plan, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve(name), listener);
  }

  private RunResult train(String name, Plan plan) {
    return train(name, plan, new TrainingListener() {});
  }

  private Map<String, FloatBuffer> arrays(String name) throws Exception {
    Path checkpoint = directory.resolve(name).resolve("last/checkpoint.safetensors");
    return SafeTensors.read(checkpoint).values();
  }

  private static TrainingListener stopAfter(int step) {
    return new TrainingListener() {
      @Override
      public void onStep(int done, Stage stage, double smoothedLoss) {
        if (done == step) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  @Test
  void stepsThatOverflowAreSkippedCountedAndResumed() throws Exception {
    Plan plan = plan(Precision.FLOAT16, TOO_LARGE, 1000, 2, 2);
    RunResult whole = train("whole", plan);
    int skippedFirst = whole.history().get(0).skippedSteps();
    int skipped = skippedFirst + whole.history().get(1).skippedSteps();
    assertThat(skippedFirst).isBetween(1, 6);
    assertThat(skipped).isLessThan(7);
    Map<String, FloatBuffer> expected = arrays("whole");
    assertThat((double) expected.get("loss_scale").get(0))
        .isEqualTo(TOO_LARGE / Math.pow(2, skipped));
    assertThat(expected.get("loss_scale.steps_taken").get(0)).isEqualTo(12f - skipped);
    List<String> csv = Files.readAllLines(whole.directory().resolve("history.csv"));
    assertThat(csv.get(0)).endsWith(",waiting,skipped_steps");
    assertThat(csv.get(1)).endsWith("," + skippedFirst);

    train("stopped", plan, stopAfter(1));
    assertThat(Thread.interrupted()).isTrue();
    // The step that was skipped moved nothing: the head's bias is still zero.
    Map<String, FloatBuffer> stopped = arrays("stopped");
    assertThat(stopped.get("head.bias").get(0)).isZero();
    assertThat(stopped.get("head.weight.adam.m").get(0)).isZero();
    assertThat((double) stopped.get("loss_scale").get(0)).isEqualTo(TOO_LARGE / 2);
    RunResult resumed =
        Trainer.resume(
            directory.resolve("stopped"), plan.data().source(), new TrainingListener() {});
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
    Map<String, FloatBuffer> actual = arrays("stopped");
    expected.forEach(
        (name, values) -> assertThat(actual.get(name).mismatch(values)).as(name).isEqualTo(-1));
  }

  @Test
  void itLearnsWhatFloat32Learns() throws Exception {
    RunResult half = train("half", plan(Precision.FLOAT16, 1024, 8, 2, 1));
    RunResult single = train("single", plan(Precision.FLOAT32, 0, 0, 2, 1));
    for (int epoch = 0; epoch < 2; epoch++) {
      EpochReport report = half.history().get(epoch);
      assertThat(report.skippedSteps()).isZero();
      // A float16 has eleven bits, an error of 5e-4 in each product.
      assertThat(report.trainLoss())
          .isCloseTo(single.history().get(epoch).trainLoss(), within(5e-3));
    }
    assertThat(half.history().get(0).trainLoss()).isNotEqualTo(single.history().get(0).trainLoss());
    // Doubled after every eight of 24 steps.
    assertThat(arrays("half").get("loss_scale").get(0)).isEqualTo(8192f);
    assertThat(arrays("single")).doesNotContainKey("loss_scale");
  }

  @Test
  void whatOverflowsAtEveryScaleEndsTheRun() {
    assertThatThrownBy(() -> train("never", plan(Precision.FLOAT16, 1e38, 1000, 3, 1)))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(
            "at every loss scale a gradient is no longer a number at step 8 of epoch 3")
        .hasMessageContaining("precision(Precision.FLOAT32)");
  }

  @Test
  void aScaleIsForFloat16Alone() {
    Plan plan = plan(Precision.FLOAT32, 0, 0, 1, 1);
    assertThatThrownBy(() -> Runs.with(plan, "lossScale", Optional.of(new LossScale())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "lossScale: it is for float16, but the precision is another; say"
                + " precision(Precision.FLOAT16) or leave it out");
    assertThatThrownBy(() -> Runs.with(plan, "precision", Precision.FLOAT16))
        .hasMessage("lossScale: float16 cannot do without it");
  }
}
