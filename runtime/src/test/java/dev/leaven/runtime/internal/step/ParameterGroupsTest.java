package dev.leaven.runtime.internal.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.optimize.Constant;
import dev.leaven.runtime.optimize.FrozenNorms;
import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.Sgd;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.GroupedNet;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.Trainer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What freezing and discriminative rates do to the weights of whole runs. */
@Tag("slow")
class ParameterGroupsTest {

  private static final TrainingListener SILENT = new TrainingListener() {};

  @TempDir Path directory;

  private static Stage stage(int epochs, int batches, GroupRates groups) {
    return new Stage(
        16, 16, 16, epochs, 8, batches, 1, 1e-2, new Constant(), Optional.ofNullable(groups));
  }

  private static Plan plan(Stage... stages) {
    return Runs.plan(Runs.data(), new GroupedNet(), List.of(stages));
  }

  private Map<String, FloatBuffer> train(String name, Plan plan) throws Exception {
    RunResult run =
        Trainer.train(
            plan, plan.data().source().load(plan.seed()), directory.resolve(name), SILENT);
    return SafeTensors.read(run.directory().resolve("last/checkpoint.safetensors")).values();
  }

  /** The weights before the first step: a run stopped as it begins has saved them. */
  private Map<String, FloatBuffer> begin(Plan plan) throws Exception {
    RunResult run =
        Trainer.train(
            plan,
            plan.data().source().load(plan.seed()),
            directory.resolve("begin"),
            new TrainingListener() {
              @Override
              public void onEpochStart(int epoch, int stageNumber, Stage stage) {
                Thread.currentThread().interrupt();
              }
            });
    assertThat(Thread.interrupted()).isTrue();
    return SafeTensors.read(run.directory().resolve("last/checkpoint.safetensors")).values();
  }

  private static boolean moved(
      Map<String, FloatBuffer> from, Map<String, FloatBuffer> to, String name) {
    return from.get(name).mismatch(to.get(name)) != -1;
  }

  @Test
  void frozenGroupsKeepTheirWeightsAndTheirNormsLearn() throws Exception {
    Plan plan = plan(stage(1, 6, new GroupRates(2, FrozenNorms.NONE, List.of(1.0, 1.0, 1.0))));
    Map<String, FloatBuffer> before = begin(plan);
    Map<String, FloatBuffer> after = train("frozen", plan);
    assertThat(moved(before, after, "first.conv.weight")).isFalse();
    assertThat(moved(before, after, "second.conv.weight")).isFalse();
    assertThat(moved(before, after, "first.norm.weight")).isTrue();
    assertThat(moved(before, after, "first.norm.running_mean")).isTrue();
    assertThat(moved(before, after, "head.weight")).isTrue();
    assertThat(moved(before, after, "head.bias")).isTrue();
  }

  @Test
  void normsCanBeFrozenToo() throws Exception {
    Plan plan =
        plan(stage(1, 6, new GroupRates(1, FrozenNorms.IN_FROZEN_GROUPS, List.of(1.0, 1.0, 1.0))));
    Map<String, FloatBuffer> before = begin(plan);
    Map<String, FloatBuffer> after = train("frozen", plan);
    assertThat(moved(before, after, "first.norm.weight")).isFalse();
    assertThat(moved(before, after, "first.norm.bias")).isFalse();
    assertThat(moved(before, after, "first.norm.running_mean")).isFalse();
    assertThat(moved(before, after, "first.norm.running_var")).isFalse();
    assertThat(moved(before, after, "second.conv.weight")).isTrue();
  }

