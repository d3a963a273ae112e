package dev.leaven.runtime.train;

import org.tensorflow.exceptions.TFResourceExhaustedException;

/**
 * Memory ran out before the run's first step was taken, so that another beginning with smaller
 * batches loses nothing.
 */
final class BatchTooLarge extends TrainingException {

  private static final long serialVersionUID = 1L;

  private final transient Stage stage;

  private BatchTooLarge(TrainingException failure, Stage stage) {
    super(failure.getMessage(), failure.getCause());
    this.stage = stage;
  }

  /** The failure itself, or this in its place if memory was its cause. */
  static TrainingException of(TrainingException failure, Stage stage) {
    return failure.getCause() instanceof TFResourceExhaustedException
        ? new BatchTooLarge(failure, stage)
        : failure;
  }

  /** The stage that was tried. */
  Stage stage() {
    return stage;
  }
}
