package dev.leaven.runtime.nn;

import dev.leaven.runtime.Check;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The highest value of each window of {@code [batch, height, width, channels]}. A window of an odd
 * size is padded by half of it with values lower than any; the output's height is {@code ⌊(height +
 * 2·padding - size)/stride⌋ + 1}.
 *
 * @param size the window's height and width, at least 1
 * @param stride the step, at least 1; by default the size
 */
public record MaxPool(int size, int stride) implements Layer {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public MaxPool {
    Check.atLeast("maxPool", "size", size, 1);
    Check.atLeast("maxPool", "stride", stride, 1);
  }

  /**
   * Windows in steps of their size.
   *
   * @param size the window's height and width, at least 1
   */
  public MaxPool(int size) {
    this(size, size);
  }

  /**
   * The same with another step.
   *
   * @param stride at least 1
   * @return a new layer
   */
  public MaxPool stride(int stride) {
    return new MaxPool(size, stride);
  }

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    Ops tf = layers.tf();
    Operand<TFloat32> input =
        size % 2 == 0 || size == 1
            ? x
            : tf.pad(x, Layers.border(tf, size / 2), tf.constant(-Float.MAX_VALUE));
    Operand<TFloat32> y =
        tf.nn.maxPool(
            input,
            tf.constant(new int[] {1, size, size, 1}),
            tf.constant(new int[] {1, stride, stride, 1}),
            "VALID");
    return layers.record(
        name, "max pool %d×%d / %d".formatted(size, size, stride), y, List.of(), 0);
  }
}
