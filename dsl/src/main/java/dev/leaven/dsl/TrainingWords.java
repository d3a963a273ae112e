package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.optimize.ClipNorm;
import dev.leaven.runtime.optimize.Clipping;
import dev.leaven.runtime.optimize.FlatCosine;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.optimize.WarmRestarts;
import dev.leaven.runtime.optimize.WarmUp;
import dev.leaven.runtime.plan.EarlyStopping;
import dev.leaven.runtime.plan.Stopping;
import dev.leaven.runtime.plan.TimeLimit;
import java.util.ArrayList;
import java.util.List;

/**
 * The words for how the model learns: optimizer, schedule, precision, and when training ends.
 *
 * @param <R> what a word returns: the changed value, or nothing in a Kotlin block
 */
@CheckReturnValue
public interface TrainingWords<R> extends Words<R> {

  /**
   * Makes the latest stage one of transfer learning with fastai's rate of 0.002: {@link
   * #fineTune(int, Number)}.
   *
   * @param epochs of the second part, at least 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 1
   */
  default R fineTune(int epochs) {
    return fineTune(epochs, 2e-3);
  }

  /**
   * Makes the latest stage one of transfer learning, as fastai's {@code fine_tune}: an epoch in
   * which only the head and the norms learn, on a one-cycle that rises to its end; then {@code
   * epochs} in which all groups learn, the head with half of the rate and the first group with a
   * hundredth of that. On a model of one parameter group nothing is frozen.
   *
   * @param epochs of the second part, at least 1
   * @param learningRate the highest rate of the first part, above 0
   * @return a new recipe
   * @throws IllegalArgumentException when one is outside its range
   */
  default R fineTune(int epochs, Number learningRate) {
    Check.atLeast("fineTune", "epochs", epochs, 1);
    Check.positive("fineTune", "learning rate", learningRate.doubleValue());
    return with(
        recipe -> {
          List<StageSpec> stages = new ArrayList<>(recipe.stages());
          StageSpec latest = stages.remove(stages.size() - 1);
          stages.addAll(FineTune.stages(latest, epochs, learningRate.doubleValue()));
          return recipe.with(stages);
        });
  }

  /**
   * The optimizer that updates the weights. Default: {@code new Adam()}.
   *
   * @param optimizer an optimizer
   * @return a new recipe
   */
  default R optimizer(Optimizer optimizer) {
    return with(recipe -> recipe.with(Part.OPTIMIZER, optimizer));
  }

  /**
   * The weight decay of any optimizer. Default: the optimizer's own, 0.01 for Adam.
   *
   * @param weightDecay from 0 to 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is not between 0 and 1
   */
  default R weightDecay(Number weightDecay) {
    Check.range("weightDecay", "weight decay", weightDecay.doubleValue(), 0, 1);
    return with(recipe -> recipe.with(Part.WEIGHT_DECAY, weightDecay.doubleValue()));
  }

  /**
   * Keeps the global norm of each step's gradients below a limit: {@link ClipNorm}.
   *
   * @param maxNorm above 0; 1 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is not above 0
   */
  default R clipGradients(Number maxNorm) {
    return clipGradients(new ClipNorm(maxNorm.doubleValue()));
  }

  /**
   * Keeps gradients from being too large. Default: no clipping.
   *
   * @param clipping for instance {@code new AdaptiveClip()}
   * @return a new recipe
   */
  default R clipGradients(Clipping clipping) {
    return with(recipe -> recipe.with(Part.CLIPPING, clipping));
  }

  /**
   * Averages the gradients of several batches for each optimizer step, as if the batch were that
   * many times as large, in the memory of one batch; only batch normalization still uses each batch
   * alone. Steps, schedules and half-lives count optimizer steps; the last step of an epoch takes
   * the remaining batches.
   *
   * @param batches from 1, which is the default, to 10000
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R accumulate(int batches) {
    Check.range("accumulate", "batches", batches, 1, 10_000);
    return with(recipe -> recipe.with(Part.ACCUMULATE, batches));
  }

  /**
   * Whether batches may become smaller when memory runs out. Before the run's first step a batch of
   * the first and one of the largest stage is tried; if TensorFlow has no memory for it, the batch
   * size is halved, twice as many batches make a step as with {@link #accumulate}, and the run
   * begins again and reports it. A step then still has the same number of images, but batch norms
   * see fewer at once. Without a GPU the operating system may end the process before TensorFlow
   * reports the failure. Default: they may.
   *
   * <p>Where not even one image fits, a smaller size or model remains: activations are not computed
   * again on the way back (gradient checkpointing), since TensorFlow Java differentiates a graph as
   * a whole and has no operation that would compute a part of it twice.
   *
   * @param automatic false to fail instead
   * @return a new recipe
   */
  default R autoBatchSize(boolean automatic) {
    return with(recipe -> recipe.with(Part.AUTO_BATCH_SIZE, automatic));
  }

