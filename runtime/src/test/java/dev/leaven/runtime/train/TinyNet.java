package dev.leaven.runtime.train;

import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Layers;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The smallest model that has every kind of variable, so that a test's run takes a second. It is
 * also an architecture of a user's own.
 *
 * @param width channels
 */
public record TinyNet(int width) implements Architecture {

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Operand<TFloat32> x = layers.convolution("conv", images, channels, width, 3, 2);
    x = layers.relu(layers.batchNorm("norm", x, width, 1));
    return layers.dense("head", layers.globalAveragePool(x), width, classes);
  }

  @Override
  public String describe() {
    return "TinyNet of " + width;
  }
}
