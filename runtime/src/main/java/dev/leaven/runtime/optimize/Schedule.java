package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Technique;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How the learning rate and the momentum move, step by step, within a stage or over all of them: a
 * pure function of how much is done, so that a resumed run goes on exactly where it was.
 *
 * <p>One of your own is a record with one method, for instance {@code new Rates(peak * (1 -
 * progress), OptionalDouble.empty())}. It must keep to one law: the learning rate is proportional
 * to {@code peak}. So weights with a factor of their own, and stages with a peak of their own,
 * follow the same curve.
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
   * @param progress the share of the steps already taken, from 0 to 1: the first step has 0, and
   *     the last of n has 1 - 1/n
   * @param peak the stage's learning rate, above 0
   * @return the values
   */
  Rates at(double progress, double peak);

  /**
   * The values at a moment, for a schedule that looks at how well training goes. By default it does
   * not.
   *
   * @param progress the share of the steps already taken, from 0 to 1
   * @param peak the stage's learning rate, above 0
   * @param losses the validation loss of each epoch that is finished, the first of the stage first;
   *     of the run, if the schedule spans all stages
   * @return the values
   */
  default Rates at(double progress, double peak, List<Double> losses) {
    return at(progress, peak);
  }

  /**
   * For how many epochs it is made, where it is made for a number of them.
   *
   * @return at least 1, or empty where it fits itself to any number
   */
  default OptionalInt epochs() {
    return OptionalInt.empty();
  }
}
