package dev.leaven.runtime.train;

import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Layers;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A model of three parameter groups: two convolutions, the first with a norm, and a head. */
public record GroupedNet() implements Architecture {

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Operand<TFloat32> x = layers.convolution("first.conv", images, channels, 4, 3, 2);
    x = layers.relu(layers.batchNorm("first.norm", x, 4, 1));
    x = layers.relu(layers.convolution("second.conv", x, 4, 6, 3, 2));
    return layers.dense("head", layers.globalAveragePool(x), 6, classes);
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
