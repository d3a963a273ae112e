package dev.leaven.samples.own;

import dev.leaven.runtime.Check;
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

/**
 * A model of your own: three convolutions, each with stride 2 and twice as wide as the one before,
 * and a dense head.
 *
 * @param width channels of the first convolution, from 1 to 256
 */
public record SmallNet(int width) implements Architecture {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the width is not between 1 and 256
   */
  public SmallNet {
    Check.range("smallNet", "width", width, 1, 256);
  }

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Operand<TFloat32> x = images;
    for (int block = 0; block < 3; block++) {
      String name = "body." + block;
      x = layers.apply(name + ".conv", new Convolution(width << block, 3).stride(2), x);
      x = layers.apply(name + ".norm", new BatchNorm(), x);
      x = layers.apply(Activation.RELU, x);
    }
    x = layers.apply(new GlobalAveragePool(), x);
    return layers.apply("head", new Dense(classes), x);
  }

  /** The body and the head, so that transfer learning can freeze one of them. */
  @Override
  public List<List<String>> parameterGroups() {
    return List.of(List.of("body."), List.of("head"));
  }

  @Override
  public String describe() {
    return "three convolutions, %d channels wide at first".formatted(width);
  }
}
