package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Clips every element of every gradient to {@code [-maxValue, maxValue]}. Unlike {@link ClipNorm}
 * it changes the direction of the step. Cost: one pass over the gradients.
 *
 * @param maxValue above 0
 */
public record ClipValue(double maxValue) implements Clipping {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when it is not above 0
   */
  public ClipValue {
    Check.positive("clipGradients", "maxValue", maxValue);
  }

  @Override
  public List<Optimizer.Update> clip(Ops tf, List<Optimizer.Update> updates) {
    Operand<TFloat32> most = tf.constant((float) maxValue);
    Operand<TFloat32> least = tf.constant((float) -maxValue);
    return updates.stream()
        .map(u -> u.gradient(tf.clipByValue(u.gradient(), least, most)))
        .toList();
  }

  @Override
  public String describe() {
    return "gradients clipped to values of " + Check.number(maxValue);
  }
}
