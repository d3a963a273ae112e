package dev.leaven.runtime.nn;

import dev.leaven.runtime.graph.GradientCheck;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Every layer's gradient by its input and by its weights, against central differences. */
class LayersGradientTest {

  private static void check(
      float[] input, long[] shape, BiFunction<Layers, Operand<TFloat32>, Operand<TFloat32>> layer) {
    try (GraphRun run = new GraphRun()) {
      Variables variables = new Variables(run.tf());
      Layers layers = new Layers(run.tf(), variables, true);
      Operand<TFloat32> x = GraphRun.array(run.tf(), input, shape);
      Operand<TFloat32> y = layer.apply(layers, x);
      if (!variables.all().isEmpty()) {
        run.initialize(variables, 3);
      }
      List<Operand<TFloat32>> inputs = new ArrayList<>(List.of(x));
      inputs.addAll(layers.trained().values());
      GradientCheck.check(run, y, inputs);
    }
  }

  private static void check(
      int height, int width, BiFunction<Layers, Operand<TFloat32>, Operand<TFloat32>> layer) {
    check(apart(2 * height * width * 2), new long[] {2, height, width, 2}, layer);
  }

  /**
   * Numbers from -1 to 1 without zero, all further from each other than two steps of the check, so
   * that no step reaches over a kink.
   */
  private static float[] apart(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      // 37 has no factor in common with the counts here: every number comes once, in disorder.
      numbers[i] = (2f * ((i * 37) % count) + 1) / count - 1;
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 5, 6",
    "3, 1, 5, 6",
    "3, 2, 6, 8",
    "3, 2, 5, 7",
  })
  void convolution(int kernel, int stride, int height, int width) {
    check(
        height,
        width,
        (layers, x) -> layers.apply("conv", new Convolution(3, kernel).stride(stride), x));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0})
  void batchNorm(double scale) {
    check(
        4,
        5,
        (layers, x) ->
            // A scale of zero hides the input, so that another path must show it.
            layers
                .tf()
                .math
                .add(
                    layers.apply("norm", new BatchNorm().scale(scale), x),
                    layers.apply(Activation.RELU, x)));
  }

  @Test
  void relu() {
    check(5, 6, (layers, x) -> layers.apply(Activation.RELU, x));
  }

  @ParameterizedTest
  @CsvSource({"6, 8", "5, 7"})
  void maxPool(int height, int width) {
    check(height, width, (layers, x) -> layers.apply(new MaxPool(3).stride(2), x));
  }

  @ParameterizedTest
  @CsvSource({"6, 8", "5, 7"})
  void averagePool(int height, int width) {
    check(height, width, (layers, x) -> layers.apply(new AveragePool(), x));
  }

  @Test
  void globalAveragePool() {
    check(5, 7, (layers, x) -> layers.apply(new GlobalAveragePool(), x));
  }

  @Test
  void dense() {
    check(apart(10), new long[] {2, 5}, (layers, x) -> layers.apply("head", new Dense(3), x));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 3, 1, 1",
    "2, 3, 2, 1",
    "1, 4, 4, 0",
    "1, 2, 2, 0",
    "1, 3, 1, 0",
  })
  void convolutionsOfOtherShapes(int groups, int kernel, int stride, int padding) {
    check(
        8,
        8,
        (layers, x) ->
            layers.apply(
                "conv",
                new Convolution(4, kernel)
                    .stride(stride)
                    .padding(padding)
                    .groups(groups)
                    .withBias(),
                x));
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "3, 2", "7, 1"})
  void depthwiseConvolution(int kernel, int stride) {
    check(
        6,
        7,
        (layers, x) ->
            layers.apply("conv", new Convolution(2, kernel).groups(2).stride(stride), x));
  }

  @Test
  void layerNorm() {
    // Of two channels the norm would be a step: its gradient would be almost nothing.
    check(
        apart(2 * 3 * 4 * 6),
        new long[] {2, 3, 4, 6},
        (layers, x) -> layers.apply("norm", new LayerNorm(), x));
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activation(Activation activation) {
    check(5, 6, (layers, x) -> layers.apply(activation, x));
  }

  @Test
  void reluThatEndsAtSix() {
    // The inputs are apart by 1/60 of 9, more than two steps, and none is 6.
    float[] x = apart(60);
    for (int i = 0; i < x.length; i++) {
      x[i] = 9 * x[i] + 0.01f;
    }
    check(x, new long[] {2, 5, 6}, (layers, y) -> layers.apply(Activation.RELU6, y));
  }

  @Test
  void globalMaxPool() {
    check(5, 7, (layers, x) -> layers.apply(new GlobalMaxPool(), x));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void blur(int stride) {
    check(5, 6, (layers, x) -> layers.apply(new BlurPool(stride), x));
  }

  @Test
  void scale() {
    check(3, 4, (layers, x) -> layers.apply("scale", new LayerScale(0.5), x));
  }

  @Test
  void denseAtEachPosition() {
    check(
        3, 4, (layers, x) -> layers.apply("dense", new Dense(3).weights(Initializer.normal(1)), x));
  }

  @Test
  void squeezeExcite() {
    check(
        apart(2 * 2 * 3 * 16),
        new long[] {2, 2, 3, 16},
        (layers, x) -> layers.apply("se", new SqueezeExcite(Activation.MISH), x));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dropoutAndStochasticDepth(boolean depth) {
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Variables variables = new Variables(tf);
      Layers layers = new Layers(tf, variables, Randomness.of(tf, 5, tf.constant(7L)));
      // The mask's shape is that of something that depends on the weights, as in a model.
      Operand<TFloat32> x =
          layers.apply(
              "conv", new Convolution(2, 1), GraphRun.array(tf, apart(8 * 3 * 4 * 2), 8, 3, 4, 2));
      Operand<TFloat32> y =
          depth
              ? layers.apply("block", new StochasticDepth(0.5), x)
              : layers.apply("drop", new Dropout(0.5), x);
      run.initialize(variables, 3);
      GradientCheck.check(run, y, List.copyOf(layers.trained().values()));
    }
  }

  /** The power iteration is no part of the gradient, so only inference can be compared. */
  @Test
  void selfAttention() {
    try (GraphRun run = new GraphRun()) {
      Variables variables = new Variables(run.tf());
      Layers layers = new Layers(run.tf(), variables, false);
      Operand<TFloat32> x = GraphRun.array(run.tf(), apart(2 * 2 * 3 * 4), 2, 2, 3, 4);
      Operand<TFloat32> y = layers.apply("attention", new SelfAttention(), x);
      run.initialize(variables, 3);
      Map<String, FloatBuffer> values = new HashMap<>();
      for (Variable variable : variables.all()) {
        values.put(variable.name(), FloatBuffer.allocate((int) variable.shape().size()));
      }
      values.put("attention.gamma", FloatBuffer.wrap(new float[] {0.5f}));
      values.put(
          "attention.conv.weight_orig",
          FloatBuffer.wrap(
              new float[] {1, .2f, 0, -.1f, .3f, 1.5f, .1f, 0, 0, .4f, -1, .2f, .1f, 0, .3f, 2}));
      // Far from a right angle, so that the singular value's estimate is not near zero.
      float[] direction = {.1f, .2f, .1f, .97f};
      values.put("attention.conv.weight_u", FloatBuffer.wrap(direction));
      values.put("attention.conv.weight_v", FloatBuffer.wrap(direction));
      variables.assign(run.session(), values);
      List<Operand<TFloat32>> inputs = new ArrayList<>(List.of(x));
      inputs.addAll(layers.trained().values());
      GradientCheck.check(run, y, inputs);
    }
  }

  @Test
  void aResidualBlockThatKeepsItsSize() {
    check(
        3,
        4,
        (layers, x) -> {
          Operand<TFloat32> branch = layers.apply("a", new Convolution(2, 3), x);
          branch = layers.apply(Activation.RELU, layers.apply("an", new BatchNorm(), branch));
          branch =
              layers.apply(
                  "bn",
                  new BatchNorm().scale(0.7),
                  layers.apply("b", new Convolution(2, 3), branch));
          return layers.apply(Activation.RELU, layers.tf().math.add(branch, x));
        });
  }

  @Test
  void aResidualBlockThatShrinks() {
    check(
        5,
        6,
        (layers, x) -> {
          Operand<TFloat32> branch = layers.apply("a", new Convolution(2, 1), x);
          branch = layers.apply(Activation.RELU, layers.apply("an", new BatchNorm(), branch));
          branch =
              layers.apply(
                  "bn",
                  new BatchNorm().scale(0.7),
                  layers.apply("b", new Convolution(3, 3).stride(2), branch));
          Operand<TFloat32> shortcut =
              layers.apply(
                  "sn",
                  new BatchNorm(),
                  layers.apply("s", new Convolution(3, 1), layers.apply(new AveragePool(), x)));
          return layers.apply(
              "head",
              new Dense(4),
              layers.apply(
                  new GlobalAveragePool(),
                  layers.apply(Activation.RELU, layers.tf().math.add(branch, shortcut))));
        });
  }
}
