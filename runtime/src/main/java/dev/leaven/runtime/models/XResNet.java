package dev.leaven.runtime.models;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.AveragePool;
import dev.leaven.runtime.nn.BatchNorm;
import dev.leaven.runtime.nn.BlurPool;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.Dropout;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.nn.MaxPool;
import dev.leaven.runtime.nn.SelfAttention;
import dev.leaven.runtime.nn.SqueezeExcite;
import dev.leaven.runtime.nn.StochasticDepth;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * XResNet: ResNet (He et al. 2015) with the changes of "Bag of Tricks for Image Classification with
 * Convolutional Neural Networks" (He et al. 2018), as in fastai.
 *
 * <p>It starts with three 3×3 convolutions, the first with stride 2, and a max pool; four stages of
 * residual blocks follow, and the mean over height and width, so that it takes images of any size.
 * A bottleneck strides in its 3×3 convolution; a shortcut that shrinks averages first; the last
 * norm of every block begins with scale 0, so that a block begins as its shortcut. With ten classes
 * it has 11,200,874 (18), 21,309,034 (34) or 23,547,754 (50) parameters.
 *
 * <p>{@code new XResNet(50).mish().withSelfAttention()} is the network of fastai's Imagenette
 * leaderboard.
 *
 * @param depth 18, 34, 50 or 101
 * @param widen the stages' channels times this, from 0.125 to 8; default 1
 * @param activation after each convolution but the last of a block, and after each block; default
 *     ReLU
 * @param squeezeExcite whether each block ends in {@link SqueezeExcite}; default no
 * @param selfAttention whether the first stage ends in {@link SelfAttention}; default no
 * @param blurPool whether what shrinks by stride is blurred before (Zhang 2019): the max pool and
 *     the convolutions with 16 or more inputs; default no
 * @param dropout the fraction of the features that dropout sets to zero before the head, from 0,
 *     the default, to below 1
 * @param stochasticDepth the probability of leaving out the last block; that of the others rises
 *     evenly from 0 at the first; from 0, the default, to below 1
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT) // recipes and their hashes omit defaults
public record XResNet(
    @JsonInclude(JsonInclude.Include.ALWAYS) int depth,
    double widen,
    Activation activation,
    boolean squeezeExcite,
    boolean selfAttention,
    boolean blurPool,
    double dropout,
    double stochasticDepth)
    implements Architecture {

  private static final Map<Integer, List<Integer>> BLOCKS =
      Map.of(
          18, List.of(2, 2, 2, 2),
          34, List.of(3, 4, 6, 3),
          50, List.of(3, 4, 6, 3),
          101, List.of(3, 4, 23, 3));
  private static final int[] STEM = {32, 32, 64};
  // Composer's: the images themselves are not blurred.
  private static final int FEWEST_BLURRED = 16;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when there is no such depth, or a parameter is outside its
   *     range
   */
  public XResNet {
    if (!BLOCKS.containsKey(depth)) {
      throw new IllegalArgumentException(
          "xresnet: depth must be 18, 34, 50 or 101, but is " + depth);
    }
    Check.range("xresnet", "widen", widen, 0.125, 8);
    Check.range("xresnet", "dropout", dropout, 0, 0.999999);
    Check.range("xresnet", "stochasticDepth", stochasticDepth, 0, 0.999999);
    if (squeezeExcite && (int) (64 * widen) * expansion(depth) < 16) {
      throw new IllegalArgumentException(
          "xresnet: squeezeExcite needs blocks of 16 channels or more, but widen is "
              + Check.number(widen));
    }
  }

  /**
   * The network of a depth, without options.
   *
   * @param depth 18, 34, 50 or 101
   */
  public XResNet(int depth) {
    this(depth, 1, Activation.RELU, false, false, false, 0, 0);
  }

  /** XResNet-50, without options. */
  public XResNet() {
    this(50);
  }

  @JsonCreator
  static XResNet of(
      @JsonProperty("depth") int depth,
      @JsonProperty("widen") @Nullable Double widen,
      @JsonProperty("activation") @Nullable Activation activation,
      // The names of recipes written before.
      @JsonProperty("squeezeExcite") @JsonAlias("squeezes") @Nullable Boolean squeezeExcite,
      @JsonProperty("selfAttention") @JsonAlias("attends") @Nullable Boolean selfAttention,
      @JsonProperty("blurPool") @JsonAlias("blurs") @Nullable Boolean blurPool,
      @JsonProperty("dropout") @Nullable Double dropout,
      @JsonProperty("stochasticDepth") @Nullable Double stochasticDepth) {
    return new XResNet(
        depth,
        widen == null ? 1 : widen,
        activation == null ? Activation.RELU : activation,
        squeezeExcite != null && squeezeExcite,
        selfAttention != null && selfAttention,
        blurPool != null && blurPool,
        dropout == null ? 0 : dropout,
        stochasticDepth == null ? 0 : stochasticDepth);
  }

  /**
   * The same with more or fewer channels in its stages.
   *
   * @param widen from 0.125 to 8
   * @return a new architecture
   */
  public XResNet widen(double widen) {
    return new XResNet(
        depth, widen, activation, squeezeExcite, selfAttention, blurPool, dropout, stochasticDepth);
  }

  /**
   * The same with another activation.
   *
   * @param activation for instance {@link Activation#SILU}
   * @return a new architecture
   */
  public XResNet activation(Activation activation) {
    return new XResNet(
        depth, widen, activation, squeezeExcite, selfAttention, blurPool, dropout, stochasticDepth);
  }

  /**
   * The same with Mish.
   *
   * @return a new architecture
   */
  public XResNet mish() {
    return activation(Activation.MISH);
  }

  /**
   * The same with squeeze-and-excitation in every block.
   *
   * @return a new architecture
   */
  public XResNet withSqueezeExcite() {
    return new XResNet(
        depth, widen, activation, true, selfAttention, blurPool, dropout, stochasticDepth);
  }

  /**
   * The same with self-attention at the end of the first stage.
   *
   * @return a new architecture
   */
  public XResNet withSelfAttention() {
    return new XResNet(
        depth, widen, activation, squeezeExcite, true, blurPool, dropout, stochasticDepth);
  }

  /**
   * The same, blurred before it shrinks.
   *
   * @return a new architecture
   */
  public XResNet withBlurPool() {
    return new XResNet(
        depth, widen, activation, squeezeExcite, selfAttention, true, dropout, stochasticDepth);
  }

  /**
   * The same with dropout before the head.
   *
   * @param dropout from 0 to below 1
   * @return a new architecture
   */
  public XResNet dropout(double dropout) {
    return new XResNet(
        depth, widen, activation, squeezeExcite, selfAttention, blurPool, dropout, stochasticDepth);
  }

  /**
   * The same with stochastic depth.
   *
   * @param stochasticDepth the probability of leaving out the last block, from 0 to below 1
   * @return a new architecture
   */
  public XResNet stochasticDepth(double stochasticDepth) {
    return new XResNet(
        depth, widen, activation, squeezeExcite, selfAttention, blurPool, dropout, stochasticDepth);
  }

  private static int expansion(int depth) {
    return depth < 50 ? 1 : 4;
  }

  @Override
  public Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, int channels, int classes) {
    Operand<TFloat32> x = images;
    for (int i = 0; i < STEM.length; i++) {
      x = convolutionNorm(layers, "stem." + i, x, STEM[i], 3, i == 0 ? 2 : 1, 1);
      x = layers.apply(activation, x);
    }
    x = layers.apply(new MaxPool(3).stride(blurPool ? 1 : 2), x);
    x = blurPool ? layers.apply(new BlurPool(2), x) : x;
    List<Integer> blocks = BLOCKS.get(depth);
    int last = blocks.stream().mapToInt(Integer::intValue).sum() - 1;
    int built = 0;
    for (int stage = 0; stage < blocks.size(); stage++) {
      int width = (int) ((64 << stage) * widen);
      for (int i = 0; i < blocks.get(stage); i++) {
        String name = "stages.%d.%d".formatted(stage, i);
        int stride = stage > 0 && i == 0 ? 2 : 1;
        boolean attention = selfAttention && stage == 0 && i == blocks.get(stage) - 1;
        double dropped = stochasticDepth * built++ / last;
        x = block(layers, new Block(name, width, stride, attention, dropped), x);
      }
    }
    x = layers.apply(new GlobalAveragePool(), x);
    x = layers.apply("head.dropout", new Dropout(dropout), x);
    return layers.apply("head", new Dense(classes), x);
  }

  private record Block(String name, int width, int stride, boolean attention, double dropped) {}

  private Operand<TFloat32> block(Layers layers, Block block, Operand<TFloat32> x) {
    String name = block.name();
    int expansion = expansion(depth);
    int out = block.width() * expansion;
    int[] kernels = expansion == 1 ? new int[] {3, 3} : new int[] {1, 3, 1};
    int strided = expansion == 1 ? 0 : 1;
    int last = kernels.length - 1;
    Operand<TFloat32> branch = x;
    for (int i = 0; i < last; i++) {
      int stride = i == strided ? block.stride() : 1;
      branch =
          convolutionNorm(
              layers, name + ".convs." + i, branch, block.width(), kernels[i], stride, 1);
      branch = layers.apply(activation, branch);
    }
    branch = convolutionNorm(layers, name + ".convs." + last, branch, out, kernels[last], 1, 0);
    if (squeezeExcite) {
      branch = layers.apply(name + ".se", new SqueezeExcite(activation), branch);
    }
    if (block.attention()) {
      branch = layers.apply(name + ".attention", new SelfAttention(), branch);
    }
    branch = layers.apply(name, new StochasticDepth(block.dropped()), branch);
    Operand<TFloat32> shortcut = block.stride() == 1 ? x : layers.apply(new AveragePool(), x);
    if (layers.channels(name, x) != out) {
      shortcut = convolutionNorm(layers, name + ".shortcut", shortcut, out, 1, 1, 1);
    }
    return layers.apply(activation, layers.tf().math.add(branch, shortcut));
  }

  private Operand<TFloat32> convolutionNorm(
      Layers layers,
      String name,
      Operand<TFloat32> x,
      int filters,
      int kernel,
      int stride,
      double scale) {
    boolean blurs = blurPool && stride > 1 && layers.channels(name, x) >= FEWEST_BLURRED;
    Operand<TFloat32> y = blurs ? layers.apply(new BlurPool(1), x) : x;
    y = layers.apply(name + ".conv", new Convolution(filters, kernel).stride(stride), y);
    return layers.apply(name + ".norm", new BatchNorm().scale(scale), y);
  }

  /** fastai's: the stem, the stages, the head. */
  @Override
  public List<List<String>> parameterGroups() {
    return List.of(List.of("stem."), List.of("stages."), List.of("head."));
  }

  @Override
  public String describe() {
    StringBuilder text = new StringBuilder("XResNet-").append(depth);
    if (widen != 1) {
      text.append(", ").append(Check.number(widen)).append(" times as wide");
    }
    if (activation != Activation.RELU) {
      text.append(", ").append(activation.describe());
    }
    text.append(squeezeExcite ? ", squeeze-and-excitation" : "");
    text.append(selfAttention ? ", self-attention" : "");
    text.append(blurPool ? ", blur-pool" : "");
    text.append(dropout > 0 ? ", dropout of " + Check.number(dropout) : "");
    text.append(
        stochasticDepth > 0 ? ", stochastic depth up to " + Check.number(stochasticDepth) : "");
    return text.toString();
  }
}
