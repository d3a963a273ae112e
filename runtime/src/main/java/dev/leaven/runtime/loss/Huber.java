package dev.leaven.runtime.loss;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Huber loss (Huber 1964, "Robust Estimation of a Location Parameter"): with {@code e = |output -
 * target|} it is {@code e²/2} up to delta and {@code delta·(e - delta/2)} beyond, averaged over the
 * numbers of an image. Small errors are treated as by the squared error, large ones as by the
 * absolute error.
 *
 * @param delta where it changes, in units of the targets' standard deviation ({@link TargetScale}),
 *     above 0; 1 by default
 */
public record Huber(double delta) implements NumberLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when delta is not above 0
   */
  public Huber {
    Check.positive("huber", "delta", delta);
  }

  /** With a delta of 1. */
  public Huber() {
    this(1);
  }

  @Override
  public Operand<TFloat32> each(Ops tf, Operand<TFloat32> outputs, Operand<TFloat32> targets) {
    Operand<TFloat32> error = tf.math.abs(tf.math.sub(outputs, targets));
    Operand<TFloat32> small = tf.math.minimum(error, tf.constant((float) delta));
    // With s = min(e, delta) both halves are s·(e - s/2).
    return tf.math.mul(small, tf.math.sub(error, tf.math.mul(small, tf.constant(0.5f))));
  }

  @Override
  public String describe() {
    return "Huber loss with a delta of " + Check.number(delta);
  }
}
