package dev.leaven.samples.own;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.models.Architecture;
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
    int in = channels;
    for (int block = 0; block < 3; block++) {
      int out = width << block;
      String name = "body." + block;
      x = layers.convolution(name + ".conv", x, in, out, 3, 2);
      x = layers.relu(layers.batchNorm(name + ".norm", x, out, 1));
      in = out;
    }
    return layers.dense("head", layers.globalAveragePool(x), in, classes);
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