  /**
   * How the learning rate and the momentum change within each stage. Default: {@link #oneCycle()}.
   * A stage may have another: {@code then(224, stage -> stage.schedule(new Cosine()))}.
   *
   * @param schedule a schedule
   * @return a new recipe
   */
  default R schedule(Schedule schedule) {
    return with(recipe -> recipe.with(Part.SCHEDULE, schedule));
  }

  /**
   * Raises the learning rate for a quarter of the steps and lowers it for the rest, with the
   * momentum in the opposite direction: {@link OneCycle}, the default.
   *
   * @return a new recipe
   */
  default R oneCycle() {
    return schedule(new OneCycle());
  }

  /**
   * Keeps the learning rate constant for three quarters of the steps, then lowers it along a
   * cosine: {@link FlatCosine}. It is usually combined with {@code optimizer(new Ranger())}.
   *
   * @return a new recipe
   */
  default R flatCosine() {
    return schedule(new FlatCosine());
  }

  /**
   * Lowers the learning rate along a cosine, repeatedly: {@link WarmRestarts}. A stage without
   * epochs gets those of all cycles; planning rejects a stage with another number.
   *
   * @param cycles at least 1
   * @param length the epochs of the first cycle, at least 1
   * @param multiplier how much longer each cycle is than the one before, from 1 to 100; 2 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when a value is outside its range
   */
  default R warmRestarts(int cycles, int length, int multiplier) {
    return schedule(new WarmRestarts(cycles, length, multiplier));
  }

  /**
   * Puts a warm-up in front of any schedule, within each stage: {@link WarmUp}. Default: none.
   *
   * @param epochs at least 1, and fewer than the stage has
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 1
   */
  default R warmUp(int epochs) {
    Check.atLeast("warmUp", "epochs", epochs, 1);
    return with(recipe -> recipe.with(Part.WARM_UP_EPOCHS, epochs).without(Part.WARM_UP_FRACTION));
  }

  /**
   * Puts a warm-up in front of any schedule, within each stage: {@link WarmUp}. Default: none.
   *
   * @param fraction of the stage's steps, above 0 and below 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R warmUp(double fraction) {
    WarmUp.checkShare(fraction);
    return with(
        recipe -> recipe.with(Part.WARM_UP_FRACTION, fraction).without(Part.WARM_UP_EPOCHS));
  }

  /**
   * Runs the schedule once over all stages instead of once in each: the optimizer keeps its state
   * from stage to stage, and a stage without a learning rate has that of the first stage.
   *
   * @return a new recipe
   */
  default R scheduleOverAll() {
    return with(recipe -> recipe.with(Part.SCHEDULE_OVER_ALL, true));
  }

  /**
   * Ends the run when it has stopped getting better: {@link EarlyStopping}. Default: all epochs.
   *
   * @param patience epochs in a row without a better score after which the run ends, at least 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R earlyStopping(int patience) {
    return stopping(new EarlyStopping(patience));
  }

  /**
   * Ends the run after some time of training: {@link TimeLimit}. Default: all epochs, however long
   * they take.
   *
   * @param minutes of training, above 0
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R timeLimit(Number minutes) {
    return stopping(new TimeLimit(minutes.doubleValue()));
  }

  /**
   * Adds a rule that may end the run before its last epoch, and replaces one of the same kind. The
   * first rule that applies ends the run.
   *
   * @param rule the rule
   * @return a new recipe
   */
  default R stopping(Stopping rule) {
    return with(
        recipe -> {
          List<Stopping> rules = new ArrayList<>(recipe.find(Part.STOPPING).orElse(List.of()));
          rules.removeIf(other -> other.getClass() == rule.getClass());
          rules.add(rule);
          return recipe.with(Part.STOPPING, List.copyOf(rules));
        });
  }

  /**
   * The numbers that convolutions are computed in. Default: {@link Precision#AUTO}, bfloat16 where
   * the processor computes with it and images are 32 px or larger, float32 elsewhere.
   *
   * @param precision the numbers
   * @return a new recipe
   */
  default R precision(Precision precision) {
    return with(recipe -> recipe.with(Part.PRECISION, precision));
  }

  /**
   * How the loss is scaled while it is differentiated in {@link Precision#FLOAT16}. Default: {@code
   * new LossScale()}, PyTorch's rule.
   *
   * @param lossScale the first scale, and after how many steps it is doubled
   * @return a new recipe
   */
  default R lossScale(LossScale lossScale) {
    return with(recipe -> recipe.with(Part.LOSS_SCALE, lossScale));
  }

  /**
   * Decides every random number of a run, from the split to the last crop. Default: 42.
   *
   * @param seed any number
   * @return a new recipe
   */
  default R seed(long seed) {
    return with(recipe -> recipe.with(Part.SEED, seed));
  }
}
