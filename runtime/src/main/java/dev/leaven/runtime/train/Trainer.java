package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Loader;
import dev.leaven.runtime.evaluate.Scores;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a {@link Plan}: the way in for everything that trains.
 *
 * <p>A run writes its directory as it goes. Ended by Ctrl-C, SIGTERM or an interrupt of its thread,
 * it saves the step it is at and returns unfinished; ended by anything else, its last checkpoint is
 * that of the last finished epoch. Either can be resumed, and ends with the numbers of a run that
 * was never ended.
 */
public final class Trainer {

  private Trainer() {}

  /**
   * Trains from the beginning.
   *
   * @param plan what to do
   * @param data the images that the plan was made for
   * @param directory where the run is written; made if missing; must not hold another run
   * @param listener hears how it proceeds
   * @return the run, unfinished if it was asked to stop
   * @throws RunException when the directory holds another run or cannot be written
   * @throws TrainingException when the loss is no longer a number, memory or disk run out, or more
   *     than 1 % of the images cannot be decoded
   */
  public static Run train(Plan plan, ImageData data, Path directory, TrainingListener listener) {
    try (RunDirectory held = RunDirectory.create(directory, plan)) {
      held.writePlan(PlanText.of(plan));
      return carryOut(plan, data, held, null, listener);
    }
  }

  /**
   * Goes on with a run from its last checkpoint.
   *
   * @param directory the run's directory
   * @param listener hears how it proceeds
   * @return the run, unfinished if it was asked to stop; a run that is finished already is returned
   *     as it is
   * @throws RunException when there is no run in the directory, or its data has changed
   * @throws TrainingException as {@link #train} does
   */
  public static Run resume(Path directory, TrainingListener listener) {
    return resume(directory, null, listener);
  }

  /**
   * Goes on with a run from its last checkpoint, with its images given anew: needed when they were
   * in memory or have moved.
   *
   * @param directory the run's directory
   * @param data the same images as before; null to find them as the run did
   * @param listener hears how it proceeds
   * @return as {@link #resume(Path, TrainingListener)} does
   * @throws RunException when there is no run in the directory, or the images differ
   * @throws TrainingException as {@link #train} does
   */
  public static Run resume(Path directory, @Nullable DataSource data, TrainingListener listener) {
    try (RunDirectory held = RunDirectory.open(directory)) {
      Checkpoint checkpoint = Checkpoint.read(held.lastCheckpoint());
      Plan plan = checkpoint.plan();
      Progress progress = checkpoint.progress();
      if (finished(plan, progress)) {
        return result(plan, held, progress);
      }
      ImageData images = (data == null ? plan.data() : data).load(plan.seed());
      requireSame(plan, images, directory);
      return carryOut(plan, images, held, checkpoint, listener);
    }
  }

  private static void requireSame(Plan plan, ImageData data, Path directory) {
    if (data.task() != plan.task()
        || !data.classNames().equals(plan.classNames())
        || data.train().size() != plan.trainImages()
        || data.valid().size() != plan.validImages()) {
      throw new RunException(
          ("%s was trained on %d + %d images of %d classes, but %s now has %d + %d of %d;"
                  + " bring the images back, or train anew")
              .formatted(
                  directory,
                  plan.trainImages(),
                  plan.validImages(),
                  plan.classNames().size(),
                  data.source().describe(),
                  data.train().size(),
                  data.valid().size(),
                  data.classes()),
          null);
    }
  }

  private static Run carryOut(
      Plan plan,
      ImageData data,
      RunDirectory directory,
      @Nullable Checkpoint checkpoint,
      TrainingListener listener) {
    Progress progress = checkpoint == null ? Progress.NONE : checkpoint.progress();
    listener.onStart(plan, directory.path(), progress.epochs());
    if (!data.skipped().isEmpty()) {
      listener.onSkipped(data.skipped());
    }
    listener.onPhase("compiling the graph");
    Loader loader = Loader.of(data.train(), data.channels(), plan.itemResize());
    Damage damage = new Damage(data, progress.damaged(), listener);
    try (StopSignal stop = new StopSignal();
        DecodedParts decoded = new DecodedParts(plan, damage, listener, stop);
        TrainingGraph graph = new TrainingGraph(plan, loader);
        Loader.Opened train = loader.open(data.train());
        Loader.Opened valid = loader.open(data.valid())) {
      if (checkpoint == null) {
        graph.initialize();
        directory.save(plan, progress, false, graph.session(), graph.variables());
      } else {
        checkpoint.restore(directory.lastCheckpoint(), graph.session(), graph.variables());
      }
      Judge judge = new Judge(plan, graph, valid, damage, decoded, listener, stop);
      Loop loop = new Loop(plan, graph, train, damage, decoded, judge, directory, listener, stop);
      progress = loop.run(progress);
      if (progress.epochs() == plan.epochs() && progress.tta().isEmpty()) {
        progress = tta(plan, graph, directory, judge, damage, progress, listener);
      }
      Run run = result(plan, directory, progress);
      if (run.finished()) {
        directory.writeSummary(run);
        listener.onEnd(run);
      } else {
        // Stopped in the passes after the last epoch, it is still in that epoch for its user.
        int epoch = Math.min(progress.epochs() + 1, plan.epochs());
        listener.onInterrupted(directory.path(), epoch, progress.steps());
      }
      return run;
    }
  }

  private static Progress tta(
      Plan plan,
      TrainingGraph graph,
      RunDirectory directory,
      Judge judge,
      Damage damage,
      Progress progress,
      TrainingListener listener) {
    if (plan.tta().isEmpty()) {
      return progress;
    }
    listener.onPhase("test-time augmentation");
    long begin = System.nanoTime();
    Stage last = plan.stages().get(plan.stages().size() - 1);
    Scores augmented;
    try {
      augmented = judge.augmented(last, plan.tta().get());
    } catch (StopSignal.Stopped e) {
      return progress;
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    Scores plain = progress.history().get(progress.history().size() - 1).scores();
    Progress done = progress.tta(augmented).damaged(damage.files());
    directory.save(plan, done, false, graph.session(), graph.variables());
    listener.onTta(plain, augmented, seconds);
    return done;
  }

  private static boolean finished(Plan plan, Progress progress) {
    return progress.epochs() == plan.epochs()
        && (plan.tta().isEmpty() || progress.tta().isPresent());
  }

  private static Run result(Plan plan, RunDirectory directory, Progress progress) {
    return new Run(
        plan,
        directory.path(),
        progress.history(),
        progress.tta(),
        progress.damaged(),
        finished(plan, progress));
  }
}
