package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Technique;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How the learning rate and the momentum move, step by step, within a stage or over all of them: a
 * pure function of the progress, so that a resumed run continues exactly where it stopped.
 *
 * <p>A custom schedule is a record with one method, for instance {@code new Rates(peak * (1 -
 * progress), OptionalDouble.empty())}. It must follow one rule: the learning rate is proportional
 * to {@code peak}. Then weights with their own factor, and stages with their own peak, follow the
 * same curve.
 */
public interface Schedule extends Technique {

  /**
   * The values of one step.
   *
   * @param learningRate the learning rate
   * @param momentum the momentum, or empty where the schedule leaves it to the optimizer
   */
  record Rates(double learningRate, OptionalDouble momentum) {}

  /**
   * The values at a moment.
   *
   * @param progress the fraction of the steps already taken, from 0 to 1: the first step has 0, and
   *     the last of n has 1 - 1/n
   * @param peak the stage's learning rate, above 0
   * @return the values
   */
  Rates at(double progress, double peak);

  /**
   * The values at a moment, for a schedule that depends on the validation losses. By default the
   * losses are ignored.
   *
   * @param progress the fraction of the steps already taken, from 0 to 1
   * @param peak the stage's learning rate, above 0
   * @param losses the validation loss of each epoch that is finished, the first of the stage first;
   *     of the run, if the schedule spans all stages
   * @return the values
   */
  default Rates at(double progress, double peak, List<Double> losses) {
    return at(progress, peak);
  }

  /**
   * The number of epochs that it is designed for, if it has one.
   *
   * @return at least 1, or empty where it adapts to any number
   */
  default OptionalInt epochs() {
    return OptionalInt.empty();
  }
}
