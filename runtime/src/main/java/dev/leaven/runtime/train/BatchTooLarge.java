package dev.leaven.runtime.train;

import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.TrainingException;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/**
 * Memory ran out before the run's first step was taken, so restarting with smaller batches loses
 * nothing.
 */
final class BatchTooLarge extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final TrainingException failure;
  private final transient Stage stage;

  private BatchTooLarge(TrainingException failure, Stage stage) {
    super(failure);
    this.failure = failure;
    this.stage = stage;
  }

  /** The failure itself, or this exception in its place if memory was the cause. */
  static RuntimeException of(TrainingException failure, Stage stage) {
    return failure.getCause() instanceof TFResourceExhaustedException
        ? new BatchTooLarge(failure, stage)
        : failure;
  }

  /** The exception for runs whose batches must not become smaller. */
  TrainingException failure() {
    return failure;
  }

  /** The stage that was tried. */
  Stage stage() {
    return stage;
  }
}
