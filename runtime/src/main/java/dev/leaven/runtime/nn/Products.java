package dev.leaven.runtime.nn;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * The operations that take most of a model's time: products of matrices and convolutions, computed
 * in a precision between casts. What goes in and comes out is float32.
 */
record Products(Precision precision) {

  /** An operation of two operands of any floating type. */
  private interface Product {
    <T extends TNumber> Operand<T> of(Operand<T> x, Operand<T> w);
  }

  private record Convolved(Ops tf, List<Long> strides, String padding) implements Product {
    @Override
    public <T extends TNumber> Operand<T> of(Operand<T> x, Operand<T> w) {
      return tf.nn.conv2d(x, w, strides, padding);
    }
  }

  private record Depthwise(Ops tf, List<Long> strides, String padding) implements Product {
    @Override
    public <T extends TNumber> Operand<T> of(Operand<T> x, Operand<T> w) {
      return tf.nn.depthwiseConv2dNative(x, w, strides, padding);
    }
  }

  private record Multiplied(Ops tf) implements Product {
    @Override
    public <T extends TNumber> Operand<T> of(Operand<T> x, Operand<T> w) {
      return tf.linalg.matMul(x, w);
    }
  }

  Operand<TFloat32> matMul(Ops tf, Operand<TFloat32> x, Operand<TFloat32> w) {
    return computed(tf, x, w, new Multiplied(tf));
  }

  Operand<TFloat32> convolution(
      Ops tf,
      Operand<TFloat32> x,
      Operand<TFloat32> filter,
      int stride,
      String padding,
      int groups) {
    Product convolution = new Convolved(tf, strides(stride), padding);
    long in = x.shape().get(3);
    if (precision == Precision.BFLOAT16 && groups == 1 && in > 1 && in % 2 == 1) {
      // A channel of zeros: with an odd number of channels some processors read uninitialised
      // memory.
      return computed(
          tf,
          tf.pad(x, tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 0}, {0, 1}}), tf.constant(0f)),
          tf.pad(
              filter, tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 1}, {0, 0}}), tf.constant(0f)),
          convolution);
    }
    return computed(tf, x, filter, convolution);
  }

  Operand<TFloat32> depthwiseConvolution(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> filter, int stride, String padding) {
    return computed(tf, x, filter, new Depthwise(tf, strides(stride), padding));
  }

  private static List<Long> strides(int stride) {
    return List.of(1L, (long) stride, (long) stride, 1L);
  }

  // On a CPU the session inserts the casts of bfloat16 itself, and keeps what needs float32.
  private Operand<TFloat32> computed(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> w, Product product) {
    if (precision == Precision.FLOAT16) {
      return between(tf, x, w, product, TFloat16.class);
    }
    return precision == Precision.BFLOAT16 && Kernels.ofProcess().equals(Optional.of(Kernels.CUDA))
        ? between(tf, x, w, product, TBfloat16.class)
        : product.of(x, w);
  }

  private static <T extends TNumber> Operand<TFloat32> between(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> w, Product product, Class<T> type) {
    return tf.dtypes.cast(
        product.of(tf.dtypes.cast(x, type), tf.dtypes.cast(w, type)), TFloat32.class);
  }
}
