package dev.leaven.runtime.run;

import dev.leaven.runtime.evaluate.Comparison;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Receives the progress of a run. Every method does nothing unless overridden, and is called on the
 * training thread, between steps.
 *
 * <p>Everything that a listener receives is immutable: it can read everything and change nothing.
 * It can end the run with {@link RunControl#stop}. A listener that throws ends the run with its
 * exception; the last checkpoint is complete, and the run can be resumed from it.
 */
public interface TrainingListener {

  /**
   * The order of this listener among several: listeners with lower numbers are called first, those
   * with equal numbers in the order in which they were given.
   *
   * @return 0 unless overridden; called once, when the run begins
   */
  default int order() {
    return 0;
  }

  /**
   * Called before the first step, with the control of the run.
   *
   * @param control stays valid until the run, or the search for a learning rate, ends
   */
  default void onControl(RunControl control) {}

  /**
   * A run starts or resumes.
   *
   * @param plan the plan of the run
   * @param directory the directory that the run writes to
   * @param epochsDone epochs that earlier processes finished; 0 for a new run
   */
  default void onStart(Plan plan, Path directory, int epochsDone) {}

  /**
   * Files of the data are left out because they are no images.
   *
   * @param skipped the files, relative to the data's folder, and the problem of each; not empty
   */
  default void onSkipped(Map<String, String> skipped) {}

  /**
   * Files were found to be damaged when they were loaded. The run continues: in training other
   * images replace them, in validation they are left out of the scores. Each file is reported once.
   *
   * @param files the files of one part, in the order of their indexes; not empty
   */
  default void onDamaged(List<DamagedFile> files) {}

  /**
   * Memory ran out before the run's first step, and the run begins again with smaller batches, more
   * of which make a step.
   *
   * @param before the stage whose batch was tried
   * @param after the same stage as it is now
   */
  default void onBatchHalved(Stage before, Stage after) {}

  /**
   * A slow operation begins: compiling the graph, trying the largest stage, validating.
   *
   * @param what the operation in a few words, for instance {@code "validating"}
   */
  default void onPhase(String what) {}

  /**
   * An image was decoded before it is needed, in a run with a cache.
   *
   * @param done images decoded so far
   * @param total images to decode
   */
  default void onDecoded(int done, int total) {}

  /**
   * An epoch's training steps begin.
   *
   * @param epoch counted from 1 over all stages
   * @param stageNumber counted from 1
   * @param stage its stage
   */
  default void onEpochStart(int epoch, int stageNumber, Stage stage) {}

  /**
   * A training step was taken.
   *
   * @param report the result of the step; by default its first parts go to {@link #onStep(int,
   *     Stage, double)}
   */
  default void onStep(StepReport report) {
    onStep(report.step(), report.stage(), report.smoothedLoss());
  }

  /**
   * A training step was taken: the short form, for listeners that override only this.
   *
   * @param step counted from 1 within the epoch
   * @param stage its stage
   * @param smoothedLoss the running mean of the loss
   */
  default void onStep(int step, Stage stage, double smoothedLoss) {}

  /**
   * A batch was evaluated, in validation or in test-time augmentation.
   *
   * @param done images evaluated so far
   * @param total images to evaluate
   */
  default void onEvaluated(int done, int total) {}

  /**
   * An epoch ended and its checkpoint is on disk.
   *
   * @param report the result of the epoch
   * @param best whether its scores are the best so far
   */
  default void onEpoch(EpochReport report, boolean best) {}

  /**
   * Test-time augmentation ended.
   *
   * @param plain the scores of the plain pass
   * @param augmented the scores with test-time augmentation
   * @param seconds the time of all its passes, a plain one included
   * @param gain how much better it is than the plain pass, and whether that is more than noise; by
   *     default the other parts go to {@link #onTta(Scores, Scores, double)}
   */
  default void onTta(Scores plain, Scores augmented, double seconds, Comparison gain) {
    onTta(plain, augmented, seconds);
  }

  /**
   * Test-time augmentation ended: the short form, for listeners that override only this.
   *
   * @param plain the scores of the plain pass
   * @param augmented the scores with test-time augmentation
   * @param seconds the time of the augmented passes
   */
  default void onTta(Scores plain, Scores augmented, double seconds) {}

  /**
   * The model was evaluated at another size than its last stage's.
   *
   * @param trained the last stage's size, in pixels
   * @param plain the scores at that size
   * @param other the other size and the scores at it
   * @param seconds the time of the pass at the other size
   * @param gain how much better the other size is, and whether that is more than noise
   */
  default void onSize(
      int trained, Scores plain, SizedScores other, double seconds, Comparison gain) {}

  /**
   * The run ended.
   *
   * @param run its result
   */
  default void onEnd(RunResult run) {}

  /**
   * The run was asked to stop and has saved its state.
   *
   * @param directory the directory from which it can be resumed
   * @param epoch the current epoch, from 1
   * @param step the number of steps of that epoch that are done and saved
   */
  default void onInterrupted(Path directory, int epoch, int step) {}

  /**
   * The learning-rate finder took a step.
   *
   * @param step counted from 1
   * @param steps the number of steps that it will take, unless the loss explodes before
   * @param point the step's learning rate and loss
   */
  default void onRate(int step, int steps, LearningRates.Point point) {}

  /**
   * The learning-rate finder ended, or was asked to stop.
   *
   * @param stageNumber counted from 1
   * @param stage the stage whose rate was sought
   * @param rates its result
   */
  default void onRates(int stageNumber, Stage stage, LearningRates rates) {}
}
