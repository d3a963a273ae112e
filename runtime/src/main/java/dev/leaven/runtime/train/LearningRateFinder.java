package dev.leaven.runtime.train;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.internal.run.Checkpoint;
import dev.leaven.runtime.internal.run.RunDirectory;
import dev.leaven.runtime.internal.step.BatchGraph;
import dev.leaven.runtime.internal.step.StepContext;
import dev.leaven.runtime.internal.step.TrainingGraph;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.LearningRates;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Finds a learning rate (Smith 2015, "Cyclical learning rates for training neural networks"), as
 * fastai does: it trains for some steps, each with a higher rate, and watches the loss fall, level
 * out and explode. {@link LearningRates} reads the suggested rates from the curve.
 *
 * <p>Step {@code k} of {@code n} has the rate {@code startRate · (endRate/startRate)^(k/n)}. Its
 * batch is the one of training at that step, with the same cropping, lighting and mixing; data with
 * fewer batches continues with the next epoch's order. The momentum is the optimizer's own. The
 * loss is smoothed as {@code s ← 0.98 s + 0.02 loss}, divided by {@code 1 - 0.98^(k+1)}; the finder
 * ends early when that exceeds {@code divergence} times its lowest value, or the loss is not a
 * number.
 *
 * <p>It uses a model of its own: it changes no run, no random number of a later run and no file.
 * The same plan gives the same curve every time.
 *
 * <p>Cost: compiling the graph, and at most {@code steps} training steps.
 *
 * @param startRate the first learning rate, above 0
 * @param endRate the learning rate after the last step, above {@code startRate}
 * @param steps training steps, at least 6; with fewer than 30 little can be read from the curve
 * @param divergence the multiple of its lowest value that the smoothed loss may reach, above 1
 * @param stage the stage whose images and batches are used, from 1
 * @param run the directory of a run whose last weights are used; null for new weights
 */
