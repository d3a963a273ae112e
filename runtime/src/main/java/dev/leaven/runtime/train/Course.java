package dev.leaven.runtime.train;

import dev.leaven.runtime.data.Pipeline;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.graph.Keys;

/**
 * The epochs of a plan, one after the other: the stage of each, where its steps are in the whole
 * run, and which images it loads and how. Epochs and stages are counted from 0.
 *
 * @param plan whose epochs they are
 */
record Course(Plan plan) {

  Stage stage(int epoch) {
    return plan.stages().get(stageNumber(epoch));
  }

  int stageNumber(int epoch) {
    int number = 0;
    while (epoch >= firstEpoch(number) + plan.stages().get(number).epochs()) {
      number++;
    }
    return number;
  }

  int firstEpoch(int stageNumber) {
    return plan.stages().stream().limit(stageNumber).mapToInt(Stage::epochs).sum();
  }

  long stepsBefore(int stageNumber) {
    return plan.stages().stream().limit(stageNumber).mapToLong(Stage::totalSteps).sum();
  }

  /** The batch of the whole run that an epoch begins with; it decides every draw. */
  long firstBatch(int epoch) {
    long batches = 0;
    for (int before = 0; before < epoch; before++) {
      batches += stage(before).batches();
    }
    return batches;
  }

  /** How an epoch loads the training images, and in which order. */
  Pipeline.Pass pass(Stage stage, Targets targets, int epoch) {
    return new Pipeline.Pass(
        plan.sampling().order(targets, plan.seed(), epoch),
        stage.batchSize(),
        true,
        stage.presize(),
        1,
        true,
        Keys.key(Keys.key(Keys.key(plan.seed()), "train"), epoch));
  }
}
