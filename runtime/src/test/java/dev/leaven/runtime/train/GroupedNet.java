package dev.leaven.runtime.train;

import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.BatchNorm;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.Layers;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A model of three parameter groups: two convolutions, the first with a norm, and a head. */
public record GroupedNet() implements Architecture {

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Operand<TFloat32> x = layers.apply("first.conv", new Convolution(4, 3).stride(2), images);
    x = layers.apply(Activation.RELU, layers.apply("first.norm", new BatchNorm(), x));
    x =
        layers.apply(
            Activation.RELU, layers.apply("second.conv", new Convolution(6, 3).stride(2), x));
    return layers.apply("head", new Dense(classes), layers.apply(new GlobalAveragePool(), x));
  }

  @Override
  public List<List<String>> parameterGroups() {
    return List.of(List.of("first."), List.of("second."), List.of("head."));
  }

  @Override
  public String describe() {
    return "GroupedNet";
  }
}
