package dev.leaven.runtime.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What follows a convolution and its norm, for each element {@code x}. */
public enum Activation {
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code min(max(x, 0), 6)}, as MobileNet has it. */
  RELU6,
  /**
   * {@code x·tanh(log(1 + exp x))} (Misra 2019, "Mish: A Self Regularized Non-Monotonic Activation
   * Function"). It costs some time and more memory than ReLU, and gained some tenths of a point on
   * Imagenette with few epochs.
   */
  MISH,
  /** {@code x·σ(x)} (Ramachandran et al. 2017, "Searching for Activation Functions"), or Swish. */
  SILU,
  /** {@code x·(1 + erf(x/√2))/2} (Hendrycks, Gimpel 2016), without an approximation of erf. */
  GELU;

  /**
   * Applies it to each element.
   *
   * @param tf where the operations go
   * @param x any shape
   * @return the same shape
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x) {
    return switch (this) {
      case RELU -> tf.nn.relu(x);
      case RELU6 -> tf.nn.relu6(x);
      case MISH -> tf.math.mul(x, tanh(tf, tf.math.softplus(x)));
      case SILU -> tf.math.mul(x, tf.math.sigmoid(x));
      case GELU ->
          tf.math.mul(
              tf.math.mul(x, tf.constant(0.5f)),
              tf.math.add(
                  tf.constant(1f),
                  tf.math.erf(tf.math.mul(x, tf.constant((float) Math.sqrt(0.5))))));
    };
  }

  // TensorFlow's optimizer knows the usual form of Mish, joins it with the batch norm before it,
  // and
  // then finds that it has no kernel for both: tanh(y) is written as 2·σ(2y) - 1.
  private static Operand<TFloat32> tanh(Ops tf, Operand<TFloat32> y) {
    Operand<TFloat32> two = tf.constant(2f);
    return tf.math.sub(tf.math.mul(two, tf.math.sigmoid(tf.math.mul(two, y))), tf.constant(1f));
  }

  /**
   * Its name as people write it.
   *
   * @return for instance {@code Mish}
   */
  public String describe() {
    return switch (this) {
      case RELU -> "ReLU";
      case RELU6 -> "ReLU6";
      case MISH -> "Mish";
      case SILU -> "SiLU";
      case GELU -> "GELU";
    };
  }
}
