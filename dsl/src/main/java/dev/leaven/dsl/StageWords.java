package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.optimize.FrozenNorms;
import java.util.function.UnaryOperator;

/**
 * The words for one stage: of a {@link StageSpec}, or of the latest stage of a {@link Recipe}.
 *
 * @param <R> what a word returns: the changed value, or nothing in a Kotlin block
 */
@CheckReturnValue
public interface StageWords<R> {

  /**
   * The number of passes over the training images in the stage. Default: 5.
   *
   * @param epochs at least 1
   * @return the changed value
   * @throws IllegalArgumentException when it is below 1
   */
  default R epochs(int epochs) {
    return stage(
        s ->
            new StageSpec(
                s.size(), epochs, s.batchSize(), s.learningRate(), s.schedule(), s.groups()));
  }

  /**
   * The number of images per step. Default: 64, or all if there are fewer.
   *
   * @param batchSize at least 1, and no more than there are training images
   * @return the changed value
   * @throws IllegalArgumentException when it is below 1
   */
  default R batchSize(int batchSize) {
    return stage(s -> s.batch(batchSize));
  }

  /**
   * The highest learning rate of the stage's schedule. Default: 0.003 in the first stage, a third
   * of the first stage's in later ones; {@link Recipe#findLearningRate} looks for a better one.
   *
   * @param learningRate above 0
   * @return the changed value
   * @throws IllegalArgumentException when it is not above 0
   */
  default R learningRate(Number learningRate) {
    double rate = learningRate.doubleValue();
    return stage(
        s -> new StageSpec(s.size(), s.epochs(), s.batchSize(), rate, s.schedule(), s.groups()));
  }

  /**
   * Freezes parameter groups of the model in this stage: their weights stay; only their norms
   * learn, unless {@link #freezeNorms} is used. A later stage that does not freeze them trains them
   * again.
   *
   * @param groups the number of groups, counted from the images, from 0; fewer than the model has
   * @return the changed value
   * @throws IllegalArgumentException when it is below 0
   */
  default R freeze(int groups) {
    Check.atLeast("freeze", "groups", groups, 0);
    return stage(s -> s.groups(s.groupsOrAlike().frozen(groups)));
  }

  /**
   * Freezes all parameter groups but the last, the model's head, in this stage.
   *
   * @return the changed value
   */
  default R freezeBody() {
    return stage(s -> s.groups(s.groupsOrAlike().frozen(GroupSpec.BODY)));
  }

  /**
   * Freezes the batch norms of the frozen parameter groups too: they normalize by their running
   * statistics, and neither those nor their scales and shifts change. Default: they learn, as in
   * fastai.
   *
   * @return the changed value
   */
  default R freezeNorms() {
    return stage(s -> s.groups(s.groupsOrAlike().norms(FrozenNorms.IN_FROZEN_GROUPS)));
  }

  /**
   * Freezes all batch norms of the model in this stage, also those of groups that learn.
   *
   * @return the changed value
   */
  default R freezeAllNorms() {
    return stage(s -> s.groups(s.groupsOrAlike().norms(FrozenNorms.ALL)));
  }

  /**
   * Lets the parameter groups near the images learn more slowly than the head, each by the same
   * factor.
   *
   * @param low the highest learning rate of the first group, above 0
   * @param high the highest learning rate of the last group, at least {@code low}
   * @return the changed value
   * @throws IllegalArgumentException when they are outside their ranges
   */
  default R discriminative(Number low, Number high) {
    double first = low.doubleValue();
    double last = high.doubleValue();
    Check.positive("discriminative", "high", last);
    Check.positive("discriminative", "low", first);
    Check.range("discriminative", "low", first, 0, last);
    return stage(s -> s.learningRate(last).groups(s.groupsOrAlike().lowest(first / last)));
  }

  /**
   * Changes the stage in any way. All other methods go through this one.
   *
   * @param change maps a stage to another one
   * @return the changed value
   */
  R stage(UnaryOperator<StageSpec> change);
}
