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
import dev.leaven.runtime.nn.Dropout;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.Layers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * MobileNetV2 (Sandler et al. 2018, "MobileNetV2: Inverted Residuals and Linear Bottlenecks"),
 * layer for layer and name for name as in torchvision, so that its weights can be imported.
 *
 * <p>A block widens its input sixfold, convolves each channel separately, and narrows it again
 * without an activation. It has 3,504,872 parameters with 1,000 classes and a twelfth of
 * ResNet-50's multiplications.
 *
 * @param dropout the fraction of the features that is dropped before the head, from 0 to below 1;
 *     default 0.2
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT) // recipes and their hashes omit defaults
public record MobileNetV2(double dropout) implements Architecture {

  private static final double DROPOUT = 0.2;
  // How much wider inside, output channels, blocks, stride of the first.
  private static final int[][] STAGES = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1}
  };
  private static final int FIRST = 32;
  private static final int LAST = 1280;
  private static final double HEAD_DEVIATION = 0.01;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when {@code dropout} is outside its range
   */
  public MobileNetV2 {
    Check.range("mobilenetV2", "dropout", dropout, 0, 0.999999);
  }

  /** With a dropout of 0.2. */
  public MobileNetV2() {
    this(DROPOUT);
  }

  @JsonCreator
  static MobileNetV2 of(@JsonProperty("dropout") @Nullable Double dropout) {
    return new MobileNetV2(dropout == null ? DROPOUT : dropout);
  }

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Convolution first = new Convolution(FIRST, 3).stride(2);
    Operand<TFloat32> x = activated(layers, "features.0", first, images);
    int number = 1;
    for (int[] stage : STAGES) {
      for (int block = 0; block < stage[2]; block++) {
        String name = "features.%d.conv.".formatted(number++);
        x = block(layers, name, x, stage[1], stage[0], block == 0 ? stage[3] : 1);
      }
    }
    x = activated(layers, "features." + number, new Convolution(LAST, 1), x);
    x = layers.apply(new GlobalAveragePool(), x);
    x = layers.apply("classifier.0", new Dropout(dropout), x);
    Dense head = new Dense(classes).weights(Initializer.normal(HEAD_DEVIATION));
    return layers.apply("classifier.1", head, x);
  }

  private static Operand<TFloat32> block(
      Layers layers, String name, Operand<TFloat32> x, int out, int widening, int stride) {
    int in = layers.channels(name, x);
    int width = in * widening;
    int part = 0;
    Operand<TFloat32> y = x;
    if (widening > 1) {
      y = activated(layers, name + part++, new Convolution(width, 1), y);
    }
    Convolution depthwise = new Convolution(width, 3).stride(stride).groups(width);
    y = activated(layers, name + part++, depthwise, y);
    y = layers.apply(name + part++, new Convolution(out, 1).fanOut(), y);
    y = layers.apply(name + part, new BatchNorm(), y);
    return stride == 1 && in == out ? layers.tf().math.add(x, y) : y;
  }

  private static Operand<TFloat32> activated(
      Layers layers, String name, Convolution convolution, Operand<TFloat32> x) {
    Operand<TFloat32> y = layers.apply(name + ".0", convolution.fanOut(), x);
    y = layers.apply(name + ".1", new BatchNorm(), y);
    return layers.apply(Activation.RELU6, y);
  }

  /** fastai's default: the body and the head. */
  @Override
  public List<List<String>> parameterGroups() {
    return List.of(List.of("features."), List.of("classifier."));
  }

  @Override
  public String describe() {
    return dropout == DROPOUT ? "MobileNetV2" : "MobileNetV2, dropout of " + Check.number(dropout);
  }
}
