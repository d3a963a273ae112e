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
