package dev.leaven.runtime.internal.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.optimize.AdaptiveClip;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.ClipNorm;
import dev.leaven.runtime.optimize.ClipValue;
import dev.leaven.runtime.optimize.Clipping;
import dev.leaven.runtime.optimize.MovingAverage;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.StochasticAverage;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.FlatNet;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.TinyNet;
import dev.leaven.runtime.train.Trainer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Accumulating, clipping and averaging in whole runs, and resuming them. */
@Tag("slow")
class WeightStepTest {

  private static final TrainingListener SILENT = new TrainingListener() {};

  @TempDir Path directory;

  private RunResult train(Plan plan, String name, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve(name), listener);
  }

  private static Map<String, FloatBuffer> arrays(RunResult run) throws Exception {
    return SafeTensors.read(run.directory().resolve("last/checkpoint.safetensors")).values();
  }

  private static Stage stage(int epochs, int batch, int batches, int accumulate) {
    return new Stage(
        16, 16, 16, epochs, batch, batches, accumulate, 0.01, new OneCycle(), Optional.empty());
  }

  /** A plan without anything random but its order, and without normalization by batch. */
  private static Plan plain(Stage stage) {
    Plan plan = Runs.plan(Runs.data(), new FlatNet(4), List.of(stage));
    return Runs.with(
        plan, "geometry", List.of(), "mixing", Optional.empty(), "tta", Optional.empty());
  }

  static Stream<Plan> everything() {
    Plan two =
        Runs.plan(Runs.data(), new TinyNet(4), List.of(stage(2, 8, 5, 2), stage(1, 8, 6, 1)));
    return Stream.of(
        Runs.with(two, "clipping", Optional.<Clipping>of(new ClipNorm(0.1))),
        Runs.with(two, "clipping", Optional.<Clipping>of(new ClipValue(0.01))),
        Runs.with(two, "clipping", Optional.<Clipping>of(new AdaptiveClip())),
        Runs.with(two, "averaging", Optional.<Averaging>of(new MovingAverage(5))),
        Runs.with(two, "averaging", Optional.<Averaging>of(new StochasticAverage(0.3))));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void aStoppedRunEndsAsIfItHadNotBeen(Plan plan) throws Exception {
    RunResult whole = train(plan, "whole", SILENT);
    train(
        plan,
        "stopped",
        new TrainingListener() {
          @Override
          public void onStep(int step, Stage stage, double smoothedLoss) {
            if (step == 2) {
              Thread.currentThread().interrupt();
            }
          }
        });
    assertThat(Thread.interrupted()).isTrue();
    RunResult resumed = Trainer.resume(directory.resolve("stopped"), plan.data().source(), SILENT);
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
    assertThat(resumed.history().get(2).averaged()).isEqualTo(whole.history().get(2).averaged());
    assertThat(resumed.tta()).isEqualTo(whole.tta()).isPresent();
    arrays(whole)
        .forEach(
            (name, value) -> {
              try {
                assertThat(arrays(resumed).get(name).mismatch(value)).as(name).isEqualTo(-1);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
  }

  @Test
  void accumulatedBatchesAreOneLargeBatch() throws Exception {
    Map<String, FloatBuffer> large = arrays(train(plain(stage(2, 12, 4, 1)), "large", SILENT));
    Map<String, FloatBuffer> small = arrays(train(plain(stage(2, 4, 12, 3)), "small", SILENT));
    assertThat(small.keySet()).isEqualTo(large.keySet());
    large.forEach(
        (name, value) -> {
          for (int i = 0; i < value.capacity(); i++) {
            // Eight steps of Adam at 0.01; the sums differ in the order of their terms only.
            assertThat(small.get(name).get(i))
                .as(name)
                .isCloseTo(value.get(i), org.assertj.core.api.Assertions.within(2e-4f));
          }
        });
  }

  @Test
  void theBatchesLeftOverMakeAStepOfTheirOwn() {
    int[] steps = {0};
    RunResult run =
        train(
            plain(stage(1, 8, 5, 2)),
            "left",
            new TrainingListener() {
              @Override
              public void onStep(int step, Stage stage, double smoothedLoss) {
                steps[0] = step;
              }
            });
    assertThat(steps[0]).isEqualTo(3);
    assertThat(run.plan().stages().get(0).steps()).isEqualTo(3);
    assertThat(run.finished()).isTrue();
  }

  @Test
  void averagedWeightsAreEvaluatedBesideTheTrained() throws Exception {
    Plan plan = Runs.plan(Runs.data(), new TinyNet(4), List.of(stage(3, 8, 6, 1)));
    RunResult run =
        train(
            Runs.with(plan, "averaging", Optional.<Averaging>of(new MovingAverage(10))),
            "ema",
            SILENT);
    for (EpochReport report : run.history()) {
      assertThat(report.averaged()).isPresent();
      assertThat(report.averaged().get().loss()).isNotEqualTo(report.valid().loss());
      assertThat(report.scores()).isEqualTo(report.averaged().get());
    }
    assertThat(run.scores()).isEqualTo(run.history().get(2).averaged().get());
    List<String> csv = Files.readAllLines(run.directory().resolve("history.csv"));
    assertThat(csv.get(0)).contains(",top5,averaged_loss,averaged_top1,averaged_top5,");
    assertThat(csv.get(1).split(",")).hasSameSizeAs(csv.get(0).split(","));
    assertThat(arrays(run)).containsKey("average.conv.weight");
    // An average does not change what is trained.
    RunResult without = train(plan, "without", SILENT);
    assertThat(without.history().stream().map(EpochReport::valid).toList())
        .isEqualTo(run.history().stream().map(EpochReport::valid).toList());
  }

  @Test
  void anAverageOfOneWeightIsTheModelItself() throws Exception {
    Plan plan = Runs.plan(Runs.data(), new TinyNet(4), List.of(stage(2, 8, 6, 1)));
    // Averaging begins with the last epoch's end, so that the average is the last weights.
    RunResult run =
        train(
            Runs.with(plan, "averaging", Optional.<Averaging>of(new StochasticAverage(0.5))),
            "swa",
            SILENT);
    Map<String, FloatBuffer> arrays = arrays(run);
    assertThat(arrays.get("average.conv.weight").mismatch(arrays.get("conv.weight"))).isEqualTo(-1);
    assertThat(arrays.get("average.norm.running_var").mismatch(arrays.get("norm.running_var")))
        .isEqualTo(-1);
    EpochReport last = run.history().get(1);
    assertThat(last.averaged()).contains(last.valid());
  }

  @Test
  void clippedGradientsMoveLess() throws Exception {
    Plan plan = plain(stage(1, 8, 6, 1));
    // Adam's step hardly depends on the gradient's length, so what shows is its memory.
    FloatBuffer free = arrays(train(plan, "free", SILENT)).get("conv.weight.adam.m");
    FloatBuffer held =
        arrays(
                train(
                    Runs.with(plan, "clipping", Optional.<Clipping>of(new ClipNorm(1e-3))),
                    "held",
                    SILENT))
            .get("conv.weight.adam.m");
    assertThat(length(held)).isLessThan(1e-3);
    assertThat(length(free)).isGreaterThan(1e-3);
  }

  private static double length(FloatBuffer values) {
    double sum = 0;
    for (int i = 0; i < values.capacity(); i++) {
      sum += (double) values.get(i) * values.get(i);
    }
    return Math.sqrt(sum);
  }
}
