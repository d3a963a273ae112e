package dev.leaven.runtime.nn;

import dev.leaven.runtime.Check;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Stochastic depth (Huang et al. 2016, "Deep Networks with Stochastic Depth"), or drop path: in
 * training the whole branch of an image is zero with a probability, and the others are divided by
 * the probability of staying. In inference it does nothing. Apply it to {@code [batch, height,
 * width, channels]} before the branch is added to its shortcut; the layer's name and the step
 * determine which images lose the branch.
 *
 * <p>Where layers train without a {@code Randomness} it throws an {@link IllegalStateException}.
 *
 * @param rate the probability, from 0 to below 1
 */
public record StochasticDepth(double rate) implements Layer {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when {@code rate} is outside its range
   */
  public StochasticDepth {
    Check.range("stochasticDepth", "rate", rate, 0, 0.999999);
  }

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    if (!layers.training() || rate == 0) {
      return x;
    }
    Ops tf = layers.tf();
    Operand<TInt32> batch =
        tf.slice(tf.shape(x), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TInt32> shape =
        tf.concat(List.of(batch, tf.constant(new int[] {1, 1, 1})), tf.constant(0));
    return layers.drop(name, "stochastic depth", x, shape, rate);
  }
}
