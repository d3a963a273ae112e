package dev.leaven.runtime.plan;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.Schedule;
import java.util.Objects;
import java.util.Optional;

/**
 * One stage of progressive resizing, with nothing undecided.
 *
 * @param size height and width of the model's training images in pixels, at least 16
 * @param presize height and width of the training images from the pipeline in pixels
 * @param validationSide the size to which an image is resized in validation before its centre of
 *     {@code size} is cropped, in pixels
 * @param epochs passes over the training images, at least 1
 * @param batchSize images per batch, at least 1
 * @param batches batches per epoch, at least 1
 * @param accumulate the number of batches whose gradients are averaged for one optimizer step, at
 *     least 1; the last step of an epoch takes the remaining batches
 * @param learningRate the peak of this stage's schedule, above 0
 * @param schedule how the learning rate and momentum change
 * @param groups how fast each of the model's parameter groups learns, if they differ
 */
public record Stage(
    int size,
    int presize,
    int validationSide,
    int epochs,
    int batchSize,
    int batches,
    int accumulate,
    double learningRate,
    Schedule schedule,
    Optional<GroupRates> groups) {

  private static final int FEW_STEPS = 20;

  /** Checks the ranges. */
  public Stage {
    Check.atLeast("resize", "size", size, 16);
    Check.atLeast("presize", "size", presize, size);
    Check.atLeast("resize", "validation side", validationSide, size);
    Check.atLeast("epochs", "epochs", epochs, 1);
    Check.atLeast("batchSize", "batch size", batchSize, 1);
    Check.atLeast("batchSize", "batches per epoch", batches, 1);
    Check.atLeast("accumulate", "batches", accumulate, 1);
    Check.positive("learningRate", "learning rate", learningRate);
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(groups, "groups");
  }

  /**
   * A stage in which every batch is an optimizer step.
   *
   * @param size height and width of the model's training images in pixels
   * @param presize height and width of the training images from the pipeline in pixels
   * @param validationSide the size to which an image is resized in validation, in pixels
   * @param epochs passes over the training images
   * @param batchSize images per step
   * @param batches batches per epoch
   * @param learningRate the peak of this stage's schedule
   * @param schedule how the learning rate and momentum change
   */
  public Stage(
      int size,
      int presize,
      int validationSide,
      int epochs,
      int batchSize,
      int batches,
      double learningRate,
      Schedule schedule) {
    this(
        size,
        presize,
        validationSide,
        epochs,
        batchSize,
        batches,
        1,
        learningRate,
        schedule,
        Optional.empty());
  }

  /**
   * Optimizer steps per epoch.
   *
   * @return {@code ⌈batches / accumulate⌉}
   */
  public int steps() {
    return (batches + accumulate - 1) / accumulate;
  }

  /**
   * The batches of one optimizer step.
   *
   * @param step the step within its epoch, from 0
   * @return {@code accumulate}, or fewer for the last step
   */
  public int batchesOf(int step) {
    return Math.min(accumulate, batches - step * accumulate);
  }

  /**
   * Optimizer steps in the whole stage.
   *
   * @return epochs times steps per epoch
   */
  public int totalSteps() {
    return Math.multiplyExact(epochs, steps());
  }

  /**
   * Whether the stage has too few steps for a learning rate to rise and fall, and for much to be
   * learned.
   *
   * @return true for fewer than 20 optimizer steps
   */
  public boolean hasFewSteps() {
    return totalSteps() < FEW_STEPS;
  }

  /**
   * The same stage on images of another size.
   *
   * @param other height and width of the model's input images in pixels
   * @return a stage with all sizes in the same proportions, rounded up
   */
  public Stage at(int other) {
    double times = (double) other / size;
    return new Stage(
        other,
        (int) Math.ceil(times * presize),
        (int) Math.ceil(times * validationSide),
        epochs,
        batchSize,
        batches,
        accumulate,
        learningRate,
        schedule,
        groups);
  }

  /**
   * The same stage with batches of half the size, twice as many for each step: the number of steps
   * stays the same, and so does the number of images in each, except for a batch of an odd size.
   *
   * @return a new stage
   * @throws IllegalStateException when a batch is a single image
   */
  public Stage halved() {
    if (batchSize == 1) {
      throw new IllegalStateException("a batch of one image has no half");
    }
    return new Stage(
        size,
        presize,
        validationSide,
        epochs,
        batchSize / 2,
        Math.multiplyExact(batches, 2),
        Math.multiplyExact(accumulate, 2),
        learningRate,
        schedule,
        groups);
  }

  /** The pixels of a batch; the memory it needs grows with them. */
  long pixels() {
    return (long) size * size * batchSize;
  }
}
