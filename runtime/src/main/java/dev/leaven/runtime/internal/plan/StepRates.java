package dev.leaven.runtime.internal.plan;

import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/**
 * The learning rate over a run, step by step.
 *
 * @param epochs the number of finished epochs, whole ones and a part, before each step; ascending
 * @param rates the learning rate of each of these steps
 */
public record StepRates(List<Double> epochs, List<Double> rates) {

  /** Keeps its own copies. */
  public StepRates {
    epochs = List.copyOf(epochs);
    rates = List.copyOf(rates);
  }

  /**
   * Computes a plan's schedules.
   *
   * @param plan the plan of the schedules
   * @param history the epochs that were finished, on which some schedules depend; rates of later
   *     epochs are computed as if no more reports came
   * @param most the largest number of steps, spread evenly over the run; at least 2
   * @return the first and the last step of the plan, and others between them
   */
  public static StepRates of(Plan plan, List<EpochReport> history, int most) {
    Timeline timeline = new Timeline(plan);
    long steps = timeline.stepsBeforeEpoch(plan.epochs());
    int count = (int) Math.min(steps, most);
    List<Double> epochs = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    int epoch = 0;
    long before = 0;
    for (int i = 0; i < count; i++) {
      long step = count == 1 ? 0 : Math.round((double) i * (steps - 1) / (count - 1));
      while (step >= before + timeline.stage(epoch).steps()) {
        before += timeline.stage(epoch++).steps();
      }
      int within = (int) (step - before);
      List<EpochReport> known = history.subList(0, Math.min(epoch, history.size()));
      epochs.add(epoch + (double) within / timeline.stage(epoch).steps());
      rates.add(timeline.rates(epoch, within, known).learningRate());
    }
    return new StepRates(epochs, rates);
  }
}
