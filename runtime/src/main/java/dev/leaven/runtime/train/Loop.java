package dev.leaven.runtime.train;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.internal.pipeline.DecodedImages;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.internal.run.EpochSums;
import dev.leaven.runtime.internal.run.Failures;
import dev.leaven.runtime.internal.run.Progress;
import dev.leaven.runtime.internal.run.StepResult;
import dev.leaven.runtime.internal.step.BatchGraph;
import dev.leaven.runtime.internal.step.StepContext;
import dev.leaven.runtime.internal.step.TrainingGraph;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.plan.Stopping;
import dev.leaven.runtime.run.StepReport;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The epochs of a run, from any point to its end. The plan and the step's position in the run alone
 * determine every number of a step, so it makes no difference in which process a step is taken.
 */
final class Loop {

  private static final double LOSS_SMOOTHING = 0.98;
  // After so many halvings the usual loss scale is below 1e-4: a non-finite value then has another
  // cause than the scale.
  private static final int HOPELESS = 32;

  private final Plan plan;
  private final Timeline timeline;
  private final TrainingGraph graph;
  private final DataPass.Source source;
  private final CorruptFiles corrupt;
  private final Evaluator evaluator;
  private final Checkpoints checkpoints;
  private final TrainingListener listener;
  private final StopSignal stop;
  private int skippedInARow;

  Loop(
      RunContext run,
      TrainingGraph graph,
      DataPass.Source source,
      Evaluator evaluator,
      Checkpoints checkpoints) {
    plan = run.plan();
    timeline = new Timeline(plan);
    this.graph = graph;
    this.source = source;
    corrupt = run.corrupt();
    this.evaluator = evaluator;
    this.checkpoints = checkpoints;
    listener = run.listener();
    stop = run.stop();
  }

  /**
   * Trains until the plan is done, a rule ends it or the run is asked to stop; the state is saved
   * in each case.
   *
   * @return the progress of the run
   */
  Progress run(Progress begin) {
    Progress progress = begin;
    tryLargestStage(progress);
    while (!progress.trained(plan)) {
      long started = System.nanoTime();
      double before = progress.sums().seconds();
      Evaluator.ValidationScores validation;
      try {
        if (progress.ended().isEmpty()) {
          source.decoded().apply(timeline.stage(progress.epochs()));
          progress = steps(progress);
        }
        stop.check();
        listener.onPhase("validating");
        validation = evaluator.scores(timeline.stage(progress.epochs()));
      } catch (StopSignal.Stopped e) {
        progress = progress.damaged(corrupt.files());
        checkpoints.write(progress);
        return progress;
      }
      requireNumber(validation, progress);
      double seconds = before + (System.nanoTime() - started) / 1e9;
      EpochReport report = report(progress, validation, seconds);
      progress = progress.epoch(report).damaged(corrupt.files());
      if (!progress.trained(plan)) {
        List<EpochReport> history = progress.history();
        progress = ended(progress, rule -> rule.afterEpoch(history));
      }
      checkpoints.write(progress);
      listener.onEpoch(report, progress.lastIsBest());
    }
    return progress;
  }

  private Progress ended(Progress progress, Function<Stopping, Optional<String>> asked) {
    return plan.course().stopping().stream()
        .map(asked)
        .flatMap(Optional::stream)
        .findFirst()
        .map(progress::ended)
        .orElse(progress);
  }

  private void requireNumber(Evaluator.ValidationScores validation, Progress progress) {
    boolean number =
        Double.isFinite(validation.trained().loss())
            && validation.averaged().map(scores -> Double.isFinite(scores.loss())).orElse(true);
    if (!number) {
      throw Failures.diverged(
          plan, "the validation loss is", progress.history(), progress.epochs(), progress.steps());
    }
  }

  // If memory runs out at the last, largest stage, this should happen now and not after hours.
  private void tryLargestStage(Progress progress) {
    Stage largest = plan.largestStage();
    if (progress.trained(plan)
        || progress.ended().isPresent()
        || largest.equals(timeline.stage(progress.epochs()))) {
      return;
    }
    listener.onPhase("trying a batch of the largest stage, %d px".formatted(largest.size()));
    try {
      passage(largest, 0, 1, null)
          .start(0)
          .step(
              0,
              () -> {
                graph.tryOut(largest);
                return largest;
              });
    } catch (TrainingException e) {
      throw BatchTooLarge.of(e, largest);
    }
  }

