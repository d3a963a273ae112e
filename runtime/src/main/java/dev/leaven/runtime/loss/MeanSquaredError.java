package dev.leaven.runtime.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The mean over the numbers of an image of {@code (output - target)²}: the loss of numeric targets,
 * and the default where a data source delivers them.
 *
 * <p>It uses the targets in units of their standard deviation ({@link TargetScale}), so always
 * predicting the mean has a loss of 1 in every unit.
 */
public record MeanSquaredError() implements NumberLoss {

  @Override
  public Operand<TFloat32> each(Ops tf, Operand<TFloat32> outputs, Operand<TFloat32> targets) {
    return tf.math.squaredDifference(outputs, targets);
  }

  @Override
  public String describe() {
    return "mean squared error";
  }
}
