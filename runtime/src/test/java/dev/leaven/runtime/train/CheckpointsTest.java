package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.internal.run.Checkpoint;
import dev.leaven.runtime.internal.run.Failures;
import dev.leaven.runtime.internal.run.Progress;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.loss.SoftTargetCrossEntropy;
import dev.leaven.runtime.optimize.ClipNorm;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.StepReport;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.run.TrainingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class CheckpointsTest {

  @TempDir static Path directory;

  private final Plan plan = Runs.plan();
  private RunResult whole;

  @BeforeAll
  void trainWithoutAnEnd() {
    whole = train(plan, "whole", TrainingOptions.usual().keep(2), new TrainingListener() {});
  }

  private static RunResult train(
      Plan plan, String name, TrainingOptions options, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve(name), options, listener);
  }

  private static Checkpoint last(String run) {
    return Checkpoint.read(directory.resolve(run).resolve("last").resolve(Checkpoint.FILE));
  }

  /** Ends a run as abruptly as a listener can: nothing is saved after it. */
  private record KillAt(int epoch, int step, int[] present) implements TrainingListener {
    KillAt(int epoch, int step) {
      this(epoch, step, new int[1]);
    }

    @Override
    public void onEpochStart(int epoch, int stageNumber, Stage stage) {
      present[0] = epoch;
    }

    @Override
    public void onStep(StepReport report) {
      if (present[0] == epoch && report.step() == step) {
        throw new IllegalStateException("killed");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,4,0,2", "2,6,1,4", "3,1,2,0", "4,3,3,2"})
  void aRunThatIsKilledGoesOnFromItsLastStepCheckpoint(
      int epoch, int step, int epochsSaved, int stepsSaved) {
    String name = "killed-%d-%d".formatted(epoch, step);
    TrainingOptions everySecond = TrainingOptions.usual().checkpointEvery(2).keep(2);
    assertThatThrownBy(() -> train(plan, name, everySecond, new KillAt(epoch, step)))
        .hasMessage("killed");
    // The listener hears of a step before its checkpoint, so the one before is the last.
    assertThat(last(name).progress().epochs()).isEqualTo(epochsSaved);
    assertThat(last(name).progress().steps()).isEqualTo(stepsSaved);
    RunResult resumed =
        Trainer.resume(
            directory.resolve(name), plan.data().source(), everySecond, new TrainingListener() {});
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
    assertThat(resumed.tta()).isEqualTo(whole.tta()).isPresent();
    SafeTensors expected = last("whole").arrays();
    last(name)
        .arrays()
        .values()
        .forEach(
            (array, value) ->
                assertThat(value.mismatch(expected.values().get(array))).isEqualTo(-1));
    assertThat(kept(name)).isEqualTo(kept("whole"));
  }

  @Test
  void checkpointsByTheClockChangeNothing() {
    // So short a time has passed after every step.
    TrainingOptions always = TrainingOptions.usual().checkpointMinutes(1e-9);
    assertThatThrownBy(() -> train(plan, "clock", always, new KillAt(2, 4))).hasMessage("killed");
    assertThat(last("clock").progress().steps()).isEqualTo(3);
    RunResult resumed =
        Trainer.resume(
            directory.resolve("clock"), plan.data().source(), always, new TrainingListener() {});
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
  }

  @Test
  void theBestEpochsAreKept() {
    List<Integer> byScore =
        IntStream.range(0, 4)
            .boxed()
            .sorted(
                (a, b) -> {
                  var first = whole.history().get(a).scores();
                  var second = whole.history().get(b).scores();
                  int byTop1 = Double.compare(second.top1(), first.top1());
                  return byTop1 != 0 ? byTop1 : Double.compare(first.loss(), second.loss());
                })
            .map(index -> index + 1)
            .toList();
    assertThat(kept("whole"))
        .containsExactlyInAnyOrder("epoch-00" + byScore.get(0), "epoch-00" + byScore.get(1));
    for (int epoch : byScore.subList(0, 2)) {
      Checkpoint kept =
          Checkpoint.read(
              directory.resolve("whole/kept/epoch-00%d".formatted(epoch)).resolve(Checkpoint.FILE));
      assertThat(kept.progress().history()).hasSize(epoch);
    }
    Checkpoint best =
        Checkpoint.read(directory.resolve("whole").resolve("best").resolve(Checkpoint.FILE));
    assertThat(best.progress().epochs()).isEqualTo(byScore.get(0));
  }

  private static List<String> kept(String run) {
    return List.of(directory.resolve(run).resolve("kept").toFile().list()).stream()
        .sorted()
        .toList();
  }

  /** Its value is the loss of another; its gradient is no number, as that of √x is at 0. */
  record Cliff() implements Loss {
    @Override
    public Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
      Operand<TFloat32> loss = new SoftTargetCrossEntropy().perImage(tf, logits, targets);
      return tf.math.add(loss, tf.math.sqrt(tf.math.mul(loss, tf.constant(0f))));
    }

    @Override
    public Set<Task> tasks() {
      return Set.of(Task.CLASSIFICATION);
    }

    @Override
    public String describe() {
      return "a loss with a cliff";
    }
  }

  @Test
  void aWeightThatIsNoNumberIsNotSaved() throws Exception {
    Plan cliff = Runs.with(plan, "loss", new Cliff());
    assertThatThrownBy(
            () ->
                train(
                    cliff,
                    "cliff",
                    TrainingOptions.usual().checkpointEvery(1),
                    new TrainingListener() {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "\\S+ is no longer a number at step 1 of epoch 1 \\(learning rate 0.000400\\);"
                + " nothing after the last checkpoint is kept: try a lower learningRate or"
                + " clipGradients\\(1\\.0\\), and look for wrong values in the data");
    assertThat(last("cliff").progress()).isEqualTo(Progress.NONE);
    try (var files = Files.walk(directory.resolve("cliff"))) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @Test
  void whatToTryDependsOnThePlan() {
    Plan half =
        Runs.with(plan, "precision", Precision.BFLOAT16, "clipping", Optional.of(new ClipNorm(1)));
    assertThat(Failures.diverged(half, "the loss is", whole.history(), 2, 5))
        .hasMessage(
            "the loss is no longer a number at step 5 of epoch 3 (learning rate %.3g);"
                    .formatted(
                        new Timeline(plan)
                            .rates(2, 4, whole.history().subList(0, 2))
                            .learningRate())
                + " nothing after the last checkpoint is kept: try a lower learningRate or"
                + " precision(Precision.FLOAT32), and look for wrong values in the data");
  }

  @Test
  void wrongOptionsAreRefused() {
    assertThatThrownBy(() -> TrainingOptions.usual().checkpointEvery(-1))
        .hasMessage("checkpointEvery: steps must be at least 0, but is -1");
    assertThatThrownBy(() -> TrainingOptions.usual().keep(-1))
        .hasMessage("keep: epochs must be at least 0, but is -1");
    assertThatThrownBy(() -> TrainingOptions.usual().checkpointMinutes(Double.NaN))
        .hasMessageContaining("but is NaN");
  }
}
