package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Runs of a model that asks TensorFlow for more memory than there can be. */
@Tag("thorough")
class AutoBatchSizeTest {

  @TempDir Path directory;

  private final List<String> halved = new ArrayList<>();

  /**
   * A model that trains on at most so many pixels: for larger batches it asks for 2^48 bytes, more
   * than a process can address, so TensorFlow refuses at once as if memory had run out.
   *
   * @param pixels of all images of a batch
   */
  record Hungry(int pixels) implements Architecture {

    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      Operand<TFloat32> x = new FlatNet(4).logits(layers, images, channels, classes);
      if (!layers.training()) {
        return x;
      }
      Ops tf = layers.tf();
      Operand<TInt64> batch =
          tf.math.div(tf.size(images, TInt64.class), tf.constant(1L * channels));
      Operand<TInt64> wanted =
          tf.select(
              tf.math.greater(batch, tf.constant((long) pixels)),
              tf.constant(1L << 46),
              tf.constant(1L));
      Operand<TFloat32> zeros = tf.fill(tf.expandDims(wanted, tf.constant(0)), tf.constant(0f));
      return tf.math.add(x, tf.stopGradient(tf.sum(zeros, tf.constant(new int[] {0}))));
    }

    @Override
    public String describe() {
      return "a model of few pixels";
    }
  }

  private class Heard implements TrainingListener {
    @Override
    public void onBatchHalved(Stage before, Stage after) {
      halved.add(
          "%d px: %d to %d×%d"
              .formatted(before.size(), before.batchSize(), after.accumulate(), after.batchSize()));
    }
  }

  private static Plan plan(int pixels, Stage... stages) {
    Plan plan = Runs.plan(Runs.data(), new Hungry(pixels), List.of(stages));
    return Runs.with(plan, "mixing", Optional.empty(), "tta", Optional.empty());
  }

  private RunResult train(String name, Plan plan, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve(name), listener);
  }

  private static Map<String, FloatBuffer> weights(RunResult run) throws Exception {
    return SafeTensors.read(run.directory().resolve("last/checkpoint.safetensors")).values();
  }

  private static void requireSame(RunResult actual, RunResult expected) throws Exception {
    assertThat(Runs.numbers(actual)).isEqualTo(Runs.numbers(expected));
    Map<String, FloatBuffer> arrays = weights(actual);
    weights(expected)
        .forEach(
            (name, value) -> assertThat(arrays.get(name).mismatch(value)).as(name).isEqualTo(-1));
  }

  @Test
  void batchesAreHalvedUntilTheyFitAndTheRunGoesOnAsIfItHadBegunWithThem() throws Exception {
    Plan plan = plan(16 * 16 * 3, Runs.stage(16, 2, 8, 48));
    RunResult run = train("run", plan, new Heard());
    assertThat(halved).containsExactly("16 px: 8 to 2×4", "16 px: 4 to 4×2");
    Stage stage = run.plan().stages().get(0);
    assertThat(stage).isEqualTo(plan.stages().get(0).halved().halved());
    assertThat(stage.steps()).isEqualTo(6);
    assertThat(Files.readString(directory.resolve("run/plan.txt"))).contains(" 4×2 ");
    // A plan that says so from the beginning.
    requireSame(run, train("small", Runs.with(plan, "stages", List.of(stage)), new Heard()));
    assertThat(halved).hasSize(2);
  }

  @Test
  void theLargestStageIsTriedBeforeTheFirst() {
    Plan plan = plan(20 * 20 * 4, Runs.stage(16, 1, 6, 48), Runs.stage(20, 1, 8, 48));
    RunResult run = train("run", plan, new Heard());
    assertThat(halved).containsExactly("20 px: 8 to 2×4");
    assertThat(run.plan().stages().get(0)).isEqualTo(plan.stages().get(0));
    assertThat(run.history()).hasSize(2);
  }

  @Test
  void aStoppedRunGoesOnWithItsSmallerBatches() throws Exception {
    Plan plan = plan(16 * 16 * 4, Runs.stage(16, 2, 8, 48));
    // Each lack of memory takes ten seconds, for which TensorFlow waits for other memory.
    Stage halves = plan.stages().get(0).halved();
    RunResult whole = train("whole", Runs.with(plan, "stages", List.of(halves)), new Heard());
    train(
        "stopped",
        plan,
        new TrainingListener() {
          @Override
          public void onStep(int step, Stage stage, double smoothedLoss) {
            if (step == 2) {
              Thread.currentThread().interrupt();
            }
          }
        });
    assertThat(Thread.interrupted()).isTrue();
    RunResult resumed =
        Trainer.resume(directory.resolve("stopped"), plan.data().source(), new Heard());
    assertThat(halved).isEmpty();
    assertThat(resumed.plan().stages()).isEqualTo(whole.plan().stages());
    requireSame(resumed, whole);
  }

  @Test
  void aRecipeCanRefuseSmallerBatches() {
    Plan plan = Runs.with(plan(16 * 16 * 4, Runs.stage(16, 1, 8, 48)), "autoBatchSize", false);
    assertThatThrownBy(() -> train("run", plan, new Heard()))
        .isInstanceOf(TrainingException.class)
        .hasMessage("memory ran out in a step; choose a smaller batchSize or a smaller size");
    assertThat(halved).isEmpty();
  }

  @Test
  void aSingleImageThatDoesNotFitEndsTheRun() {
    assertThatThrownBy(() -> train("run", plan(1, Runs.stage(16, 1, 1, 48)), new Heard()))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("memory ran out in a step");
    assertThat(halved).isEmpty();
  }

  @Test
  void anOddBatchKeepsItsSteps() {
    Stage odd = Runs.stage(16, 1, 7, 48);
    assertThat(odd.halved().batchSize()).isEqualTo(3);
    assertThat(odd.halved().accumulate()).isEqualTo(2);
    assertThat(odd.halved().steps()).isEqualTo(odd.steps());
  }
}
