package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.Schedule;
import java.util.Optional;

/**
 * The position of a batch in the run.
 *
 * @param size height and width of the model's input images in pixels
 * @param batch its number in the whole run, from 0
 * @param ofStep its number in its optimizer step, from 0
 * @param batches the number of batches of its optimizer step
 * @param mixed whether the batch is mixed, if the plan has mixing
 * @param count the optimizer steps since the optimizer's slots were cleared, this one included
 * @param rates the step's learning rate and momentum
 * @param averageWeight the weight of the step in the average, if the plan has one
 * @param groups the learning speed of the parameter groups, from one of the plan's stages
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
