package dev.leaven.dsl;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.leaven.runtime.Check;
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
 */
@CheckReturnValue
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StageSpec(
    int size,
    @Nullable Integer epochs,
    @Nullable Integer batchSize,
    @Nullable Double learningRate,
    @Nullable Schedule schedule) {

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
    this(size, null, null, null, null);
  }

  /**
   * Says how often the training images are passed over.
   *
   * @param epochs at least 1
   * @return a new value
   * @throws IllegalArgumentException when it is below 1
   */
  public StageSpec epochs(int epochs) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule);
  }

  /**
   * Says how many images make a step.
   *
   * @param batchSize at least 1
   * @return a new value
   * @throws IllegalArgumentException when it is below 1
   */
  public StageSpec batchSize(int batchSize) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule);
  }

  /**
   * Says the highest learning rate of the stage's schedule.
   *
   * @param learningRate above 0
   * @return a new value
   * @throws IllegalArgumentException when it is not above 0
   */
  public StageSpec learningRate(double learningRate) {
    return new StageSpec(size, epochs, batchSize, learningRate, schedule);
  }

  /**
   * Says how the learning rate and the momentum move in this stage, whatever they do in others.
   *
   * @param schedule a schedule
   * @return a new value
   */
  public StageSpec schedule(Schedule schedule) {
    Objects.requireNonNull(schedule, "schedule");
    return new StageSpec(size, epochs, batchSize, learningRate, schedule);
  }
}
