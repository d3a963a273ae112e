package dev.leaven.samples.own;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.loss.Loss;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A loss of your own: Poly-1 (Leng et al. 2022, "PolyLoss: A Polynomial Expansion Perspective of
 * Classification Loss Functions"), cross-entropy and {@code epsilon·(1 - p)} with the probability
 * {@code p} of the right class; both are means over the classes of a mixed target.
 *
 * @param epsilon from -1 to 10; 0 is cross-entropy
 */
public record PolyLoss(double epsilon) implements Loss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when epsilon is not between -1 and 10
   */
  public PolyLoss {
    Check.range("polyLoss", "epsilon", epsilon, -1, 10);
  }

  @Override
  public Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    Operand<TFloat32> logs = tf.nn.logSoftmax(logits);
    Operand<TFloat32> missing = tf.math.sub(tf.constant(1f), tf.math.exp(logs));
    Operand<TFloat32> each = tf.math.sub(tf.math.mul(tf.constant((float) epsilon), missing), logs);
    return tf.sum(tf.math.mul(targets, each), tf.constant(1));
  }

  @Override
  public String describe() {
    return "Poly-1 loss with an epsilon of " + Check.number(epsilon);
  }
}
