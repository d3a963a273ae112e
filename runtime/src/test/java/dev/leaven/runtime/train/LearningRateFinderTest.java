package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.run.RunDirectory;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.LearningRates;
import dev.leaven.runtime.run.LearningRates.End;
import dev.leaven.runtime.run.LearningRates.Point;
import dev.leaven.runtime.run.RunControl;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class LearningRateFinderTest {

  private static final TrainingListener QUIET = new TrainingListener() {};

  @TempDir Path directory;

  // Six batches of eight images make an epoch, so that 20 steps go on into the fourth one.
  private final Plan plan = Runs.plan();
  private final LearningRateFinder finder = new LearningRateFinder().steps(20);

  private static LearningRates find(LearningRateFinder finder, Plan plan) {
    return finder.find(plan, plan.data().source().load(plan.seed()), QUIET);
  }

  private RunResult train(Plan plan, String name) {
    return Trainer.train(
        plan,
        plan.data().source().load(plan.seed()),
        directory.resolve(name),
        new TrainingListener() {});
  }

  private static Plan ofStages(Stage... stages) {
    return Runs.plan(
        Runs.data(),
        new TinyNet(6),
        List.of(stages),
        Optional.of(new MixUp()),
        0,
        Precision.FLOAT32);
  }

  @Test
  void aRunIsTheSameWithAndWithoutIt() {
    RunResult alone = train(plan, "alone");
    LearningRates first = find(finder, plan);
    RunResult after = train(plan, "after");
    LearningRates second = find(finder, plan);

    assertThat(Runs.numbers(after)).isEqualTo(Runs.numbers(alone));
    assertThat(second).isEqualTo(first);
    assertThat(first.points()).hasSize(20);
  }

  @Test
  void theRatesRiseByOneFactor() {
    List<Point> points = find(finder.between(1e-4, 1), plan).points();
    assertThat(points.get(0).rate()).isEqualTo(1e-4);
    for (int k = 1; k < points.size(); k++) {
      // 4 decades in 20 steps; the powers are rounded to 53 bits.
      assertThat(points.get(k).rate() / points.get(k - 1).rate())
          .isCloseTo(Math.pow(10, 0.2), within(1e-12));
    }
  }

  @Test
  void theLossIsAMeanOfWhichLaterStepsWeighMore() {
    List<Point> points = find(finder, plan).points();
    for (int k = 0; k < points.size(); k++) {
      double sum = 0;
      double weights = 0;
      for (int i = 0; i <= k; i++) {
        double weight = Math.pow(0.98, k - i);
        sum += weight * points.get(i).loss();
        weights += weight;
      }
      // The same mean as a recursion: float64 in another order.
      assertThat(points.get(k).smoothedLoss()).isCloseTo(sum / weights, within(1e-12));
    }
  }

  @Test
  void theFirstBatchIsTrainingsOwn() {
    // An epoch of one step reports the loss of its batch before any weight has moved.
    Plan oneStep = ofStages(Runs.stage(16, 1, 48, 48));
    double trained = train(oneStep, "one").history().get(0).trainLoss();
    assertThat(find(finder, oneStep).points().get(0).loss()).isEqualTo(trained);

    // In the second stage too, from the weights that the first one left.
    Plan twoStages = ofStages(Runs.stage(16, 2, 8, 48), Runs.stage(20, 1, 48, 48));
    RunResult stopped =
        Trainer.train(
            twoStages,
            twoStages.data().source().load(twoStages.seed()),
            directory.resolve("two"),
            new TrainingListener() {
              @Override
              public void onEpoch(EpochReport report, boolean best) {
                if (report.epoch() == 2) {
                  Thread.currentThread().interrupt();
                }
              }
            });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.finished()).isFalse();
    double first =
        finder
            .stage(2)
            .from(stopped.directory())
            .find(twoStages, twoStages.data().source().load(twoStages.seed()), QUIET)
            .points()
            .get(0)
            .loss();
    RunResult run = Trainer.resume(stopped.directory(), twoStages.data().source(), QUIET);
    assertThat(first).isEqualTo(run.history().get(2).trainLoss());
  }

  @Test
  void aStepTakesAllItsBatches() {
    // Four batches of twelve images, three of them for the first step and one for the second.
    Stage stage = new Stage(16, 16, 16, 1, 12, 4, 3, 0.01, new OneCycle(), Optional.empty());
    Stage first = new Stage(16, 16, 16, 1, 12, 3, 3, 0.01, new OneCycle(), Optional.empty());
    List<Point> points = find(finder, ofStages(stage)).points();
    assertThat(points).hasSize(20);
    assertThat(points.get(0).loss())
        .isEqualTo(train(ofStages(first), "first").history().get(0).trainLoss());
  }

  @Test
  void itMixesHoweverManyEpochsItTakes() {
    Plan mixed = ofStages(Runs.stage(16, 1, 48, 48));
    Plan plain = Runs.with(mixed, "mixing", Optional.empty());
    List<Point> withMixing = find(finder, mixed).points();
    List<Point> without = find(finder, plain).points();
    // The second step is of an epoch that the recipe no longer has. The first rates are so low
    // that both models are still what they were.
    assertThat(withMixing.get(1).loss()).isNotCloseTo(without.get(1).loss(), within(1e-4));
    assertThat(withMixing.get(1).loss()).isCloseTo(withMixing.get(0).loss(), within(0.2));
  }

  @Test
  void theMomentumIsTheOptimizersOwn() {
    OneCycle otherMomentum = new OneCycle(25, 1e5, 0.25, 0.5, 0.1);
    List<Stage> stages =
        plan.stages().stream()
            .map(
                s ->
                    new Stage(
                        s.size(),
                        s.presize(),
                        s.validationSide(),
                        s.epochs(),
                        s.batchSize(),
                        s.batches(),
                        s.learningRate(),
                        otherMomentum))
            .toList();
    Plan other = Runs.with(plan, "stages", stages);
    assertThat(find(finder, other)).isEqualTo(find(finder, plan));
  }

  @Test
  void aLossThatExplodesEndsIt() {
    LearningRates rates = find(finder.between(0.01, 1e6), plan);
    assertThat(rates.end()).isEqualTo(End.DIVERGED);
    assertThat(rates.points()).hasSizeBetween(2, 19);
    double lowest = rates.points().stream().mapToDouble(Point::smoothedLoss).min().orElseThrow();
    assertThat(rates.points().get(rates.points().size() - 1).smoothedLoss())
        .isGreaterThan(4 * lowest);
  }

  @Test
  void aLossThatIsNoNumberCutsTheCurve() {
    // The weights overflow before the smoothed loss could be so many times the lowest.
    LearningRates rates =
        find(new LearningRateFinder(1, 1e38, 20, Double.MAX_VALUE, 1, null), plan);
    assertThat(rates.end()).isEqualTo(End.NOT_A_NUMBER);
    assertThat(rates.points()).hasSizeBetween(1, 19);
    assertThat(rates.points()).allMatch(point -> Double.isFinite(point.smoothedLoss()));
  }

  @Test
  void aListenerCanEndIt() {
    TrainingListener stops =
        new TrainingListener() {
          private RunControl control;

          @Override
          public void onControl(RunControl control) {
            this.control = control;
          }

          @Override
          public void onRate(int step, int steps, Point point) {
            if (step == 3) {
              control.stop();
            }
          }
        };
    LearningRates rates = finder.find(plan, plan.data().source().load(plan.seed()), stops);
    assertThat(rates.end()).isEqualTo(LearningRates.End.STOPPED);
    assertThat(rates.points()).hasSize(3);
  }

  @Test
  void anInterruptEndsItAndKeepsTheCurveSoFar() {
    List<LearningRates> heard = new ArrayList<>();
    LearningRates rates =
        finder.find(
            plan,
            plan.data().source().load(plan.seed()),
            new TrainingListener() {
              @Override
              public void onRate(int step, int steps, Point point) {
                assertThat(steps).isEqualTo(20);
                if (step == 7) {
                  Thread.currentThread().interrupt();
                }
              }

              @Override
              public void onRates(int stageNumber, Stage stage, LearningRates rates) {
                heard.add(rates);
              }
            });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(rates.end()).isEqualTo(End.STOPPED);
    assertThat(rates.points()).hasSize(7);
    assertThat(heard).containsExactly(rates);
  }

  @Test
  void aRunIsOnlyRead() throws Exception {
    RunResult run = train(plan, "run");
    byte[] before = Files.readAllBytes(RunDirectory.last(run.directory()));
    LearningRates rates = find(finder.from(run.directory()), plan);
    assertThat(Files.readAllBytes(RunDirectory.last(run.directory()))).isEqualTo(before);
    assertThat(rates.points().get(0).loss())
        .isNotEqualTo(find(finder, plan).points().get(0).loss());
  }

  @Test
  void refusesWhatIsWrong() {
    assertThatThrownBy(() -> finder.steps(5))
        .hasMessage("findLearningRate: steps must be at least 6, but is 5");
    assertThatThrownBy(() -> finder.between(1, 0.1))
        .hasMessage("findLearningRate: end rate must be above the start rate 1, but is 0.1");
    assertThatThrownBy(() -> finder.between(0, 0.1))
        .hasMessage("findLearningRate: start rate must be above 0, but is 0");
    assertThatThrownBy(() -> new LearningRateFinder(1e-7, 10, 100, 1, 1, null))
        .hasMessage("findLearningRate: divergence must be above 1, but is 1");
    assertThatThrownBy(() -> find(finder.stage(3), plan))
        .hasMessage(
            "findLearningRate: stage must be between 1 and 2, the stages of the recipe, but is 3");
    Path nowhere = directory.resolve("nowhere");
    assertThatThrownBy(() -> find(finder.from(nowhere), plan))
        .isInstanceOf(RunException.class)
        .hasMessage(nowhere + ": there is no run whose weights could be taken; check the path");
  }
}
