package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.evaluate.Comparison;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.plan.Differences;
import dev.leaven.runtime.internal.plan.PlanText;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.internal.run.Checkpoint;
import dev.leaven.runtime.internal.run.Listeners;
import dev.leaven.runtime.internal.run.Progress;
import dev.leaven.runtime.internal.run.RunDirectory;
import dev.leaven.runtime.internal.run.TensorBoard;
import dev.leaven.runtime.internal.step.TrainingGraph;
import dev.leaven.runtime.plan.EvaluationPlan;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.plan.Stopping;
import dev.leaven.runtime.run.DamagedFile.Part;
import dev.leaven.runtime.run.Environment;
import dev.leaven.runtime.run.RunControl;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.run.TrainingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executes a {@link Plan}: the entry point for all training.
 *
 * <p>A run writes its directory while it trains. Ended by Ctrl-C, SIGTERM, an interrupt of its
 * thread or {@link RunControl#stop}, it saves the current step and returns unfinished; ended by
 * anything else, its last checkpoint is that of the last finished epoch, or a later one if {@link
 * TrainingOptions} has them within epochs. Either can be resumed, and ends with the numbers of an
 * uninterrupted run. A run that a {@link Stopping} rule ends is finished.
 */
public final class Trainer {

  private Trainer() {}

  /**
   * Trains from the beginning.
   *
   * @param plan the plan to execute
   * @param data the images that the plan was made for
   * @param directory the directory that the run writes to; created if missing; must not hold
   *     another run
   * @param listener receives the progress
   * @return the run, unfinished if it was asked to stop
   * @throws RunException when the directory holds another run or cannot be written
   * @throws TrainingException when the loss is no longer a number, memory or disk run out, or more
   *     than 1 % of the images cannot be decoded
   */
  public static RunResult train(
      Plan plan, ImageData data, Path directory, TrainingListener listener) {
    return train(plan, data, directory, TrainingOptions.usual(), listener);
  }

  /**
   * Trains from the beginning, with options for the files that the run writes.
   *
   * @param plan the plan to execute
   * @param data the images that the plan was made for
   * @param directory the directory that the run writes to; created if missing; must not hold
   *     another run
   * @param options checkpoints within epochs, how many epochs are kept, files for TensorBoard
   * @param listeners receive the progress, in their order
   * @return the run, unfinished if it was asked to stop
   * @throws RunException when the directory holds another run or cannot be written
   * @throws TrainingException when the loss or a weight is no longer a number, memory or disk run
   *     out, or more than 1 % of the images cannot be decoded
   */
  public static RunResult train(
      Plan plan,
      ImageData data,
      Path directory,
      TrainingOptions options,
      TrainingListener... listeners) {
    Plan.Computed computed = plan.computed();
    Plan here = computed.plan();
    try (RunDirectory held = RunDirectory.create(directory, here)) {
      held.writePlan(PlanText.of(here, computed.decision()));
      held.writeEnvironment(Environment.here(computed.decision()));
      return carryOut(here, data, held, null, options, List.of(listeners));
    }
  }

  /**
   * Resumes a run from its last checkpoint.
   *
   * @param directory the run's directory
   * @param listener receives the progress
   * @return the run, unfinished if it was asked to stop; a run that is finished already is returned
   *     as it is
   * @throws RunException when there is no run in the directory, or its data has changed
   * @throws TrainingException as {@link #train} does
   */
  public static RunResult resume(Path directory, TrainingListener listener) {
    return resume(directory, null, listener);
  }

  /**
   * Resumes a run from its last checkpoint with the given images: needed when they were in memory
   * or have moved.
   *
   * @param directory the run's directory
   * @param data the same images as before; null to find them as the run did
   * @param listener receives the progress
   * @return as {@link #resume(Path, TrainingListener)} does
   * @throws RunException when there is no run in the directory, or the images differ
   * @throws TrainingException as {@link #train} does
   */
  public static RunResult resume(
      Path directory, @Nullable DataSource data, TrainingListener listener) {
    return resume(directory, data, TrainingOptions.usual(), listener);
  }

  /**
   * Resumes a run from its last checkpoint, with options for the files that it writes.
   *
   * @param directory the run's directory
   * @param data the same images as before; null to find them as the run did
   * @param options checkpoints within epochs, how many epochs are kept, files for TensorBoard; they
   *     may differ from those that the run began with
   * @param listeners receive the progress, in their order
   * @return as {@link #resume(Path, TrainingListener)} does
   * @throws RunException when there is no run in the directory, or the images differ
   * @throws TrainingException as {@link #train} does
   */
  public static RunResult resume(
      Path directory,
      @Nullable DataSource data,
      TrainingOptions options,
      TrainingListener... listeners) {
    try (RunDirectory held = RunDirectory.open(directory)) {
      Checkpoint checkpoint = Checkpoint.read(held.lastCheckpoint());
      Plan plan = checkpoint.plan();
      Progress progress = checkpoint.progress();
      if (progress.finished(plan)) {
        RunResult run = progress.result(plan, held.path());
        // The process may have been ended after the last checkpoint and before these.
        held.keep(progress, options.keep());
        held.writeSummary(run);
        return run;
      }
      ImageData images = (data == null ? plan.data().source() : data).load(plan.seed());
      RunDirectory.requireSame(plan, images, directory);
      Plan.Computed computed = plan.computed();
      held.writeEnvironment(Environment.here(computed.decision()));
      return carryOut(computed.plan(), images, held, checkpoint, options, List.of(listeners));
    }
  }

  /**
   * The differences between the recipe of a run and another.
   *
   * @param directory the run's directory
   * @param recipe another recipe in JSON
   * @return for instance {@code "mixing: alpha 0.4 there, 0.2 here"}, in alphabetical order; empty
   *     if they are the same
   * @throws RunException when there is no run in the directory
   */
  public static List<String> differences(Path directory, String recipe) {
    return Differences.ofRecipes(RunDirectory.recipe(directory), recipe);
  }

  private static RunResult carryOut(
      Plan plan,
      ImageData data,
      RunDirectory directory,
      @Nullable Checkpoint checkpoint,
      TrainingOptions options,
      List<TrainingListener> listeners) {
    Progress progress = checkpoint == null ? Progress.NONE : checkpoint.progress();
    List<TrainingListener> all = new ArrayList<>(listeners);
    try (StopSignal stop = new StopSignal();
        TensorBoard board = tensorBoard(plan, directory, progress, options)) {
      if (board != null) {
        all.add(board);
      }
      TrainingListener listener = new Listeners(all);
      listener.onControl(stop);
      listener.onStart(plan, directory.path(), progress.epochs());
      if (!data.skipped().isEmpty()) {
        listener.onSkipped(data.skipped());
      }
      return begin(plan, data, directory, checkpoint, options, listener, stop);
    }
  }

  // A graph is compiled again for each batch size, with the same initial weights.
  private static RunResult begin(
      Plan plan,
      ImageData data,
      RunDirectory directory,
      @Nullable Checkpoint checkpoint,
      TrainingOptions options,
      TrainingListener listener,
      StopSignal stop) {
    Plan present = plan;
    while (true) {
      try {
        return carryOut(present, data, directory, checkpoint, options, listener, stop);
      } catch (BatchTooLarge e) {
        Stage tried = e.stage();
        if (checkpoint != null || !plan.course().autoBatchSize() || tried.batchSize() == 1) {
          throw e.failure();
        }
        present = present.halved(tried);
        directory.writePlan(PlanText.of(present));
        listener.onBatchHalved(tried, tried.halved());
      }
    }
  }

  private static @Nullable TensorBoard tensorBoard(
      Plan plan, RunDirectory directory, Progress progress, TrainingOptions options) {
    Path folder = directory.path().resolve("tensorboard");
    return options.tensorBoardSteps() == 0
        ? null
        : new TensorBoard(folder, plan, progress, options.tensorBoardSteps());
  }

  private static RunResult carryOut(
      Plan plan,
      ImageData data,
      RunDirectory directory,
      @Nullable Checkpoint checkpoint,
      TrainingOptions options,
      TrainingListener listener,
      StopSignal stop) {
    Progress progress = checkpoint == null ? Progress.NONE : checkpoint.progress();
    listener.onPhase("compiling the graph");
    Loader loader = Loader.of(data.train(), data.channels(), plan.image().itemResize());
    CorruptFiles corrupt = new CorruptFiles(data, progress.damaged(), listener);
    RunContext context = new RunContext(plan, listener, stop, corrupt);
    try (DecodedParts decoded = new DecodedParts(context);
        TrainingGraph graph = new TrainingGraph(plan, loader);
        Loader.Opened train = loader.open(data.train());
        Loader.Opened valid = loader.open(data.valid());
        Checkpoints checkpoints = new Checkpoints(plan, graph, directory, options)) {
      if (checkpoint == null) {
        graph.initialize();
        checkpoints.begin(progress);
      } else {
        graph.restore(checkpoint, directory.lastCheckpoint());
        // The previous process may have been ended between writing the checkpoint and keeping it.
        directory.keep(progress, options.keep());
      }
      DataPass.Source training =
          new DataPass.Source(
              graph.session(), graph.pipeline(), train, decoded::training, corrupt, Part.TRAINING);
      DataPass.Source validation =
          new DataPass.Source(
              graph.session(),
              graph.pipeline(),
              valid,
              decoded::validation,
              corrupt,
              Part.VALIDATION);
      Evaluator evaluator =
          new Evaluator(plan, graph.inference(), validation, listener, stop::check);
      Loop loop = new Loop(context, graph, training, evaluator, checkpoints);
      progress = loop.run(progress);
      if (progress.trained(plan)) {
        progress = evaluatedAgain(context, evaluator, checkpoints, progress);
      }
      RunResult run = progress.result(plan, directory.path());
      if (run.finished()) {
        directory.writeSummary(run);
        listener.onEnd(run);
      } else {
        // A run that is stopped in the passes after the last epoch is still in that epoch for its
        // user.
        int epoch = progress.trained(plan) ? progress.epochs() : progress.epochs() + 1;
        listener.onInterrupted(directory.path(), epoch, progress.steps());
      }
      return run;
    }
  }

  private static Progress evaluatedAgain(
      RunContext run, Evaluator evaluator, Checkpoints checkpoints, Progress trained) {
    EvaluationPlan asked = run.plan().evaluation();
    TrainingListener listener = run.listener();
    // Not always the plan's last stage: a rule may have ended the run before it.
    Stage last = new Timeline(run.plan()).stage(trained.epochs() - 1);
    Progress progress = trained;
    try {
      if (asked.tta().isPresent() && progress.tta().isEmpty()) {
        listener.onPhase("test-time augmentation");
        CollectedPredictions views = new CollectedPredictions(run.plan());
        CollectedPredictions centre = new CollectedPredictions(run.plan());
        long begin = System.nanoTime();
        evaluator.views(last, asked.tta().get(), views, centre);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Scores plain = progress.history().get(progress.history().size() - 1).scores();
        Scores augmented = views.predictions().scores();
        Comparison gain = Comparison.of(centre.predictions(), views.predictions());
        progress = progress.tta(augmented).damaged(run.corrupt().files());
        checkpoints.write(progress);
        listener.onTta(plain, augmented, seconds, gain);
      }
      if (asked.evaluateAt().isPresent() && progress.sized().isEmpty()) {
        run.stop().check();
        int size = asked.evaluateAt().get();
        listener.onPhase("evaluating at %d px".formatted(size));
        CollectedPredictions usual = new CollectedPredictions(run.plan());
        CollectedPredictions other = new CollectedPredictions(run.plan());
        // The run is evaluated once more at its training size: only the images that are right at
        // each size show whether the difference is more than noise.
        evaluator.centre(last, usual);
        long begin = System.nanoTime();
        evaluator.centre(last.at(size), other);
        double seconds = (System.nanoTime() - begin) / 1e9;
        SizedScores scores = new SizedScores(size, other.predictions().scores());
        Comparison gain = Comparison.of(usual.predictions(), other.predictions());
        progress = progress.sized(scores).damaged(run.corrupt().files());
        checkpoints.write(progress);
        listener.onSize(last.size(), usual.predictions().scores(), scores, seconds, gain);
      }
    } catch (StopSignal.Stopped e) {
      return progress;
    }
    return progress;
  }
}
