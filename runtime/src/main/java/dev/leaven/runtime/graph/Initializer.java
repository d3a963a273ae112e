package dev.leaven.runtime.graph;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How a variable is initialized. */
@FunctionalInterface
public interface Initializer {

  /**
   * The initial value.
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
    return new ConstantInitializer(value);
  }

  /**
   * Normally distributed around 0 with standard deviation {@code √(2/fanIn)} (He et al. 2015,
   * "Delving Deep into Rectifiers"), as PyTorch's {@code kaiming_normal_}.
   *
   * @param fanIn the number of inputs that each output sums, at least 1
   * @return an initializer
   */
  static Initializer kaimingNormal(int fanIn) {
    return normal(Math.sqrt(2.0 / fanIn));
  }

  /**
   * Normally distributed around 0.
   *
   * @param deviation the standard deviation
   * @return an initializer
   */
  static Initializer normal(double deviation) {
    return (tf, shape, randomness) ->
        tf.math.mul(randomness.normal(tf.constant(sizes(shape))), tf.constant((float) deviation));
  }

  /**
   * Evenly distributed from {@code -bound} to {@code bound}; as PyTorch's dense layers, with {@code
   * 1/√inputs}.
   *
   * @param bound the largest absolute value
   * @return an initializer
   */
  static Initializer uniform(double bound) {
    return (tf, shape, randomness) ->
        tf.math.mul(
            tf.math.sub(
                tf.math.mul(randomness.uniform(tf.constant(sizes(shape))), tf.constant(2f)),
                tf.constant(1f)),
            tf.constant((float) bound));
  }

  /**
   * A vector of length 1 in a random direction.
   *
   * @return an initializer
   */
  static Initializer direction() {
    return (tf, shape, randomness) -> {
      Operand<TFloat32> vector = randomness.normal(tf.constant(sizes(shape)));
      Operand<TFloat32> squares = tf.reduceSum(tf.math.square(vector), tf.constant(new int[] {0}));
      return tf.math.mul(vector, tf.math.rsqrt(squares));
    };
  }

  private static int[] sizes(Shape shape) {
    int[] sizes = new int[shape.numDimensions()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(shape.get(i));
    }
    return sizes;
  }
}
