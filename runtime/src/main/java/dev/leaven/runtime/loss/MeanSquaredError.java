package dev.leaven.runtime.loss;

import dev.leaven.runtime.Task;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The mean over the numbers of an image of {@code (output - target)²}: the loss of numeric targets,
 * and the default where a data source delivers such.
 *
 * <p>It goes by the targets in units of their standard deviation ({@link TargetScale}), so that
 * always answering the mean has a loss of 1 whatever the unit.
 */
public record MeanSquaredError() implements Loss {

  @Override
  public Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    return tf.math.mean(tf.math.squaredDifference(logits, targets), tf.constant(new int[] {1}));
  }

  @Override
  public Set<Task> tasks() {
    return Set.of(Task.REGRESSION);
  }

  @Override
  public Operand<TFloat32> answers(Ops tf, Operand<TFloat32> logits) {
    return logits;
  }

  @Override
  public Operand<TFloat32> logits(Ops tf, Operand<TFloat32> answers) {
    return answers;
  }

  @Override
  public String describe() {
    return "mean squared error";
  }
}
