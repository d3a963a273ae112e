package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Technique;

/**
 * A second model whose weights are an average of the weights during training. Normalization
 * statistics are averaged like weights. It is evaluated in addition to the trained model after
 * every epoch.
 */
public interface Averaging extends Technique {

  /**
   * A place in the training, right after an optimizer step.
   *
   * @param step optimizer steps taken in the whole run, from 1
   * @param totalSteps of the whole run
   * @param epoch the step's epoch, from 1
   * @param epochs of the whole run
   * @param lastOfEpoch whether this was the epoch's last step
   */
  record Position(long step, long totalSteps, int epoch, int epochs, boolean lastOfEpoch) {}

  /**
   * How far the average moves towards the present weights: a pure function of the position, so that
   * a resumed run continues exactly where it stopped.
   *
   * @param position right after a step
   * @return from 0, the average stays, to 1, it becomes the present weights
   */
  double weight(Position position);
}