  @Test
  void allNormsCanBeFrozenWhileTheirGroupsLearn() throws Exception {
    Plan plan = plan(stage(1, 6, new GroupRates(0, FrozenNorms.ALL, List.of(1.0, 1.0, 1.0))));
    Map<String, FloatBuffer> before = begin(plan);
    Map<String, FloatBuffer> after = train("frozen", plan);
    for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
      assertThat(moved(before, after, "first.norm." + part)).as(part).isFalse();
    }
    assertThat(moved(before, after, "first.conv.weight")).isTrue();
  }

  @Test
  void aLaterStageTrainsThemAgain() throws Exception {
    GroupRates frozen = new GroupRates(2, FrozenNorms.IN_FROZEN_GROUPS, List.of(1.0, 1.0, 1.0));
    Plan plan = plan(stage(1, 3, frozen), stage(1, 3, null));
    Map<String, FloatBuffer> before = begin(plan);
    Map<String, FloatBuffer> after = train("both", plan);
    assertThat(moved(before, after, "first.conv.weight")).isTrue();
    assertThat(moved(before, after, "first.norm.weight")).isTrue();
    assertThat(moved(before, after, "first.norm.running_mean")).isTrue();
  }

  @Test
  void aGroupMovesByItsFactor() throws Exception {
    Stage one = stage(1, 1, null);
    Plan alike = Runs.with(plan(one), "optimizer", new Sgd(0, false, 0));
    Plan other =
        Runs.with(
            alike,
            "stages",
            List.of(stage(1, 1, new GroupRates(0, FrozenNorms.NONE, List.of(0.25, 0.5, 1.0)))));
    Map<String, FloatBuffer> before = begin(alike);
    Map<String, FloatBuffer> plain = train("alike", alike);
    Map<String, FloatBuffer> scaled = train("scaled", other);
    Map<String, Double> factors =
        Map.of("first.conv.weight", 0.25, "second.conv.weight", 0.5, "head.weight", 1.0);
    factors.forEach(
        (name, factor) -> {
          for (int i = 0; i < before.get(name).capacity(); i++) {
            float from = before.get(name).get(i);
            // The weights are near 1, where float32 has steps of 1e-7.
            assertThat(scaled.get(name).get(i) - from)
                .as(name)
                .isCloseTo((float) (factor * (plain.get(name).get(i) - from)), within(2e-7f));
          }
          assertThat(moved(before, plain, name)).isTrue();
        });
  }

  @Test
  void aStoppedRunEndsAsIfItHadNotBeen() throws Exception {
    Plan plan =
        plan(
            stage(1, 3, new GroupRates(1, FrozenNorms.IN_FROZEN_GROUPS, List.of(0.1, 0.1, 1.0))),
            stage(1, 3, new GroupRates(2, FrozenNorms.NONE, List.of(0.1, 0.1, 1.0))),
            stage(1, 6, new GroupRates(0, FrozenNorms.ALL, GroupRates.evenly(3, 0.01))));
    Map<String, FloatBuffer> whole = train("whole", plan);
    int[] steps = {0};
    Trainer.train(
        plan,
        plan.data().source().load(plan.seed()),
        directory.resolve("stopped"),
        new TrainingListener() {
          @Override
          public void onStep(int step, Stage stage, double smoothedLoss) {
            if (++steps[0] == 8) {
              Thread.currentThread().interrupt();
            }
          }
        });
    assertThat(Thread.interrupted()).isTrue();
    RunResult resumed = Trainer.resume(directory.resolve("stopped"), plan.data().source(), SILENT);
    Map<String, FloatBuffer> weights =
        SafeTensors.read(resumed.directory().resolve("last/checkpoint.safetensors")).values();
    whole.keySet().forEach(name -> assertThat(moved(whole, weights, name)).as(name).isFalse());
  }

  @Test
  void ratesGrowByTheSameFactor() {
    // fastai's even_mults.
    assertThat(GroupRates.evenly(3, 0.01).get(0)).isCloseTo(0.01, within(1e-15));
    assertThat(GroupRates.evenly(3, 0.01).get(1)).isCloseTo(0.1, within(1e-15));
    assertThat(GroupRates.evenly(3, 0.01).get(2)).isEqualTo(1);
    assertThat(GroupRates.evenly(1, 0.01)).containsExactly(1.0);
    assertThat(new GroupRates(1, FrozenNorms.NONE, List.of(0.01, 0.1, 1.0)).describe())
        .isEqualTo("groups: 1 of 3 frozen but for its norms, rates × 0.01, 0.1, 1");
    assertThat(new GroupRates(1, FrozenNorms.ALL, List.of(1.0, 1.0)).describe())
        .isEqualTo("groups: 1 of 2 frozen, all batch norms frozen, rates × 1, 1");
    assertThat(new GroupRates(0, FrozenNorms.ALL, List.of(1.0)).differ()).isTrue();
    assertThat(new GroupRates(0, FrozenNorms.IN_FROZEN_GROUPS, List.of(1.0, 1.0)).differ())
        .isFalse();
  }

  @Test
  void whatCannotBeFrozenIsRefused() {
    assertThatThrownBy(() -> new GroupRates(1, FrozenNorms.NONE, List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("freeze: of 1 parameter groups at most 0 can be frozen, but 1 are said");
    assertThatThrownBy(() -> new GroupRates(0, FrozenNorms.NONE, List.of(0.0, 1.0)))
        .hasMessage("discriminative: factor must be above 0, but is 0");
  }
}