public record LearningRateFinder(
    double startRate, double endRate, int steps, double divergence, int stage, @Nullable Path run) {

  private static final String NAME = "findLearningRate";
  private static final double LOSS_SMOOTHING = 0.98;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public LearningRateFinder {
    Check.positive(NAME, "start rate", startRate);
    Check.positive(NAME, "end rate", endRate);
    if (endRate <= startRate) {
      throw new IllegalArgumentException(
          "%s: end rate must be above the start rate %s, but is %s"
              .formatted(NAME, Check.number(startRate), Check.number(endRate)));
    }
    Check.atLeast(NAME, "steps", steps, 6);
    if (!(divergence > 1 && divergence < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: divergence must be above 1, but is %s".formatted(NAME, Check.number(divergence)));
    }
    Check.atLeast(NAME, "stage", stage, 1);
  }

  /**
   * fastai's defaults: from 1e-7 to 10 in 100 steps, until 4 times the lowest loss; stage 1, new
   * weights.
   */
  public LearningRateFinder() {
    this(1e-7, 10, 100, 4, 1, null);
  }

  /**
   * The same between other rates.
   *
   * @param start the first learning rate, above 0
   * @param end the learning rate after the last step, above {@code start}
   * @return a new value
   * @throws IllegalArgumentException when they are outside their ranges
   */
  public LearningRateFinder between(double start, double end) {
    return new LearningRateFinder(start, end, steps, divergence, stage, run);
  }

  /**
   * The same with another number of steps.
   *
   * @param number at least 6
   * @return a new value
   * @throws IllegalArgumentException when it is below 6
   */
  public LearningRateFinder steps(int number) {
    return new LearningRateFinder(startRate, endRate, number, divergence, stage, run);
  }

  /**
   * The same for another stage.
   *
   * @param number from 1
   * @return a new value
   * @throws IllegalArgumentException when it is below 1
   */
  public LearningRateFinder stage(int number) {
    return new LearningRateFinder(startRate, endRate, steps, divergence, number, run);
  }

  /**
   * The same starting from the weights of a run, for instance for a later stage, of which the run
   * has finished the stages before. The run's directory is only read.
   *
   * @param directory the directory of the run whose last weights are used; its model and optimizer
   *     must be the plan's
   * @return a new value
   */
  public LearningRateFinder from(Path directory) {
    return new LearningRateFinder(startRate, endRate, steps, divergence, stage, directory);
  }

  /**
   * Finds learning rates.
   *
   * @param plan the plan
   * @param data the images that the plan was made for
   * @param listener receives the progress
   * @return the curve, which is shorter after a stop request, which works as in {@link Trainer}
   * @throws IllegalArgumentException when the plan has no such stage
   * @throws RunException when the run's weights are missing or do not fit the plan
   * @throws TrainingException when memory runs out, or more than 1 % of the images cannot be
   *     decoded
   */
  public LearningRates find(Plan plan, ImageData data, TrainingListener listener) {
    return search(plan.computed().plan(), data, listener);
  }

  private LearningRates search(Plan plan, ImageData data, TrainingListener listener) {
    if (stage > plan.stages().size()) {
      throw new IllegalArgumentException(
          "%s: stage must be between 1 and %d, the stages of the recipe, but is %d"
              .formatted(NAME, plan.stages().size(), stage));
    }
    Path file = run == null ? null : RunDirectory.last(run);
    if (file != null && !Files.isRegularFile(file)) {
      throw new RunException(
          "%s: there is no run whose weights could be taken; check the path".formatted(run), null);
    }
    Checkpoint checkpoint = file == null ? null : Checkpoint.read(file);
    if (!data.skipped().isEmpty()) {
      listener.onSkipped(data.skipped());
    }
    listener.onPhase("compiling the graph");
    Loader loader = Loader.of(data.train(), data.channels(), plan.image().itemResize());
    CorruptFiles corrupt = new CorruptFiles(data, List.of(), listener);
    try (StopSignal stop = new StopSignal();
        TrainingGraph graph = new TrainingGraph(plan, loader);
        Loader.Opened train = loader.open(data.train())) {
      listener.onControl(stop);
      graph.initialize();
      if (file != null && checkpoint != null) {
        graph.restore(checkpoint, file);
        // A stage begins without the optimizer's memory of the previous one.
        graph.clearSlots();
      }
      DataPass.Source source =
          new DataPass.Source(
              graph.session(),
              graph.pipeline(),
              train,
              any -> null,
              corrupt,
              DamagedFile.Part.TRAINING);
      LearningRates rates = search(plan, graph, source, listener, stop);
      // While the signal is held, so that a process that was asked to end still reports it.
      listener.onRates(stage, plan.stages().get(stage - 1), rates);
      return rates;
    }
  }

  private LearningRates search(
      Plan plan,
      TrainingGraph graph,
      DataPass.Source source,
      TrainingListener listener,
      StopSignal stop) {
    Timeline timeline = new Timeline(plan);
    Stage tried = plan.stages().get(stage - 1);
    int firstEpoch = timeline.firstEpoch(stage - 1);

    List<LearningRates.Point> points = new ArrayList<>();
    DataPass passage = null;
    double mean = 0;
    double weight = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (int k = 0; k < steps; k++) {
      if (stop.requested()) {
        return new LearningRates(points, steps, LearningRates.End.STOPPED);
      }
      int epoch = k / tried.steps();
      int done = k % tried.steps();
      if (passage == null || done == 0) {
        passage = passage(source, timeline, tried, firstEpoch + epoch).start(0);
      }
      long batch =
          timeline.firstBatch(firstEpoch)
              + (long) epoch * tried.batches()
              + (long) done * tried.accumulate();
      double rate = rate(k);
      StepContext at =
          new StepContext(
              tried.size(),
              batch,
              0,
              tried.batchesOf(done),
              // As at the stage's beginning, however few epochs the recipe has.
              plan.mixes(firstEpoch),
              k + 1,
              new Schedule.Rates(rate, OptionalDouble.empty()),
              0,
              tried.groups());
      double loss = Loop.step(graph, passage, done, tried, at).loss();
      if (!Double.isFinite(loss)) {
        return new LearningRates(points, steps, LearningRates.End.NOT_A_NUMBER);
      }
      mean = LOSS_SMOOTHING * mean + (1 - LOSS_SMOOTHING) * loss;
      weight = LOSS_SMOOTHING * weight + (1 - LOSS_SMOOTHING);
      double smoothed = mean / weight;
      points.add(new LearningRates.Point(rate, loss, smoothed));
      listener.onRate(k + 1, steps, points.get(k));
      lowest = Math.min(lowest, smoothed);
      if (smoothed > divergence * lowest) {
        return new LearningRates(points, steps, LearningRates.End.DIVERGED);
      }
    }
    return new LearningRates(points, steps, LearningRates.End.WHOLE_RANGE);
  }

  private static DataPass passage(
      DataPass.Source source, Timeline timeline, Stage stage, int epoch) {
    return new DataPass(
        source,
        null,
        BatchGraph.pass(timeline.plan(), stage, source.samples().targets(), epoch),
        stage.batches() * stage.batchSize());
  }

  /**
   * The learning rate of a step.
   *
   * @param step from 0
   * @return {@code startRate} at step 0, {@code endRate} after the last
   */
  public double rate(int step) {
    return startRate * Math.pow(endRate / startRate, (double) step / steps);
  }
}
