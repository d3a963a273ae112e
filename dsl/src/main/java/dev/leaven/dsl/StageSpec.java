package dev.leaven.dsl;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.optimize.Schedule;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a recipe with progressive resizing. The planner chooses whatever is null.
 *
 * <pre>{@code
 * resize(128).then(224, stage -> stage.epochs(5).learningRate(1e-3))
 * }</pre>
 *
 * @param size the height and width of the square images, in pixels, at least 16
 * @param epochs passes over the training images, at least 1; 5 by default
 * @param batchSize images per step, at least 1; 64 by default, or all images if there are fewer
 * @param learningRate the highest learning rate, above 0; by default 0.003 in the first stage and a
 *     third of the first stage's in later ones
 * @param schedule how the learning rate and the momentum change; by default the recipe's
 * @param groups which parameter groups learn, and how fast; by default all equally
 */
@CheckReturnValue
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StageSpec(
    int size,
    @Nullable Integer epochs,
    @Nullable Integer batchSize,
    @Nullable Double learningRate,
    @Nullable Schedule schedule,
    @Nullable GroupSpec groups)
    implements StageWords<StageSpec> {

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
   * A stage with only the size set.
   *
   * @param size the height and width of the square images, in pixels, at least 16
   */
  public StageSpec(int size) {
    this(size, null, null, null, null, null);
  }

  /**
   * How the learning rate and the momentum change in this stage, independent of other stages.
   *
   * @param schedule a schedule
   * @return a new value
   */
  public StageSpec schedule(Schedule schedule) {
    Objects.requireNonNull(schedule, "schedule");
    return new StageSpec(size, epochs, batchSize, learningRate, schedule, groups);
  }

  @Override
  public StageSpec stage(UnaryOperator<StageSpec> change) {
    return change.apply(this);
  }

  GroupSpec groupsOrAlike() {
    return groups == null ? GroupSpec.ALIKE : groups;
  }

  StageSpec groups(GroupSpec groups) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule, groups);
  }

  StageSpec batch(@Nullable Integer batchSize) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule, groups);
  }
}
