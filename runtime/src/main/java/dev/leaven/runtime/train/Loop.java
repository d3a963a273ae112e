package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DecodedImages;
import dev.leaven.runtime.data.Loader;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.Schedule;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The epochs of a run, from wherever it is to its end. Every number of a step follows from the plan
 * and the step's place in the run alone, so it makes no difference in which process a step is
 * taken.
 */
final class Loop {

  private static final double LOSS_SMOOTHING = 0.98;

  private final Plan plan;
  private final Course course;
  private final TrainingGraph graph;
  private final Loader.Opened opened;
  private final Damage damage;
  private final DecodedParts decoded;
  private final Judge judge;
  private final RunDirectory directory;
  private final TrainingListener listener;
  private final StopSignal stop;

  Loop(
      Plan plan,
      TrainingGraph graph,
      Loader.Opened opened,
      Damage damage,
      DecodedParts decoded,
      Judge judge,
      RunDirectory directory,
      TrainingListener listener,
      StopSignal stop) {
    this.plan = plan;
    this.course = new Course(plan);
    this.graph = graph;
    this.opened = opened;
    this.damage = damage;
    this.decoded = decoded;
    this.judge = judge;
    this.directory = directory;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * Trains until the plan is done or the run is asked to stop; both are saved.
   *
   * @return how far it came
   */
  Progress run(Progress begin) {
    Progress progress = begin;
    tryLargestStage(progress);
    while (progress.epochs() < plan.epochs()) {
      long started = System.nanoTime();
      double before = progress.seconds();
      Judge.Verdict verdict;
      try {
        decoded.training(course.stage(progress.epochs()));
        progress = steps(progress);
        stop.check();
        listener.onPhase("validating");
        verdict = judge.plain(course.stage(progress.epochs()));
      } catch (StopSignal.Stopped e) {
        progress = progress.damaged(damage.files());
        directory.save(plan, progress, false, graph.session(), graph.variables());
        return progress;
      }
      double seconds = before + (System.nanoTime() - started) / 1e9;
      EpochReport report = report(progress, verdict, seconds);
      progress = progress.epoch(report).damaged(damage.files());
      boolean best = progress.lastIsBest();
      directory.save(plan, progress, best, graph.session(), graph.variables());
      listener.onEpoch(report, best);
    }
    return progress;
  }

  // Memory that runs out at the last, largest stage should do so now and not after hours.
  private void tryLargestStage(Progress progress) {
    Stage largest = plan.largestStage();
    if (progress.epochs() == plan.epochs() || largest.equals(course.stage(progress.epochs()))) {
      return;
    }
    listener.onPhase("trying a batch of the largest stage, %d px".formatted(largest.size()));
    passage(largest, 0, 1, null)
        .start(0)
        .step(
            0,
            () -> {
              graph.tryOut(largest.size());
              return largest;
            });
  }

  private Progress steps(Progress begin) {
    Progress progress = begin;
    int epoch = progress.epochs();
    Stage stage = course.stage(epoch);
    if (epoch == course.begin(epoch) && progress.steps() == 0) {
      graph.clearSlots();
    }
    listener.onEpochStart(epoch + 1, course.stageNumber(epoch) + 1, stage);
    Passage passage = passage(stage, epoch, stage.batches(), decoded.training(stage));
    passage.start(progress.steps() * stage.accumulate() * stage.batchSize());

    double smoothed = 0;
    double weight = 0;
    long begun = System.nanoTime();
    while (progress.steps() < stage.steps()) {
      if (stop.requested()) {
        return progress;
      }
      int done = progress.steps();
      Schedule.Rates rates = course.rates(epoch, done, progress.history());
      long before = course.stepsBefore(epoch, done);
      long remembered = before - course.stepsBefore(course.begin(epoch), 0);
      double average = averageWeight(epoch, done, stage, before);
      TrainingGraph.Step step =
          step(
              graph,
              passage,
              done,
              stage,
              new TrainingGraph.At(
                  stage.size(),
                  course.firstBatch(epoch) + (long) done * stage.accumulate(),
                  0,
                  stage.batchesOf(done),
                  plan.mixes(epoch),
                  remembered + 1,
                  rates,
                  average,
                  stage.groups()));
      if (!Double.isFinite(step.loss())) {
        throw new TrainingException(
            String.format(
                Locale.ROOT,
                "the loss is no longer a number at step %d of epoch %d (learning rate %.3g);"
                    + " nothing after the last checkpoint is kept: try a lower learningRate",
                done + 1,
                epoch + 1,
                rates.learningRate()),
            null);
      }
      long now = System.nanoTime();
      progress = progress.step(step.loss(), (now - begun) / 1e9, step.waited());
      begun = now;
      smoothed = LOSS_SMOOTHING * smoothed + (1 - LOSS_SMOOTHING) * step.loss();
      weight = LOSS_SMOOTHING * weight + (1 - LOSS_SMOOTHING);
      listener.onStep(progress.steps(), stage, smoothed / weight);
    }
    return progress;
  }

  /** Takes one optimizer step, with all of its batches; {@code done} of its epoch were before. */
  static TrainingGraph.Step step(
      TrainingGraph graph, Passage passage, int done, Stage stage, TrainingGraph.At first) {
    double loss = 0;
    double waited = 0;
    for (int batch = 0; batch < first.batches(); batch++) {
      TrainingGraph.At at = first.batch(batch);
      TrainingGraph.Step part =
          Objects.requireNonNull(
              passage.step(
                  (done * stage.accumulate() + batch) * stage.batchSize(), () -> graph.step(at)));
      loss += part.loss() / first.batches();
      waited += part.waited();
    }
    return new TrainingGraph.Step(loss, waited);
  }

  private double averageWeight(int epoch, int done, Stage stage, long before) {
    if (plan.averaging().isEmpty()) {
      return 0;
    }
    return plan.averaging()
        .get()
        .weight(
            new Averaging.Moment(
                before + 1,
                course.stepsBefore(plan.stages().size()),
                epoch + 1,
                plan.epochs(),
                done + 1 == stage.steps()));
  }

  private Passage passage(Stage stage, int epoch, int batches, @Nullable DecodedImages images) {
    return new Passage(
        graph.session(),
        graph.pipeline(),
        opened,
        images,
        damage,
        DamagedFile.Part.TRAINING,
        course.pass(stage, opened.samples().targets(), epoch),
        batches * stage.batchSize());
  }

  private EpochReport report(Progress progress, Judge.Verdict verdict, double seconds) {
    int epoch = progress.epochs();
    Stage stage = course.stage(epoch);
    double rate = course.rates(epoch, stage.steps() - 1, progress.history()).learningRate();
    return new EpochReport(
        epoch + 1,
        course.stageNumber(epoch) + 1,
        stage.size(),
        progress.lossSum() / stage.steps(),
        verdict.trained(),
        verdict.averaged(),
        rate,
        seconds,
        progress.seconds(),
        (double) stage.batches() * stage.batchSize() / progress.seconds(),
        progress.waited() / progress.seconds());
  }
}
