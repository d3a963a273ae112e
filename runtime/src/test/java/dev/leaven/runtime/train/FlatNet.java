package dev.leaven.runtime.train;

import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.GlobalAveragePool;
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
    Operand<TFloat32> x =
        layers.apply(
            Activation.RELU, layers.apply("conv", new Convolution(width, 3).stride(2), images));
    return layers.apply("head", new Dense(classes), layers.apply(new GlobalAveragePool(), x));
  }

  @Override
  public String describe() {
    return "FlatNet of " + width;
  }
}
