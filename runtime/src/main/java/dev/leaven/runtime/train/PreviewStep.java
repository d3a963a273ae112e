package dev.leaven.runtime.train;

import dev.leaven.runtime.Check;
import java.util.OptionalInt;

/**
 * The images of a run that a {@link Preview} shows: those of one training step, by default the
 * first.
 *
 * @param stage the stage, from 1
 * @param step the step of that stage, from 1; the steps of its second epoch follow those of its
 *     first
 * @param images the number of images of the step's batch, the first batch where several are
 *     accumulated; empty for 8, or for all of a smaller batch
 */
public record PreviewStep(int stage, int step, OptionalInt images) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a number is below 1
   */
  public PreviewStep {
    Check.atLeast("preview", "stage", stage, 1);
    Check.atLeast("preview", "step", step, 1);
    images.ifPresent(count -> Check.atLeast("preview", "images", count, 1));
  }

  /**
   * The first images of a run.
   *
   * @return stage 1, step 1, up to 8 images
   */
  public static PreviewStep first() {
    return new PreviewStep(1, 1, OptionalInt.empty());
  }

  /**
   * The same for another stage.
   *
   * @param stage from 1
   * @return a new value
   */
  public PreviewStep stage(int stage) {
    return new PreviewStep(stage, step, images);
  }

  /**
   * The same for another step.
   *
   * @param step the step of the stage, from 1
   * @return a new value
   */
  public PreviewStep step(int step) {
    return new PreviewStep(stage, step, images);
  }

  /**
   * The same with another number of images.
   *
   * @param images from 1 to the batch size of the stage
   * @return a new value
   */
  public PreviewStep images(int images) {
    return new PreviewStep(stage, step, OptionalInt.of(images));
  }
}