  private Progress steps(Progress begin) {
    Progress progress = begin;
    int epoch = progress.epochs();
    Stage stage = timeline.stage(epoch);
    if (epoch == timeline.begin(epoch) && progress.steps() == 0) {
      graph.clearSlots();
    }
    // A listener that receives an epoch may rely on a checkpoint.
    checkpoints.settle();
    listener.onEpochStart(epoch + 1, timeline.stageNumber(epoch) + 1, stage);
    DataPass passage = passage(stage, epoch, stage.batches(), source.decoded().apply(stage));
    passage.start(progress.steps() * stage.accumulate() * stage.batchSize());

    long stepsBefore = timeline.stepsBefore(epoch, 0);
    long remembered = stepsBefore - timeline.stepsBefore(timeline.begin(epoch), 0);
    long firstBatch = timeline.firstBatch(epoch);
    double smoothed = 0;
    double weight = 0;
    long begun = System.nanoTime();
    while (progress.steps() < stage.steps()) {
      if (stop.requested()) {
        return progress;
      }
      int done = progress.steps();
      Schedule.Rates rates = timeline.rates(epoch, done, progress.history());
      long before = stepsBefore + done;
      double average = averageWeight(epoch, done, stage, before);
      StepContext at =
          new StepContext(
              stage.size(),
              firstBatch + (long) done * stage.accumulate(),
              0,
              stage.batchesOf(done),
              plan.mixes(epoch),
              remembered + done + 1,
              rates,
              average,
              stage.groups());
      StepResult step;
      try {
        step = step(graph, passage, done, stage, at);
      } catch (TrainingException e) {
        throw before == 0 ? BatchTooLarge.of(e, stage) : e;
      }
      if (!Double.isFinite(step.loss())) {
        throw Failures.diverged(plan, "the loss is", progress.history(), epoch, done + 1);
      }
      skippedInARow = step.skipped() ? skippedInARow + 1 : 0;
      if (skippedInARow == HOPELESS) {
        throw Failures.diverged(
            plan, "at every loss scale a gradient is", progress.history(), epoch, done + 1);
      }
      long now = System.nanoTime();
      progress = progress.step(step, (now - begun) / 1e9);
      begun = now;
      smoothed = LOSS_SMOOTHING * smoothed + (1 - LOSS_SMOOTHING) * step.loss();
      weight = LOSS_SMOOTHING * weight + (1 - LOSS_SMOOTHING);
      listener.onStep(
          new StepReport(
              progress.steps(),
              before + 1,
              stage,
              step.loss(),
              smoothed / weight,
              rates.learningRate()));
      if (checkpoints.due(progress)) {
        progress = progress.damaged(corrupt.files());
        checkpoints.write(progress);
      }
      if (progress.steps() < stage.steps()) {
        Progress taken = progress;
        progress = ended(taken, rule -> rule.afterStep(taken.history(), taken.sums().seconds()));
        if (progress.ended().isPresent()) {
          return progress;
        }
      }
    }
    return progress;
  }

  /**
   * Takes one optimizer step, with all of its batches; {@code done} steps of its epoch came before.
   */
  static StepResult step(
      TrainingGraph graph, DataPass passage, int done, Stage stage, StepContext first) {
    double loss = 0;
    double top1 = 0;
    double waited = 0;
    boolean skipped = false;
    for (int batch = 0; batch < first.batches(); batch++) {
      StepContext at = first.batch(batch);
      StepResult part =
          Objects.requireNonNull(
              passage.step(
                  (done * stage.accumulate() + batch) * stage.batchSize(), () -> graph.step(at)));
      loss += part.loss() / first.batches();
      top1 += part.top1() / first.batches();
      waited += part.waited();
      skipped |= part.skipped();
    }
    return new StepResult(loss, top1, waited, skipped);
  }

  private double averageWeight(int epoch, int done, Stage stage, long before) {
    if (plan.step().averaging().isEmpty()) {
      return 0;
    }
    return plan.step()
        .averaging()
        .get()
        .weight(
            new Averaging.Position(
                before + 1,
                timeline.stepsBefore(plan.stages().size()),
                epoch + 1,
                plan.epochs(),
                done + 1 == stage.steps()));
  }

  private DataPass passage(Stage stage, int epoch, int batches, @Nullable DecodedImages images) {
    return new DataPass(
        source,
        images,
        BatchGraph.pass(plan, stage, source.samples().targets(), epoch),
        batches * stage.batchSize());
  }

  private EpochReport report(
      Progress progress, Evaluator.ValidationScores validation, double seconds) {
    int epoch = progress.epochs();
    Stage stage = timeline.stage(epoch);
    // Fewer than the stage's where a rule has ended the epoch.
    int steps = progress.steps();
    int batches = Math.min(steps * stage.accumulate(), stage.batches());
    EpochSums sums = progress.sums();
    return new EpochReport(
        epoch + 1,
        timeline.stageNumber(epoch) + 1,
        stage.size(),
        sums.loss() / steps,
        plan.data().task() == Task.CLASSIFICATION
            ? Optional.of(sums.top1() / steps)
            : Optional.empty(),
        validation.trained(),
        validation.averaged(),
        timeline.rates(epoch, steps - 1, progress.history()).learningRate(),
        seconds,
        sums.seconds(),
        (double) batches * stage.batchSize() / sums.seconds(),
        sums.waited() / sums.seconds(),
        sums.skipped());
  }
}
