package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.Schedule;
import java.util.Optional;

/**
 * Where a batch is in the run.
 *
 * @param size the side of the images that the model sees
 * @param batch its number in the whole run, from 0
 * @param ofStep its number in its optimizer step, from 0
 * @param batches of its optimizer step
 * @param mixed whether it is mixed, if the plan has mixing
 * @param count optimizer steps since the optimizer's slots were cleared, this one included
 * @param rates the step's learning rate and momentum
 * @param averageWeight how far the average moves after the step, if the plan has one
 * @param groups how fast the parameter groups learn, one of the plan's stages'
 */
public record StepContext(
    int size,
    long batch,
    int ofStep,
    int batches,
    boolean mixed,
    long count,
    Schedule.Rates rates,
    double averageWeight,
    Optional<GroupRates> groups) {

  /** A later batch of the same optimizer step. */
  public StepContext batch(int number) {
    return new StepContext(
        size, batch + number, number, batches, mixed, count, rates, averageWeight, groups);
  }
}
