package dev.leaven.runtime.train;

import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.BatchNorm;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.GlobalAveragePool;
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
    Operand<TFloat32> x = layers.apply("conv", new Convolution(width, 3).stride(2), images);
    x = layers.apply(Activation.RELU, layers.apply("norm", new BatchNorm(), x));
    return layers.apply("head", new Dense(classes), layers.apply(new GlobalAveragePool(), x));
  }

  @Override
  public String describe() {
    return "TinyNet of " + width;
  }
}
