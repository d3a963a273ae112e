package dev.leaven.runtime.train;

import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Layers;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A model without batch normalization, so that what a batch gives does not depend on which images
 * are in it together.
 *
 * @param width channels
 */
public record FlatNet(int width) implements Architecture {

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Operand<TFloat32> x = layers.relu(layers.convolution("conv", images, channels, width, 3, 2));
    return layers.dense("head", layers.globalAveragePool(x), width, classes);
  }

  @Override
  public String describe() {
    return "FlatNet of " + width;
  }
}
