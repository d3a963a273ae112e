package dev.leaven.runtime.graph;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How a variable begins. */
@FunctionalInterface
public interface Initializer {

  /**
   * The first value.
   *
   * @param tf where the operations go
   * @param shape the variable's shape
   * @param randomness random numbers of this variable alone
   * @return a value of that shape
   */
  Operand<TFloat32> value(Ops tf, Shape shape, Randomness randomness);

  /**
   * Every element the same.
   *
   * @param value the element
   * @return an initializer
   */
  static Initializer constant(double value) {
    return (tf, shape, randomness) ->
        tf.fill(tf.constant(shape.asArray()), tf.constant((float) value));
  }

  /**
   * Normally distributed around 0 with standard deviation {@code √(2/fanIn)} (He et al. 2015,
   * "Delving Deep into Rectifiers"), as PyTorch's {@code kaiming_normal_}.
   *
   * @param fanIn how many inputs each output sums, at least 1
   * @return an initializer
   */
  static Initializer kaimingNormal(int fanIn) {
    float deviation = (float) Math.sqrt(2.0 / fanIn);
    return (tf, shape, randomness) -> {
      int[] sizes = new int[shape.numDimensions()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = Math.toIntExact(shape.get(i));
      }
      return tf.math.mul(randomness.normal(tf.constant(sizes)), tf.constant(deviation));
    };
  }
}
