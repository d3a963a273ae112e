package dev.leaven.runtime.internal.plan;

import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import java.util.List;

/**
 * The epochs of a plan, one after the other: the stage of each, the position of its steps in the
 * whole run, and which images it loads and how. Epochs and stages are counted from 0.
 *
 * @param plan the plan of the epochs
 */
public record Timeline(Plan plan) {

  public Stage stage(int epoch) {
    return plan.stages().get(stageNumber(epoch));
  }

  public int stageNumber(int epoch) {
    int number = 0;
    while (epoch >= firstEpoch(number) + plan.stages().get(number).epochs()) {
      number++;
    }
    return number;
  }

  public int firstEpoch(int stageNumber) {
    return plan.stages().stream().limit(stageNumber).mapToInt(Stage::epochs).sum();
  }

  public long stepsBefore(int stageNumber) {
    return plan.stages().stream().limit(stageNumber).mapToLong(Stage::totalSteps).sum();
  }

  /**
   * The number of steps of the whole run before a step of an epoch, which is counted from 0 too.
   */
  public long stepsBefore(int epoch, int step) {
    int number = stageNumber(epoch);
    long epochs = epoch - firstEpoch(number);
    return stepsBefore(number) + epochs * plan.stages().get(number).steps() + step;
  }

  /** The epoch at which the schedule and the optimizer's memory of an epoch began. */
  public int begin(int epoch) {
    return plan.course().scheduleOverAll() ? 0 : firstEpoch(stageNumber(epoch));
  }

  /**
   * The learning rate and momentum of a step. Progress is counted in epochs: in a schedule over all
   * stages, a stage with fewer steps in an epoch gets the same part of the schedule.
   *
   * @param epoch the epoch of the step
   * @param step the step of the epoch, from 0
   * @param history a report of each epoch before; empty to look at a plan without a run
   */
  public Schedule.Rates rates(int epoch, int step, List<EpochReport> history) {
    Stage stage = stage(epoch);
    int begin = begin(epoch);
    int epochs = plan.course().scheduleOverAll() ? plan.epochs() : stage.epochs();
    long done = (long) (epoch - begin) * stage.steps() + step;
    List<Double> losses = history.stream().skip(begin).map(r -> r.valid().loss()).toList();
    return stage
        .schedule()
        .at((double) done / ((long) epochs * stage.steps()), stage.learningRate(), losses);
  }

  public long stepsBeforeEpoch(int epoch) {
    long steps = 0;
    for (int before = 0; before < epoch; before++) {
      steps += stage(before).steps();
    }
    return steps;
  }

  /** The number in the whole run of an epoch's first batch; it determines every draw. */
  public long firstBatch(int epoch) {
    long batches = 0;
    for (int before = 0; before < epoch; before++) {
      batches += stage(before).batches();
    }
    return batches;
  }
}
