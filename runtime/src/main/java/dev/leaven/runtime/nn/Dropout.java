package dev.leaven.runtime.nn;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Dropout (Srivastava et al. 2014): in training each element is zero with a probability, and the
 * others are divided by the probability of staying, so that the mean stays. In inference it does
 * nothing. The layer's name and the step determine which elements become zero.
 *
 * <p>Where layers train without a {@code Randomness} it throws an {@link IllegalStateException}.
 *
 * @param rate the probability, from 0 to below 1
 */
public record Dropout(double rate) implements Layer {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when {@code rate} is outside its range
   */
  public Dropout {
    Check.range("dropout", "rate", rate, 0, 0.999999);
  }

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    return layers.training() && rate > 0
        ? layers.drop(name, "dropout", x, layers.tf().shape(x), rate)
        : x;
  }
}
