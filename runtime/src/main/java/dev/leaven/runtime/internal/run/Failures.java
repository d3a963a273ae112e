package dev.leaven.runtime.internal.run;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.internal.tensorflow.TensorFlowErrors;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.TrainingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/** Turns a TensorFlow exception from a step into a message that helps. */
public final class Failures {

  private Failures() {}

  /** Whether an image that cannot be decoded could have caused a failure. */
  public static boolean mayBeTheData(RuntimeException failure) {
    return TensorFlowErrors.isOne(failure)
        && !(failure instanceof TFResourceExhaustedException)
        && !(failure instanceof TFOutOfRangeException);
  }

  /**
   * Converts a failure to the exception to throw.
   *
   * @param failure the exception of a step
   * @return a {@link TrainingException} if TensorFlow threw it; if not, the failure itself
   */
  public static RuntimeException explained(RuntimeException failure) {
    if (failure instanceof TFResourceExhaustedException) {
      return new TrainingException(
          "memory ran out in a step; choose a smaller batchSize or a smaller size", failure);
    }
    return TensorFlowErrors.isOne(failure)
        ? new TrainingException("a step failed in TensorFlow: " + firstLine(failure), failure)
        : failure;
  }

  /**
   * The failure of a run whose numbers are no longer finite.
   *
   * @param what the subject and its verb, for instance {@code "the loss is"}
   * @param history a report of each epoch before, and possibly of this one
   * @param epoch counted from 0
   * @param steps the number of steps of that epoch that were taken
   * @return an exception that names the place and what to try
   */
  public static TrainingException diverged(
      Plan plan, String what, List<EpochReport> history, int epoch, int steps) {
    List<String> tries = new ArrayList<>(List.of("a lower learningRate"));
    if (plan.step().clipping().isEmpty()) {
      tries.add("clipGradients(1.0)");
    }
    if (plan.step().precision() != Precision.FLOAT32) {
      tries.add("precision(Precision.FLOAT32)");
    }
    return new TrainingException(
        String.format(
            Locale.ROOT,
            "%s no longer a number at step %d of epoch %d (learning rate %.3g);"
                + " nothing after the last checkpoint is kept: try %s, and look for wrong values"
                + " in the data",
            what,
            steps,
            epoch + 1,
            new Timeline(plan)
                .rates(epoch, Math.max(0, steps - 1), history.subList(0, epoch))
                .learningRate(),
            String.join(" or ", tries)),
        null);
  }

  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
