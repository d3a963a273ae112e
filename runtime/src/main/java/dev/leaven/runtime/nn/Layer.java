package dev.leaven.runtime.nn;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A layer: its options as a value, applied with {@link Layers#apply(String, Layer, Operand)}.
 *
 * <pre>{@code
 * x = layers.apply("conv1", new Convolution(64, 3).stride(2), x);
 * x = layers.apply("bn1", new BatchNorm(), x);
 * x = layers.apply(Activation.RELU, x);
 * }</pre>
 *
 * <p>The number of input channels is that of {@code x}. A custom layer is a record that implements
 * this interface with {@link Layers#tf}, {@link Layers#variable}, {@link Layers#read} and other
 * layers.
 */
@FunctionalInterface
public interface Layer {

  /**
   * Builds the layer.
   *
   * @param layers the branch of the graph that the layer becomes part of
   * @param name the layer's name; its variables are named after it
   * @param x the input; most layers take {@code [batch, height, width, channels]}
   * @return the output
   */
  Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x);
}
