package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DecodeCheck;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.graph.TensorFlowErrors;
import java.util.function.Supplier;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/** Turns what TensorFlow throws in a step into a sentence that helps. */
final class Failures {

  // The pipeline loads ahead: a step can fail on an image of one of the next batches.
  private static final int LOOK_AHEAD = 4096;

  private Failures() {}

  /**
   * Runs a step.
   *
   * @param samples what it loads from
   * @param order the images that it loads, in order
   * @param from how many of them earlier steps have loaded
   * @param step the step
   * @return what the step gave
   * @throws TrainingException when it fails
   */
  static <T> T explain(Samples samples, int[] order, int from, Supplier<T> step) {
    try {
      return step.get();
    } catch (TFResourceExhaustedException e) {
      throw new TrainingException(
          "memory ran out in a step; choose a smaller batchSize or a smaller size", e);
    } catch (RuntimeException e) {
      if (!TensorFlowErrors.isOne(e)) {
        throw e;
      }
      if (samples instanceof Samples.Files files) {
        String culprit = DecodeCheck.firstUndecodable(files, order, from, LOOK_AHEAD);
        if (culprit != null) {
          throw new TrainingException(
              "%s; replace or remove it and train again".formatted(culprit), e);
        }
      }
      throw new TrainingException("a step failed in TensorFlow: " + firstLine(e), e);
    }
  }

  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
