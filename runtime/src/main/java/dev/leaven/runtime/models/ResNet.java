package dev.leaven.runtime.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.BatchNorm;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.nn.MaxPool;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * ResNet (He et al. 2015, "Deep Residual Learning for Image Recognition") and ResNeXt (Xie et al.
 * 2016, "Aggregated Residual Transformations for Deep Neural Networks"), layer for layer and name
 * for name as in torchvision, so that its weights can be imported.
 *
 * <p>It starts with a 7×7 convolution with stride 2 and a max pool; four stages of residual blocks
 * follow, and the mean over height and width. A bottleneck strides in its 3×3 convolution. With
 * 1,000 classes it has 11,689,512 (18), 21,797,672 (34), 25,557,032 (50), 44,549,160 (101) or
 * 60,192,808 (152) parameters, and ResNeXt-50 of 32 groups of 4 channels 25,028,904.
 *
 * @param depth 18, 34, 50, 101 or 152
 * @param groups the number of groups of a bottleneck's 3×3 convolution; 1, the default, for ResNet
 * @param groupWidth the channels of a group in the first stage; default 64
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT) // recipes and their hashes omit defaults
public record ResNet(@JsonInclude(JsonInclude.Include.ALWAYS) int depth, int groups, int groupWidth)
    implements Architecture {

  private static final Map<Integer, List<Integer>> BLOCKS =
      Map.of(
          18, List.of(2, 2, 2, 2),
          34, List.of(3, 4, 6, 3),
          50, List.of(3, 4, 6, 3),
          101, List.of(3, 4, 23, 3),
          152, List.of(3, 8, 36, 3));
  private static final int STEM = 64;

  /**
   * Checks the parameters.
   *
   * @throws IllegalArgumentException when there is no such depth, or when its blocks have no groups
   */
  public ResNet {
    if (!BLOCKS.containsKey(depth)) {
      throw new IllegalArgumentException(
          "resnet: depth must be 18, 34, 50, 101 or 152, but is " + depth);
    }
    Check.atLeast("resnet", "groups", groups, 1);
    Check.atLeast("resnet", "groupWidth", groupWidth, 1);
    if (depth < 50 && (groups != 1 || groupWidth != STEM)) {
      throw new IllegalArgumentException(
          "resnet: only the depths from 50 have groups, but depth is " + depth);
    }
  }

  /**
   * A ResNet.
   *
   * @param depth 18, 34, 50, 101 or 152
   */
  public ResNet(int depth) {
    this(depth, 1, STEM);
  }

  /** ResNet-50. */
  public ResNet() {
    this(50);
  }

  /**
   * ResNeXt-50 with 32 groups of 4 channels.
   *
   * @return torchvision's {@code resnext50_32x4d}
   */
  public static ResNet resnext50() {
    return new ResNet(50, 32, 4);
  }

  @JsonCreator
  static ResNet of(
      @JsonProperty("depth") int depth,
      @JsonProperty("groups") @Nullable Integer groups,
      @JsonProperty("groupWidth") @Nullable Integer groupWidth) {
    return new ResNet(depth, groups == null ? 1 : groups, groupWidth == null ? STEM : groupWidth);
  }

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Operand<TFloat32> x =
        layers.apply("conv1", new Convolution(STEM, 7).stride(2).fanOut(), images);
    x = layers.apply(Activation.RELU, layers.apply("bn1", new BatchNorm(), x));
    x = layers.apply(new MaxPool(3).stride(2), x);
    List<Integer> blocks = BLOCKS.get(depth);
    for (int stage = 0; stage < blocks.size(); stage++) {
      int planes = STEM << stage;
      for (int block = 0; block < blocks.get(stage); block++) {
        String name = "layer%d.%d".formatted(stage + 1, block);
        int stride = stage > 0 && block == 0 ? 2 : 1;
        x =
            depth < 50
                ? basic(layers, name, x, planes, stride)
                : bottleneck(layers, name, x, planes, stride);
      }
    }
    x = layers.apply(new GlobalAveragePool(), x);
    Initializer initial = Initializer.uniform(1 / Math.sqrt(layers.channels("fc", x)));
    return layers.apply("fc", new Dense(classes).weights(initial).biases(initial), x);
  }

  private static Operand<TFloat32> basic(
      Layers layers, String name, Operand<TFloat32> x, int planes, int stride) {
    Operand<TFloat32> y =
        convolutionNorm(layers, name, 1, new Convolution(planes, 3).stride(stride), x);
    y = layers.apply(Activation.RELU, y);
    y = convolutionNorm(layers, name, 2, new Convolution(planes, 3), y);
    return joined(layers, name, x, y, stride);
  }

  private Operand<TFloat32> bottleneck(
      Layers layers, String name, Operand<TFloat32> x, int planes, int stride) {
    int width = planes * groupWidth / STEM * groups;
    Operand<TFloat32> y = convolutionNorm(layers, name, 1, new Convolution(width, 1), x);
    y = layers.apply(Activation.RELU, y);
    Convolution grouped = new Convolution(width, 3).stride(stride).groups(groups);
    y = convolutionNorm(layers, name, 2, grouped, y);
    y = layers.apply(Activation.RELU, y);
    y = convolutionNorm(layers, name, 3, new Convolution(4 * planes, 1), y);
    return joined(layers, name, x, y, stride);
  }

  private static Operand<TFloat32> joined(
      Layers layers, String name, Operand<TFloat32> x, Operand<TFloat32> branch, int stride) {
    int out = layers.channels(name, branch);
    Operand<TFloat32> shortcut = x;
    if (stride != 1 || layers.channels(name, x) != out) {
      Convolution convolution = new Convolution(out, 1).stride(stride).fanOut();
      shortcut = layers.apply(name + ".downsample.0", convolution, x);
      shortcut = layers.apply(name + ".downsample.1", new BatchNorm(), shortcut);
    }
    return layers.apply(Activation.RELU, layers.tf().math.add(branch, shortcut));
  }

  private static Operand<TFloat32> convolutionNorm(
      Layers layers, String name, int number, Convolution convolution, Operand<TFloat32> x) {
    Operand<TFloat32> y = layers.apply(name + ".conv" + number, convolution.fanOut(), x);
    return layers.apply(name + ".bn" + number, new BatchNorm(), y);
  }

  /** fastai's: up to the second stage, the other stages, the head. */
  @Override
  public List<List<String>> parameterGroups() {
    return List.of(
        List.of("conv1.", "bn1.", "layer1.", "layer2."),
        List.of("layer3.", "layer4."),
        List.of("fc."));
  }

  @Override
  public String describe() {
    return groups == 1 && groupWidth == STEM
        ? "ResNet-" + depth
        : "ResNeXt-%d with %d groups of %d channels".formatted(depth, groups, groupWidth);
  }
}
