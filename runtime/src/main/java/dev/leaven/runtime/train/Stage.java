package dev.leaven.runtime.train;

import dev.leaven.runtime.Check;

/**
 * One stage of progressive resizing, with nothing left open.
 *
 * @param size the side of the square images that the model trains on, in pixels, at least 16
 * @param presize the side of the square images that the pipeline delivers in training, in pixels
 * @param validationSide the side to which an image is resized in validation before its centre of
 *     {@code size} is taken, in pixels
 * @param epochs passes over the training images, at least 1
 * @param batchSize images per step, at least 1
 * @param steps optimizer steps per epoch, at least 1
 * @param learningRate the peak of this stage's schedule, above 0
 */
public record Stage(
    int size,
    int presize,
    int validationSide,
    int epochs,
    int batchSize,
    int steps,
    double learningRate) {

  /** Checks the ranges. */
  public Stage {
    Check.atLeast("resize", "size", size, 16);
    Check.atLeast("presize", "size", presize, size);
    Check.atLeast("resize", "validation side", validationSide, size);
    Check.atLeast("epochs", "epochs", epochs, 1);
    Check.atLeast("batchSize", "batch size", batchSize, 1);
    Check.atLeast("batchSize", "steps per epoch", steps, 1);
    Check.positive("learningRate", "learning rate", learningRate);
  }

  /**
   * Optimizer steps in the whole stage.
   *
   * @return epochs times steps per epoch
   */
  public int totalSteps() {
    return Math.multiplyExact(epochs, steps);
  }

  /**
   * The side of the square at the centre that is judged in validation.
   *
   * @return as a share of the image's shorter side
   */
  double centreShare() {
    return (double) size / validationSide;
  }
}
