package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DecodedImages;
import dev.leaven.runtime.data.Loader;
import dev.leaven.runtime.evaluate.Scores;
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
      Scores scores;
      try {
        decoded.training(course.stage(progress.epochs()));
        progress = steps(progress);
        stop.check();
        listener.onPhase("validating");
        scores = judge.plain(course.stage(progress.epochs()));
      } catch (StopSignal.Stopped e) {
        progress = progress.damaged(damage.files());
        directory.save(plan, progress, false, graph.session(), graph.variables());
        return progress;
      }
      double seconds = before + (System.nanoTime() - started) / 1e9;
      EpochReport report = report(progress, scores, seconds);
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
    int number = course.stageNumber(epoch);
    Stage stage = plan.stages().get(number);
    int epochOfStage = epoch - course.firstEpoch(number);
    if (epochOfStage == 0 && progress.steps() == 0) {
      graph.clearSlots();
    }
    listener.onEpochStart(epoch + 1, number + 1, stage);
    Passage passage = passage(stage, epoch, stage.steps(), decoded.training(stage));
    passage.start(progress.steps() * stage.batchSize());

    double smoothed = 0;
    double weight = 0;
    long begun = System.nanoTime();
    while (progress.steps() < stage.steps()) {
      if (stop.requested()) {
        return progress;
      }
      int done = progress.steps();
      long ofStage = (long) epochOfStage * stage.steps() + done;
      Schedule.Rates rates =
          plan.schedule().at((double) ofStage / stage.totalSteps(), stage.learningRate());
      long global = course.stepsBefore(number) + ofStage;
      TrainingGraph.Step step =
          Objects.requireNonNull(
              passage.step(
                  done * stage.batchSize(),
                  () -> graph.step(stage.size(), global, ofStage + 1, plan.mixes(epoch), rates)));
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

  private Passage passage(Stage stage, int epoch, int steps, @Nullable DecodedImages images) {
    return new Passage(
        graph,
        opened,
        images,
        damage,
        DamagedFile.Part.TRAINING,
        course.pass(stage, opened.samples().targets(), epoch),
        steps * stage.batchSize());
  }

  private EpochReport report(Progress progress, Scores scores, double seconds) {
    int epoch = progress.epochs();
    int number = course.stageNumber(epoch);
    Stage stage = plan.stages().get(number);
    long lastStep = (long) (epoch - course.firstEpoch(number) + 1) * stage.steps() - 1;
    double rate =
        plan.schedule()
            .at((double) lastStep / stage.totalSteps(), stage.learningRate())
            .learningRate();
    return new EpochReport(
        epoch + 1,
        number + 1,
        stage.size(),
        progress.lossSum() / stage.steps(),
        scores,
        rate,
        seconds,
        progress.seconds(),
        stage.steps() * stage.batchSize() / progress.seconds(),
        progress.waited() / progress.seconds());
  }
}
