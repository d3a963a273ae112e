package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Technique;
import java.util.OptionalDouble;

/**
 * How the learning rate and the momentum move within a stage: a pure function of how much of the
 * stage is done, so that a resumed run goes on exactly where it was.
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
   * @param progress the share of the stage's steps already taken, from 0 to 1; the first step has 0
   * @param peak the stage's learning rate
   * @return the values
   */
  Rates at(double progress, double peak);
}
