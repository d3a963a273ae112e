package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Clips all gradients together by their global norm (Pascanu et al. 2013, "On the difficulty of
 * training recurrent neural networks"): where the root of the sum of all squares is above {@code
 * maxNorm}, every gradient is multiplied with {@code maxNorm / norm}. The direction of the step
 * stays as it is. fastai's {@code GradientClip}. Cost: one pass over the gradients.
 *
 * @param maxNorm above 0; 1 by default
 */
public record ClipNorm(double maxNorm) implements Clipping {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when it is not above 0
   */
  public ClipNorm {
    Check.positive("clipGradients", "maxNorm", maxNorm);
  }

  /** With fastai's largest norm of 1. */
  public ClipNorm() {
    this(1);
  }

  @Override
  public List<Optimizer.Update> clip(Ops tf, List<Optimizer.Update> updates) {
    Operand<TFloat32> norm = norm(tf, updates);
    Operand<TFloat32> most = tf.constant((float) maxNorm);
    Operand<TFloat32> scale = tf.math.div(most, tf.math.maximum(norm, most));
    return updates.stream().map(u -> u.gradient(tf.math.mul(u.gradient(), scale))).toList();
  }

  /** The length of all gradients together, as if they were one vector. */
  static Operand<TFloat32> norm(Ops tf, List<Optimizer.Update> updates) {
    List<Operand<TFloat32>> halves =
        updates.stream().<Operand<TFloat32>>map(u -> tf.nn.l2Loss(u.gradient())).toList();
    return tf.math.sqrt(tf.math.mul(tf.math.addN(halves), tf.constant(2f)));
  }

  @Override
  public String describe() {
    return "gradients clipped to a global norm of " + Check.number(maxNorm);
  }
}
