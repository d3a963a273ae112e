package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.internal.run.Checkpoint;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.optimize.Cosine;
import dev.leaven.runtime.optimize.Linear;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Which values of a schedule the steps of a run get, and what an optimizer remembers of it. */
class PacedTrainingTest {

  @TempDir Path directory;

  /** Moves nothing, but remembers how many steps it took and which one it was told. */
  public record Counting() implements Optimizer {
    @Override
    public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
      Variable taken = slot(variables, "taken");
      Variable told = slot(variables, "told");
      return Variables.group(
          tf,
          List.of(
              tf.assignAddVariableOp(taken.handle(), tf.constant(1f)),
              tf.assignVariableOp(told.handle(), tf.dtypes.cast(inputs.count(), TFloat32.class))));
    }

    private static Variable slot(Variables variables, String name) {
      return variables.get(name, Shape.scalar(), Variable.Kind.SLOT, Initializer.constant(0));
    }

    @Override
    public double momentum() {
      return 0;
    }

    @Override
    public String describe() {
      return "counting";
    }
  }

  /** A schedule of a user's own that looks at the losses. */
  public record ByLosses() implements Schedule {
    @Override
    public Rates at(double progress, double peak) {
      return new Rates(peak, OptionalDouble.empty());
    }

    @Override
    public Rates at(double progress, double peak, List<Double> losses) {
      double sum = losses.stream().mapToDouble(Double::doubleValue).sum();
      return at(progress, peak / (1 + sum));
    }

    @Override
    public String describe() {
      return "lower with every loss";
    }
  }

  private static Stage stage(int size, int epochs, double rate, Schedule schedule) {
    Stage s = Runs.stage(size, epochs, 8, 48);
    return new Stage(size, s.presize(), size, epochs, s.batchSize(), s.steps(), rate, schedule);
  }

  private static Plan plan(boolean overAll, Stage... stages) {
    Plan plan =
        Runs.plan(
            Runs.data(), new TinyNet(2), List.of(stages), Optional.empty(), Precision.FLOAT32);
    return Runs.with(
        plan, "optimizer", new Counting(), "scheduleOverAll", overAll, "tta", Optional.empty());
  }

  private RunResult train(Plan plan) {
    return Trainer.train(
        plan,
        plan.data().source().load(plan.seed()),
        directory.resolve("run"),
        new TrainingListener() {});
  }

  @ParameterizedTest
  @CsvSource({"true, 18", "false, 12"})
  void aScheduleOverAllStagesKeepsTheOptimizersMemory(boolean overAll, float steps)
      throws Exception {
    Schedule schedule = new OneCycle();
    RunResult run = train(plan(overAll, stage(16, 1, 0.1, schedule), stage(20, 2, 0.01, schedule)));
    SafeTensors last = SafeTensors.read(run.directory().resolve("last").resolve(Checkpoint.FILE));
    assertThat(last.values().get("taken").get(0)).isEqualTo(steps);
    assertThat(last.values().get("told").get(0)).isEqualTo(steps);
    // The last steps of the three epochs, of six steps each.
    double[] progress =
        overAll
            ? new double[] {5 / 18.0, 11 / 18.0, 17 / 18.0}
            : new double[] {5 / 6.0, 5 / 12.0, 11 / 12.0};
    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(run.history().get(epoch).learningRate())
          .isEqualTo(schedule.at(progress[epoch], epoch == 0 ? 0.1 : 0.01).learningRate());
    }
  }

  @Test
  void aScheduleSeesTheLossesOfItsStage() {
    RunResult run =
        train(plan(false, stage(16, 2, 0.1, new ByLosses()), stage(20, 2, 0.1, new ByLosses())));
    double first = run.history().get(0).valid().loss();
    double third = run.history().get(2).valid().loss();
    assertThat(run.history())
        .extracting(EpochReport::learningRate)
        .containsExactly(0.1, 0.1 / (1 + first), 0.1, 0.1 / (1 + third));
  }

  @Test
  void ofAllStagesIfItSpansThem() {
    RunResult run =
        train(plan(true, stage(16, 1, 0.1, new ByLosses()), stage(20, 2, 0.1, new ByLosses())));
    double first = run.history().get(0).valid().loss();
    double second = run.history().get(1).valid().loss();
    assertThat(run.history())
        .extracting(EpochReport::learningRate)
        // The schedule may sum the losses in another order.
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-15 ? 0 : Double.compare(a, b))
        .containsExactly(0.1, 0.1 / (1 + first), 0.1 / (1 + first + second));
  }

  @Test
  void progressOverAllStagesIsCountedInEpochs() {
    Stage few = new Stage(16, 19, 16, 1, 24, 2, 1, new Linear());
    Stage many = new Stage(20, 24, 20, 3, 4, 12, 1, new Linear());
    Timeline timeline = new Timeline(plan(true, few, many));
    assertThat(timeline.rates(0, 1, List.of()).learningRate()).isCloseTo(7 / 8.0, within(1e-15));
    assertThat(timeline.rates(1, 0, List.of()).learningRate()).isEqualTo(3 / 4.0);
    assertThat(timeline.rates(3, 6, List.of()).learningRate()).isCloseTo(1 / 8.0, within(1e-15));
    assertThat(timeline.stepsBefore(3, 6)).isEqualTo(2 + 2 * 12 + 6);
  }

  @Test
  void refusesTwoSchedulesOverAllStages() {
    assertThatThrownBy(
            () -> plan(true, stage(16, 1, 0.1, new Cosine()), stage(20, 1, 0.1, new Linear())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "scheduleOverAll: the stages have schedules of their own; leave one or the other out");
  }
}
