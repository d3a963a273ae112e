package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.internal.plan.PlanText;
import dev.leaven.runtime.mix.Batch;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class MixingBeforeSmoothingTest {

  @TempDir Path directory;

  /** Keeps only certain labels: changes nothing in one-hot targets, and leaves no smoothed ones. */
  record Certain() implements Mixing {
    @Override
    public Batch mix(Ops tf, Batch batch, Randomness randomness) {
      return new Batch(
          batch.images(),
          tf.dtypes.cast(tf.math.greaterEqual(batch.targets(), tf.constant(1f)), TFloat32.class));
    }

    @Override
    public String describe() {
      return "certain labels only";
    }
  }

  private static Plan plan(Mixing mixing) {
    return Runs.plan(
        Runs.data(),
        new TinyNet(6),
        List.of(Runs.stage(16, 1, 8, 48)),
        Optional.ofNullable(mixing),
        Precision.FLOAT32);
  }

  private List<List<Object>> train(Plan plan, String to) {
    return Runs.numbers(
        Trainer.train(
            plan,
            plan.data().source().load(plan.seed()),
            directory.resolve(to),
            new TrainingListener() {}));
  }

  @Test
  void aMixingThatIsNotLinearIsGivenTargetsThatAreNotSmoothed() {
    assertThat(train(plan(new Certain()), "certain")).isEqualTo(train(plan(null), "plain"));
  }

  @Test
  void thePlanNamesBothInTheirOrder() {
    assertThat(PlanText.of(plan(new MixUp())))
        .contains("2. mixed with the weights of its image\n  3. label smoothing of 0.1\n");
  }
}
