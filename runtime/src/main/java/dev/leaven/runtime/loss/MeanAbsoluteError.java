package dev.leaven.runtime.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The mean over the numbers of an image of {@code |output - target|}, in units of the targets'
 * standard deviation ({@link TargetScale}). Its optimal prediction is the median, so a few wrong
 * targets do not shift it.
 */
public record MeanAbsoluteError() implements NumberLoss {

  @Override
  public Operand<TFloat32> each(Ops tf, Operand<TFloat32> outputs, Operand<TFloat32> targets) {
    return tf.math.abs(tf.math.sub(outputs, targets));
  }

  @Override
  public String describe() {
    return "mean absolute error";
  }
}
