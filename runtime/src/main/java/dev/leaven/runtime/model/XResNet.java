package dev.leaven.runtime.model;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * XResNet: ResNet (He et al. 2015) with the changes of "Bag of Tricks for Image Classification with
 * Convolutional Neural Networks" (He et al. 2018), as in fastai.
 *
 * <p>Three 3×3 convolutions begin it, the first with stride 2, then a max pool; four stages of
 * residual blocks follow, and the mean over height and width, so that it takes images of any size.
 * A bottleneck strides in its 3×3 convolution; a shortcut that shrinks averages first; the last
 * norm of every block begins with scale 0, so that a block begins as its shortcut. With ten classes
 * it has 11,200,874 (18), 21,309,034 (34) or 23,547,754 (50) parameters.
 *
 * @param depth 18, 34, 50 or 101
 */
public record XResNet(int depth) implements Architecture {

  private static final Map<Integer, List<Integer>> BLOCKS =
      Map.of(
          18, List.of(2, 2, 2, 2),
          34, List.of(3, 4, 6, 3),
          50, List.of(3, 4, 6, 3),
          101, List.of(3, 4, 23, 3));
  private static final int[] STEM = {32, 32, 64};

  /**
   * Checks the depth.
   *
   * @throws IllegalArgumentException when there is no such depth
   */
  public XResNet {
    if (!BLOCKS.containsKey(depth)) {
      throw new IllegalArgumentException(
          "xresnet: depth must be 18, 34, 50 or 101, but is " + depth);
    }
  }

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Operand<TFloat32> x = images;
    int in = channels;
    for (int i = 0; i < STEM.length; i++) {
      x = layers.relu(convolutionNorm(layers, "stem." + i, x, in, STEM[i], 3, i == 0 ? 2 : 1, 1));
      in = STEM[i];
    }
    x = layers.maxPool(x);
    int expansion = depth < 50 ? 1 : 4;
    List<Integer> blocks = BLOCKS.get(depth);
    for (int stage = 0; stage < blocks.size(); stage++) {
      int width = 64 << stage;
      for (int block = 0; block < blocks.get(stage); block++) {
        String name = "stages.%d.%d".formatted(stage, block);
        int stride = stage > 0 && block == 0 ? 2 : 1;
        x = block(layers, name, x, in, width, expansion, stride);
        in = width * expansion;
      }
    }
    return layers.dense("head", layers.globalAveragePool(x), in, classes);
  }

  private static Operand<TFloat32> block(
      Layers layers,
      String name,
      Operand<TFloat32> x,
      int in,
      int width,
      int expansion,
      int stride) {
    int out = width * expansion;
    Operand<TFloat32> branch;
    if (expansion == 1) {
      branch = layers.relu(convolutionNorm(layers, name + ".convs.0", x, in, width, 3, stride, 1));
      branch = convolutionNorm(layers, name + ".convs.1", branch, width, out, 3, 1, 0);
    } else {
      branch = layers.relu(convolutionNorm(layers, name + ".convs.0", x, in, width, 1, 1, 1));
      branch =
          layers.relu(
              convolutionNorm(layers, name + ".convs.1", branch, width, width, 3, stride, 1));
      branch = convolutionNorm(layers, name + ".convs.2", branch, width, out, 1, 1, 0);
    }
    Operand<TFloat32> shortcut = stride == 1 ? x : layers.averagePool(x);
    if (in != out) {
      shortcut = convolutionNorm(layers, name + ".shortcut", shortcut, in, out, 1, 1, 1);
    }
    return layers.relu(layers.tf().math.add(branch, shortcut));
  }

  private static Operand<TFloat32> convolutionNorm(
      Layers layers,
      String name,
      Operand<TFloat32> x,
      int in,
      int out,
      int kernel,
      int stride,
      double scale) {
    Operand<TFloat32> convolved = layers.convolution(name + ".conv", x, in, out, kernel, stride);
    return layers.batchNorm(name + ".norm", convolved, out, scale);
  }

  @Override
  public String describe() {
    return "XResNet-" + depth;
  }
}
