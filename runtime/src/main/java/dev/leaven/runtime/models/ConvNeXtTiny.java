package dev.leaven.runtime.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.LayerNorm;
import dev.leaven.runtime.nn.LayerScale;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.nn.StochasticDepth;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * ConvNeXt-Tiny (Liu et al. 2022, "A ConvNet for the 2020s"), layer for layer and name for name as
 * in torchvision, so that its weights can be imported.
 *
 * <p>A block convolves each channel separately with a 7×7 kernel, normalises the channels of each
 * pixel, and sends them through two dense layers with GELU between; its layer scale begins at a
 * millionth. It has 28,589,128 parameters with 1,000 classes. Images must be 32 pixels or larger.
 * From random weights it needs many more epochs than a ResNet; it is meant for pretrained weights.
 *
 * @param stochasticDepth the probability of leaving out the last block; that of the others rises
 *     evenly from 0 at the first; from 0 to below 1; default 0.1
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT) // recipes and their hashes omit defaults
public record ConvNeXtTiny(double stochasticDepth) implements Architecture {

  private static final double STOCHASTIC_DEPTH = 0.1;
  private static final int[] BLOCKS = {3, 3, 9, 3};
  private static final int[] CHANNELS = {96, 192, 384, 768};
  private static final double DEVIATION = 0.02;
  private static final double LAYER_SCALE = 1e-6;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when {@code stochasticDepth} is outside its range
   */
  public ConvNeXtTiny {
    Check.range("convnextTiny", "stochasticDepth", stochasticDepth, 0, 0.999999);
  }

  /** With a stochastic depth of 0.1. */
  public ConvNeXtTiny() {
    this(STOCHASTIC_DEPTH);
  }

  @JsonCreator
  static ConvNeXtTiny of(@JsonProperty("stochasticDepth") @Nullable Double stochasticDepth) {
    return new ConvNeXtTiny(stochasticDepth == null ? STOCHASTIC_DEPTH : stochasticDepth);
  }

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Operand<TFloat32> x = layers.apply("features.0.0", patches(CHANNELS[0], 4), images);
    x = layers.apply("features.0.1", new LayerNorm(), x);
    int last = BLOCKS[0] + BLOCKS[1] + BLOCKS[2] + BLOCKS[3] - 1;
    int built = 0;
    for (int stage = 0; stage < BLOCKS.length; stage++) {
      if (stage > 0) {
        String name = "features." + 2 * stage;
        x = layers.apply(name + ".0", new LayerNorm(), x);
        x = layers.apply(name + ".1", patches(CHANNELS[stage], 2), x);
      }
      for (int block = 0; block < BLOCKS[stage]; block++) {
        String name = "features.%d.%d".formatted(2 * stage + 1, block);
        x = block(layers, name, x, CHANNELS[stage], stochasticDepth * built++ / last);
      }
    }
    x = layers.apply(new GlobalAveragePool(), x);
    x = layers.apply("classifier.0", new LayerNorm(), x);
    return layers.apply("classifier.2", dense(classes), x);
  }

  private static Operand<TFloat32> block(
      Layers layers, String name, Operand<TFloat32> x, int width, double dropped) {
    Convolution depthwise =
        new Convolution(width, 7).groups(width).withBias().initial(Initializer.normal(DEVIATION));
    Operand<TFloat32> y = layers.apply(name + ".block.0", depthwise, x);
    y = layers.apply(name + ".block.2", new LayerNorm(), y);
    y = layers.apply(name + ".block.3", dense(4 * width), y);
    y = layers.apply(Activation.GELU, y);
    y = layers.apply(name + ".block.5", dense(width), y);
    y = layers.apply(name + ".layer_scale", new LayerScale(LAYER_SCALE), y);
    return layers.tf().math.add(x, layers.apply(name, new StochasticDepth(dropped), y));
  }

  private static Convolution patches(int filters, int size) {
    return new Convolution(filters, size)
        .stride(size)
        .withBias()
        .initial(Initializer.normal(DEVIATION));
  }

  private static Dense dense(int units) {
    return new Dense(units).weights(Initializer.normal(DEVIATION));
  }

  /** fastai's default: the body and the head. */
  @Override
  public List<List<String>> parameterGroups() {
    return List.of(List.of("features."), List.of("classifier."));
  }

  @Override
  public List<String> head() {
    // The norm before it does not depend on the classes.
    return List.of("classifier.2.");
  }

  @Override
  public String describe() {
    return stochasticDepth == STOCHASTIC_DEPTH
        ? "ConvNeXt-Tiny"
        : "ConvNeXt-Tiny, stochastic depth up to " + Check.number(stochasticDepth);
  }
}
