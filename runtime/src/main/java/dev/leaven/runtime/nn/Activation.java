package dev.leaven.runtime.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What follows a convolution and its norm, for each element {@code x} of any shape: {@code
 * layers.apply(Activation.RELU, x)}.
 */
public enum Activation implements Layer {
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code min(max(x, 0), 6)}, as in MobileNet. */
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
      case MISH -> Mish.value(tf, x);
      case SILU -> tf.math.mul(x, tf.math.sigmoid(x));
      case GELU ->
          tf.math.mul(
              tf.math.mul(x, tf.constant(0.5f)),
              tf.math.add(
                  tf.constant(1f),
                  tf.math.erf(tf.math.mul(x, tf.constant((float) Math.sqrt(0.5))))));
    };
  }

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    return layers.training() ? applyForTraining(layers.tf(), x) : apply(layers.tf(), x);
  }

  /** The same values, and a cheaper slope where the one that TensorFlow derives is expensive. */
  Operand<TFloat32> applyForTraining(Ops tf, Operand<TFloat32> x) {
    return this == MISH ? Mish.withSlope(tf, x) : apply(tf, x);
  }

  /**
   * Its display name.
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

  private static final class Mish {

    // TensorFlow makes one kernel of these three operations. As a row, because it also tries to
    // make one of them and the batch norm before them, for which it has no kernel, and fails.
    static Operand<TFloat32> value(Ops tf, Operand<TFloat32> x) {
      Operand<TFloat32> row = tf.reshape(x, tf.constant(new int[] {-1}));
      Operand<TFloat32> y = tf.math.mul(row, tf.math.tanh(tf.math.softplus(row)));
      return tf.reshape(y, tf.shape(x));
    }

    // Differentiated operation by operation, Mish costs more than the convolutions before it. Its
    // slope is therefore computed separately: the added term has the value zero and contributes
    // only the slope. With
    // s = σ(x) and u = s·(2-s), tanh(log(1 + exp x)) is u/(2-u), which keeps all digits below zero.
    static Operand<TFloat32> withSlope(Ops tf, Operand<TFloat32> differing) {
      Operand<TFloat32> stopped = tf.stopGradient(differing);
      Operand<TFloat32> x = inFloat32(tf, stopped);
      Operand<TFloat32> two = tf.constant(2f);
      Operand<TFloat32> s = tf.math.sigmoid(x);
      Operand<TFloat32> u = tf.math.mul(s, tf.math.sub(two, s));
      Operand<TFloat32> r = tf.math.div(u, tf.math.sub(two, u));
      Operand<TFloat32> y = tf.math.mul(x, r);
      Operand<TFloat32> slope = tf.math.add(r, tf.math.mul(s, tf.math.sub(x, tf.math.mul(y, r))));
      Operand<TFloat32> zero = tf.math.sub(differing, stopped);
      return tf.math.add(
          tf.stopGradient(inFloat32(tf, y)),
          tf.math.mul(tf.stopGradient(inFloat32(tf, slope)), zero));
    }

    // Of a graph in bfloat16 TensorFlow would also compute these many small operations in it, which
    // takes a processor twice as long. It does not where bits have been taken for another type.
    private static Operand<TFloat32> inFloat32(Ops tf, Operand<TFloat32> x) {
      return tf.bitcast(tf.bitcast(x, TInt32.class), TFloat32.class);
    }
  }
}
