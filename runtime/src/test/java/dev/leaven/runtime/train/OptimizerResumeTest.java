package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.run.Checkpoint;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.optimize.AdamW;
import dev.leaven.runtime.optimize.Cosine;
import dev.leaven.runtime.optimize.Exponential;
import dev.leaven.runtime.optimize.FlatCosine;
import dev.leaven.runtime.optimize.Lamb;
import dev.leaven.runtime.optimize.Lars;
import dev.leaven.runtime.optimize.Linear;
import dev.leaven.runtime.optimize.Lion;
import dev.leaven.runtime.optimize.Lookahead;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.Plateau;
import dev.leaven.runtime.optimize.Polynomial;
import dev.leaven.runtime.optimize.RAdam;
import dev.leaven.runtime.optimize.Ranger;
import dev.leaven.runtime.optimize.RmsProp;
import dev.leaven.runtime.optimize.Sam;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.optimize.Sgd;
import dev.leaven.runtime.optimize.StepDecay;
import dev.leaven.runtime.optimize.WarmRestarts;
import dev.leaven.runtime.optimize.WarmUp;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is stopped goes on to the last bit with every optimizer and schedule. */
@Tag("slow")
class OptimizerResumeTest {

  private static final int STEPS = 6;

  @TempDir Path directory;

  // Each schedule goes with one of the optimizers: what one keeps does not depend on the other.
  static Stream<Arguments> pairs() {
    return Stream.of(
        Arguments.of(new AdamW(), new Cosine(), false),
        Arguments.of(new Sgd(0.9).withNesterov(), new WarmRestarts(2, 1, 2, 0.5), true),
        Arguments.of(new RmsProp(0.9, 0.99, 1e-8, 0.01), new WarmUp(0.2, new Plateau()), true),
        Arguments.of(new RAdam(), new Plateau(1, 2, 0), false),
        Arguments.of(new Lamb(), new Exponential(), true),
        Arguments.of(new Lars(), new StepDecay(), false),
        Arguments.of(new Lion(), new Polynomial(2), true),
        Arguments.of(new Lookahead(new Sgd(), 4, 0.5), new Linear(), true),
        Arguments.of(new Ranger(), new FlatCosine(), false),
        Arguments.of(new Ranger(), new OneCycle(), true),
        Arguments.of(new Sam(new Ranger(), 0.5), new OneCycle(), false));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void endsAsIfItHadNotBeenStopped(Optimizer optimizer, Schedule schedule, boolean overAll)
      throws Exception {
    Plan plan = plan(optimizer, schedule, overAll);
    RunResult whole = train(plan, "whole", new TrainingListener() {});
    assertThat(whole.finished()).isTrue();
    RunResult stopped =
        train(
            plan,
            "stopped",
            new TrainingListener() {
              private int steps;

              @Override
              public void onStep(int step, Stage stage, double smoothedLoss) {
                // In the second stage, and between two of Lookahead's meetings.
                if (++steps == 2 * STEPS + 3) {
                  Thread.currentThread().interrupt();
                }
              }
            });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.finished()).isFalse();
    RunResult resumed =
        Trainer.resume(stopped.directory(), plan.data().source(), new TrainingListener() {});
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
    SafeTensors expected = checkpoint(whole);
    SafeTensors actual = checkpoint(resumed);
    assertThat(actual.values().keySet()).isEqualTo(expected.values().keySet());
    // Bit for bit: mismatch() is -1 when the buffers are the same.
    expected
        .values()
        .forEach(
            (name, value) -> assertThat(actual.values().get(name).mismatch(value)).isEqualTo(-1));
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT32", "BFLOAT16"})
  void aRealModelMeetsItsSlowWeightsInEveryPrecision(Precision precision) throws Exception {
    Plan plan =
        Runs.plan(Runs.data(), new XResNet(18), List.of(Runs.stage(32, 1, 8, 48)), precision);
    RunResult run =
        train(Runs.with(plan, "optimizer", new Ranger()), "real", new TrainingListener() {});
    assertThat(run.history().get(0).trainLoss()).isFinite();
    // Ranger's weights and slow weights are the same after six steps.
    SafeTensors last = checkpoint(run);
    List<String> slow =
        last.values().keySet().stream().filter(name -> name.endsWith(".lookahead.slow")).toList();
    assertThat(slow).hasSizeGreaterThan(60);
    for (String name : slow) {
      String weight = name.substring(0, name.length() - ".lookahead.slow".length());
      assertThat(last.values().get(weight).mismatch(last.values().get(name))).isEqualTo(-1);
    }
  }

  private static Plan plan(Optimizer optimizer, Schedule schedule, boolean overAll) {
    List<Stage> stages =
        Stream.of(Runs.stage(16, 1, 8, 48), Runs.stage(20, 2, 8, 48))
            .map(
                s ->
                    new Stage(
                        s.size(),
                        s.presize(),
                        s.validationSide(),
                        s.epochs(),
                        s.batchSize(),
                        s.steps(),
                        s.learningRate(),
                        schedule))
            .toList();
    Plan plan = Runs.plan(Runs.data(), new TinyNet(4), stages, Optional.empty(), Precision.FLOAT32);
    return Runs.with(
        plan, "optimizer", optimizer, "scheduleOverAll", overAll, "tta", Optional.empty());
  }

  private RunResult train(Plan plan, String name, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve(name), listener);
  }

  private static SafeTensors checkpoint(RunResult run) throws Exception {
    return SafeTensors.read(run.directory().resolve("last").resolve(Checkpoint.FILE));
  }
}
