package dev.leaven.runtime.nn;

import dev.leaven.runtime.Check;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Blurs {@code [batch, height, width, channels]} with the filter 1 2 1 in both directions, padded
 * with zeros, and keeps one pixel of each step (Zhang 2019, "Making Convolutional Networks
 * Shift-Invariant Again"), as Composer does. The output's height is {@code ⌈height/stride⌉}.
 *
 * @param stride the step, at least 1; 1 only blurs
 */
public record BlurPool(int stride) implements Layer {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when {@code stride} is below 1
   */
  public BlurPool {
    Check.atLeast("blurPool", "stride", stride, 1);
  }

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    int channels = layers.channels("blur-pool", x);
    float[] filter = new float[9 * channels];
    for (int i = 0; i < filter.length; i++) {
      int row = i / channels / 3;
      int column = i / channels % 3;
      filter[i] = (row == 1 ? 2 : 1) * (column == 1 ? 2 : 1) / 16f;
    }
    Ops tf = layers.tf();
    Operand<TFloat32> y =
        tf.nn.depthwiseConv2dNative(
            tf.pad(x, Layers.border(tf, 1), tf.constant(0f)),
            tf.constant(Shape.of(3, 3, channels, 1), DataBuffers.of(filter)),
            List.of(1L, (long) stride, (long) stride, 1L),
            "VALID");
    return layers.record(
        name, stride == 1 ? "blur" : "blur / " + stride, y, List.of(), 9L * channels);
  }
}
