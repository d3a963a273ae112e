package dev.leaven.runtime.train;

import dev.leaven.runtime.graph.TensorFlowErrors;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/** Turns what TensorFlow throws in a step into a sentence that helps. */
final class Failures {

  private Failures() {}

  /** Whether an image that cannot be decoded could be behind a failure. */
  static boolean mayBeTheData(RuntimeException failure) {
    return TensorFlowErrors.isOne(failure)
        && !(failure instanceof TFResourceExhaustedException)
        && !(failure instanceof TFOutOfRangeException);
  }

  /**
   * A failure to be thrown instead of another.
   *
   * @param failure what a step threw
   * @return a {@link TrainingException} if TensorFlow threw it; if not, the failure itself
   */
  static RuntimeException explained(RuntimeException failure) {
    if (failure instanceof TFResourceExhaustedException) {
      return new TrainingException(
          "memory ran out in a step; choose a smaller batchSize or a smaller size", failure);
    }
    return TensorFlowErrors.isOne(failure)
        ? new TrainingException("a step failed in TensorFlow: " + firstLine(failure), failure)
        : failure;
  }

  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
