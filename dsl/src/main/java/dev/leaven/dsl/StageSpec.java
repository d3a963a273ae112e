package dev.leaven.dsl;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.optimize.FrozenNorms;
import dev.leaven.runtime.optimize.Schedule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a recipe says of one stage of progressive resizing; what it leaves unsaid is null and
 * decided when it is planned.
 *
 * <pre>{@code
 * resize(128).then(224, stage -> stage.epochs(5).learningRate(1e-3))
 * }</pre>
 *
 * @param size the side of the square images, in pixels, at least 16
 * @param epochs passes over the training images, at least 1; 5 if unsaid
 * @param batchSize images per step, at least 1; 64 if unsaid, or all images if there are fewer
 * @param learningRate the highest learning rate, above 0; if unsaid 0.003 in the first stage and a
 *     third of the first stage's in later ones
 * @param schedule how the learning rate and the momentum move; if unsaid the recipe's
 * @param groups which parameter groups learn how fast; if unsaid all alike
 */
@CheckReturnValue
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StageSpec(
    int size,
    @Nullable Integer epochs,
    @Nullable Integer batchSize,
    @Nullable Double learningRate,
    @Nullable Schedule schedule,
    @Nullable GroupSpec groups) {

  static final int SMALLEST = 16;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public StageSpec {
    Check.atLeast("resize", "size", size, SMALLEST);
    if (epochs != null) {
      Check.atLeast("epochs", "epochs", epochs, 1);
    }
    if (batchSize != null) {
      Check.atLeast("batchSize", "batch size", batchSize, 1);
    }
    if (learningRate != null) {
      Check.positive("learningRate", "learning rate", learningRate);
    }
  }

  /**
   * A stage of which only the size is said.
   *
   * @param size the side of the square images, in pixels, at least 16
   */
  public StageSpec(int size) {
    this(size, null, null, null, null, null);
  }

  /**
   * Says how often the training images are passed over.
   *
   * @param epochs at least 1
   * @return a new value
   * @throws IllegalArgumentException when it is below 1
   */
  public StageSpec epochs(int epochs) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule, groups);
  }

  /**
   * Says how many images make a step.
   *
   * @param batchSize at least 1
   * @return a new value
   * @throws IllegalArgumentException when it is below 1
   */
  public StageSpec batchSize(int batchSize) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule, groups);
  }

  /**
   * Says the highest learning rate of the stage's schedule.
   *
   * @param learningRate above 0
   * @return a new value
   * @throws IllegalArgumentException when it is not above 0
   */
  public StageSpec learningRate(double learningRate) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule, groups);
  }

  /**
   * Says how the learning rate and the momentum move in this stage, whatever they do in others.
   *
   * @param schedule a schedule
   * @return a new value
   */
  public StageSpec schedule(Schedule schedule) {
    Objects.requireNonNull(schedule, "schedule");
    return new StageSpec(size, epochs, batchSize, learningRate, schedule, groups);
  }

  /**
   * Freezes parameter groups of the model in this stage: their weights stay, only their norms
   * learn, unless {@link #freezeNorms}. A later stage that does not freeze them trains them again.
   *
   * @param groups how many, counted from the images, from 0; fewer than the model has
   * @return a new value
   * @throws IllegalArgumentException when it is below 0
   */
  public StageSpec freeze(int groups) {
    Check.atLeast("freeze", "groups", groups, 0);
    return groups(groupsOrAlike().frozen(groups));
  }

  /**
   * Freezes all parameter groups but the last, the model's head, in this stage.
   *
   * @return a new value
   */
  public StageSpec freezeBody() {
    return groups(groupsOrAlike().frozen(GroupSpec.BODY));
  }

  /**
   * Freezes the batch norms of the frozen parameter groups too: they normalize by their running
   * statistics, and neither those nor their scales and shifts change. Default: they learn, as in
   * fastai.
   *
   * @return a new value
   */
  public StageSpec freezeNorms() {
    return groups(groupsOrAlike().norms(FrozenNorms.IN_FROZEN_GROUPS));
  }

  /**
   * Freezes all batch norms of the model in this stage, also those of groups that learn.
   *
   * @return a new value
   */
  public StageSpec freezeAllNorms() {
    return groups(groupsOrAlike().norms(FrozenNorms.ALL));
  }

  private GroupSpec groupsOrAlike() {
    return groups == null ? GroupSpec.ALIKE : groups;
  }

  /**
   * Lets the parameter groups near the images learn more slowly than the head, each by the same
   * factor.
   *
   * @param low the highest learning rate of the first group, above 0
   * @param high the highest learning rate of the last group, at least {@code low}
   * @return a new value
   * @throws IllegalArgumentException when they are outside their ranges
   */
  public StageSpec discriminative(double low, double high) {
    Check.positive("discriminative", "high", high);
    Check.positive("discriminative", "low", low);
    Check.range("discriminative", "low", low, 0, high);
    return learningRate(high).groups(groupsOrAlike().lowest(low / high));
  }

  StageSpec groups(GroupSpec groups) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule, groups);
  }

  StageSpec batch(@Nullable Integer batchSize) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule, groups);
  }
}
