package dev.leaven.runtime.loss;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Focal loss (Lin et al. 2017, "Focal Loss for Dense Object Detection"): cross-entropy in which
 * images that are already predicted well count less: {@code Σₖ qₖ·(1-pₖ)^γ·(-log pₖ)} for a target
 * {@code q} and the softmax {@code p} of the logits.
 *
 * <p>For one class {@code y} this is {@code (1-p_y)^γ·(-log p_y)}, as in fastai. It is written as a
 * sum over the classes so that a mixed target has the mixed loss of its two classes. Effect: hard
 * and rare images get more of the gradient; probabilities become less sharp. Cost: none.
 *
 * @param gamma how much less they count, from 0, which is cross-entropy, to 10; 2 by default
 */
public record Focal(double gamma) implements Loss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when gamma is not between 0 and 10
   */
  public Focal {
    Check.range("focal", "gamma", gamma, 0, 10);
  }

  /** With the paper's gamma of 2. */
  public Focal() {
    this(2);
  }

  @Override
  public Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    Operand<TFloat32> logs = tf.nn.logSoftmax(logits);
    // 1 - p from its logarithm keeps its digits where p is next to 1.
    Operand<TFloat32> rest = tf.math.neg(tf.math.expm1(logs));
    // The gradient of 0^γ would be infinite for γ below 1.
    Operand<TFloat32> inside = tf.math.maximum(rest, tf.constant(Float.MIN_NORMAL));
    Operand<TFloat32> each =
        tf.math.mul(tf.math.pow(inside, tf.constant((float) gamma)), tf.math.neg(logs));
    return tf.sum(tf.math.mul(targets, each), tf.constant(new int[] {1}));
  }

  @Override
  public String describe() {
    return "focal loss with a gamma of " + Check.number(gamma);
  }
}
