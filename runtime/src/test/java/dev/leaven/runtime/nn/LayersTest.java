package dev.leaven.runtime.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class LayersTest {

  private static final int CHANNELS = 3;

  private final GraphRun run = new GraphRun();
  private final Variables variables = new Variables(run.tf());

  @AfterEach
  void close() {
    run.close();
  }

  private Layers layers(boolean training) {
    return new Layers(run.tf(), variables, training);
  }

  private Operand<TFloat32> constant(Reference.Array array) {
    float[] floats = new float[array.values().length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.values()[i];
    }
    return GraphRun.array(
        run.tf(), floats, array.batch(), array.height(), array.width(), array.channels());
  }

  private static Reference.Array images(int height, int width) {
    return Reference.Array.of(
        GraphRun.numbers(height * 100 + width, 2 * height * width * CHANNELS),
        2,
        height,
        width,
        CHANNELS);
  }

  private static void close(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      // Sums of at most 27 products of numbers near 1, each rounded by 6e-8.
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(3e-6));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 5, 6",
    "3, 1, 5, 6",
    "3, 2, 6, 8",
    "3, 2, 5, 7",
    "3, 2, 1, 2",
    "1, 2, 5, 6",
  })
  void aConvolutionPadsBothSidesAlike(int kernel, int stride, int height, int width) {
    Reference.Array images = images(height, width);
    Operand<TFloat32> y =
        layers(true).apply("conv", new Convolution(4, kernel).stride(stride), constant(images));
    run.initialize(variables, 1);
    double[] weight = run.fetch(variables.all().iterator().next().read(run.tf()));
    close(run.fetch(y), Reference.convolution(images, weight, 4, kernel, stride).values());
  }

  @ParameterizedTest
  @CsvSource({"6, 8", "5, 7", "1, 2"})
  void aMaxPoolIgnoresItsPadding(int height, int width) {
    Reference.Array images = images(height, width);
    for (int i = 0; i < images.values().length; i++) {
      images.values()[i] = (float) (images.values()[i] - 1.5);
    }
    assertThat(run.fetch(layers(true).apply(new MaxPool(3).stride(2), constant(images))))
        .isEqualTo(Reference.maxPool(images).values());
  }

  @ParameterizedTest
  @CsvSource({"6, 8", "5, 7", "1, 2"})
  void anAveragePoolAveragesWhatItsWindowsHold(int height, int width) {
    Reference.Array images = images(height, width);
    close(
        run.fetch(layers(true).apply(new AveragePool(), constant(images))),
        Reference.averagePool(images).values());
  }

  @Test
  void aFrozenNormTrainsAsItInfers() {
    Reference.Array images = images(3, 4);
    Layers layers =
        new Layers(
            run.tf(),
            variables,
            Randomness.of(run.tf(), 1, run.tf().constant(0L)),
            "frozen"::equals);
    Operand<TFloat32> x = constant(images);
    Operand<TFloat32> y = layers.apply("frozen", new BatchNorm(), x);
    float[] slopes = GraphRun.numbers(9, images.values().length);
    Operand<TFloat32> loss =
        run.tf().math.mul(y, GraphRun.array(run.tf(), slopes, 2, 3, 4, CHANNELS));
    Operand<?> gradient =
        run.graph().addGradients(loss.asOutput(), new org.tensorflow.Output<?>[] {x.asOutput()})[0];
    run.initialize(variables, 1);
    float[] scale = {1.5f, -0.5f, 2};
    float[] shift = {0.25f, 0, -1};
    float[] mean = {0.1f, -0.3f, 0.2f};
    float[] variance = {0.5f, 2, 0.25f};
    assign(
        Map.of(
            "frozen.weight", scale,
            "frozen.bias", shift,
            "frozen.running_mean", mean,
            "frozen.running_var", variance));
    double[] expected = new double[slopes.length];
    double[] expectedGradient = new double[slopes.length];
    for (int i = 0; i < slopes.length; i++) {
      int c = i % CHANNELS;
      double slope = scale[c] / Math.sqrt(variance[c] + 1e-5);
      expected[i] = (images.values()[i] - mean[c]) * slope + shift[c];
      expectedGradient[i] = slopes[i] * slope;
    }
    close(run.fetch(y), expected);
    close(run.fetch(gradient), expectedGradient);
    assertThat(layers.updates()).isEmpty();
    layers.apply("other", new BatchNorm(), x);
    assertThat(layers.updates()).hasSize(2);
  }

  @Test
  void aGlobalAveragePoolIsTheMeanOfEachChannel() {
    Reference.Array images = images(5, 7);
    double[] pooled = run.fetch(layers(true).apply(new GlobalAveragePool(), constant(images)));
    double[] expected = new double[2 * CHANNELS];
    for (int i = 0; i < images.values().length; i++) {
      expected[i / (5 * 7 * CHANNELS) * CHANNELS + i % CHANNELS] += images.values()[i] / 35;
    }
    close(pooled, expected);
  }

  @Test
  void aDenseLayerMultipliesAndAdds() {
    float[] x = GraphRun.numbers(1, 2 * 3);
    Operand<TFloat32> y =
        layers(true).apply("head", new Dense(4), GraphRun.array(run.tf(), x, 2, 3));
    run.initialize(variables, 1);
    assign(Map.of("head.bias", new float[] {1, 2, 3, 4}));
    double[] weight = run.fetch(variables.all().iterator().next().read(run.tf()));
    double[] expected = new double[8];
    for (int n = 0; n < 2; n++) {
      for (int o = 0; o < 4; o++) {
        expected[n * 4 + o] = o + 1;
        for (int i = 0; i < 3; i++) {
          expected[n * 4 + o] += x[n * 3 + i] * weight[i * 4 + o];
        }
      }
    }
    close(run.fetch(y), expected);
    assertThat(variables.of(kind -> kind == Variable.Kind.WEIGHT))
        .extracting(Variable::name)
        .containsExactly("head.weight");
  }

  private void assign(Map<String, float[]> changed) {
    Map<String, FloatBuffer> values = new HashMap<>();
    try (Variables.Snapshot snapshot = variables.snapshot(run.session())) {
      snapshot.variables().forEach(v -> values.put(v.name(), FloatBuffer.wrap(snapshot.value(v))));
    }
    changed.forEach((name, value) -> values.put(name, FloatBuffer.wrap(value)));
    variables.assign(run.session(), values);
  }

  @Test
  void aBatchNormTrainsOnTheBatchAndRemembersATenthOfIt() {
    Reference.Array images = images(4, 5);
    Layers layers = layers(true);
    Operand<TFloat32> y = layers.apply("norm", new BatchNorm(), constant(images));
    run.initialize(variables, 1);
    float[] scale = {0.5f, 2, -1};
    float[] shift = {1, 0, -2};
    assign(
        Map.of(
            "norm.weight",
            scale,
            "norm.bias",
            shift,
            "norm.running_mean",
            new float[] {1, 2, 3},
            "norm.running_var",
            new float[] {4, 5, 6}));
    double[] expected = new double[images.values().length];
    int each = expected.length / CHANNELS;
    for (int i = 0; i < expected.length; i++) {
      int c = i % CHANNELS;
      // Normalised by the biased variance.
      double deviation = Math.sqrt(Reference.squares(images, c) / each + 1e-5);
      expected[i] =
          (images.values()[i] - Reference.mean(images, c)) / deviation * scale[c] + shift[c];
    }
    close(run.fetch(y), expected);
    assertThat(run.fetch(read("norm.running_mean"))).containsExactly(1, 2, 3);

    run.session().run(Variables.group(run.tf(), layers.updates()));
    double[] mean = new double[CHANNELS];
    double[] variance = new double[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      mean[c] = 0.9 * (c + 1) + 0.1 * Reference.mean(images, c);
      // Remembered without bias.
      variance[c] = 0.9 * (c + 4) + 0.1 * Reference.squares(images, c) / (each - 1);
    }
    close(run.fetch(read("norm.running_mean")), mean);
    close(run.fetch(read("norm.running_var")), variance);
  }

  private Operand<TFloat32> read(String name) {
    return variables.all().stream()
        .filter(v -> v.name().equals(name))
        .findFirst()
        .orElseThrow()
        .read(run.tf());
  }

  @Test
  void aBatchNormInfersWithWhatItRemembers() {
    Reference.Array images = images(4, 5);
    Layers layers = layers(false);
    Operand<TFloat32> y = layers.apply("norm", new BatchNorm(), constant(images));
    run.initialize(variables, 1);
    assign(
        Map.of(
            "norm.weight", new float[] {0.5f, 2, -1},
            "norm.bias", new float[] {1, 0, -2},
            "norm.running_mean", new float[] {0.1f, -0.2f, 0},
            "norm.running_var", new float[] {0.25f, 1, 4}));
    double[] mean = {0.1f, -0.2f, 0};
    double[] variance = {0.25, 1, 4};
    double[] scale = {0.5, 2, -1};
    double[] shift = {1, 0, -2};
    double[] expected = new double[images.values().length];
    for (int i = 0; i < expected.length; i++) {
      int c = i % CHANNELS;
      expected[i] =
          (images.values()[i] - mean[c]) / Math.sqrt(variance[c] + 1e-5) * scale[c] + shift[c];
    }
    close(run.fetch(y), expected);
    assertThat(layers.updates()).isEmpty();
  }

  @Test
  void branchesShareTheirVariables() {
    Reference.Array images = images(4, 5);
    for (boolean training : new boolean[] {true, false}) {
      Layers layers = layers(training);
      Operand<TFloat32> x = layers.apply("conv", new Convolution(CHANNELS, 3), constant(images));
      layers.apply("norm", new BatchNorm().scale(0), x);
      assertThat(layers.trained().keySet())
          .extracting(Variable::name)
          .containsExactly("conv.weight", "norm.weight", "norm.bias");
    }
    assertThat(variables.all())
        .extracting(v -> v.name() + " " + v.kind())
        .isEqualTo(
            List.of(
                "conv.weight WEIGHT",
                "norm.weight UNDECAYED",
                "norm.bias UNDECAYED",
                "norm.running_mean STATISTIC",
                "norm.running_var STATISTIC"));
  }

  private Layers random(long step) {
    return new Layers(run.tf(), variables, Randomness.of(run.tf(), 5, run.tf().constant(step)));
  }

  @Test
  void dropoutLeavesOutItsShareAndKeepsTheMean() {
    int count = 20_000;
    Operand<TFloat32> x = GraphRun.array(run.tf(), GraphRun.numbers(1, count), 100, count / 100);
    double[] before = run.fetch(x);
    double[] after = run.fetch(random(1).apply("drop", new Dropout(0.25), x));
    int zeros = 0;
    for (int i = 0; i < count; i++) {
      if (after[i] == 0) {
        zeros++;
      } else {
        assertThat(after[i]).isCloseTo(before[i] / 0.75, within(1e-6));
      }
    }
    // Binomial: a standard deviation of √(0.25·0.75·count) = 61.
    assertThat(zeros).isBetween(count / 4 - 250, count / 4 + 250);
    assertThat(run.fetch(random(1).apply("drop", new Dropout(0.25), x))).isEqualTo(after);
    assertThat(run.fetch(random(2).apply("drop", new Dropout(0.25), x))).isNotEqualTo(after);
    assertThat(run.fetch(random(1).apply("other", new Dropout(0.25), x))).isNotEqualTo(after);
    assertThat(run.fetch(layers(false).apply("drop", new Dropout(0.25), x))).isEqualTo(before);
  }

  @Test
  void stochasticDepthLeavesOutWholeImages() {
    int images = 2000;
    float[] ones = new float[images * 6];
    Arrays.fill(ones, 1);
    Operand<TFloat32> x = GraphRun.array(run.tf(), ones, images, 1, 2, 3);
    double[] after = run.fetch(random(1).apply("block", new StochasticDepth(0.2), x));
    int left = 0;
    for (int i = 0; i < images; i++) {
      double[] image = Arrays.copyOfRange(after, i * 6, (i + 1) * 6);
      assertThat(image).containsOnly(image[0]);
      left += image[0] == 0 ? 1 : 0;
      assertThat(image[0] == 0 || Math.abs(image[0] - 1.25) < 1e-6).isTrue();
    }
    // A standard deviation of √(0.2·0.8·images) = 18.
    assertThat(left).isBetween(images / 5 - 75, images / 5 + 75);
    assertThat(run.fetch(layers(false).apply("block", new StochasticDepth(0.2), x)))
        .containsOnly(1);
  }

  @Test
  void randomLayersAreRefusedWithoutRandomness() {
    Operand<TFloat32> x = GraphRun.array(run.tf(), new float[4], 1, 4);
    assertThat(layers(true).apply("drop", new Dropout(0), x)).isSameAs(x);
    assertThatThrownBy(() -> layers(true).apply("drop", new Dropout(0.5), x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "dropout drop needs random numbers to train: make the layers with a Randomness");
    assertThatThrownBy(() -> layers(true).apply("drop", new Dropout(1), x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dropout: rate must be between 0 and 0.999999, but is 1");
  }

  // Values of PyTorch's functional.mish, silu and gelu at -2, -0.5 and 3.
  @ParameterizedTest
  @CsvSource({
    "RELU, 0, 0, 3",
    "RELU6, 0, 0, 3",
    "MISH, -0.25250148, -0.22074377, 2.98653500",
    "SILU, -0.23840584, -0.18877033, 2.85772238",
    "GELU, -0.04550026, -0.15426877, 2.99595031",
  })
  void activationsAreTheirFormulas(
      Activation activation, double first, double second, double third) {
    Operand<TFloat32> x = GraphRun.array(run.tf(), new float[] {-2, -.5f, 3}, 3);
    double[] y = run.fetch(activation.apply(run.tf(), x));
    assertThat(run.fetch(activation.applyForTraining(run.tf(), x)))
        .containsExactly(y, within(5e-7));
    // float32 below 4.
    assertThat(y[0]).isCloseTo(first, within(5e-7));
    assertThat(y[1]).isCloseTo(second, within(5e-7));
    assertThat(y[2]).isCloseTo(third, within(5e-7));
  }

  @Test
  void mishOfAnySizeIsFinite() {
    Operand<TFloat32> x = GraphRun.array(run.tf(), new float[] {-1000, -100, 100, 1000}, 4);
    double[] y = run.fetch(Activation.MISH.apply(run.tf(), x));
    assertThat(run.fetch(Activation.MISH.applyForTraining(run.tf(), x)))
        .containsExactly(y, within(1e-5));
    assertThat(y).containsExactly(new double[] {0, 0, 100, 1000}, within(1e-5));
  }

  @Test
  void groupsMustDivideTheChannels() {
    assertThatThrownBy(() -> new Convolution(6, 3).groups(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("convolution: groups must divide the filters, but is 4 for 6");
    Operand<TFloat32> x = GraphRun.array(run.tf(), new float[6], 1, 1, 1, 6);
    assertThatThrownBy(() -> layers(true).apply("conv", new Convolution(8, 3).groups(4), x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("convolution conv: groups must divide the input channels, but is 4 for 6");
  }

  @Test
  void aLayerWithVariablesNeedsAName() {
    Operand<TFloat32> x = GraphRun.array(run.tf(), new float[6], 1, 1, 1, 6);
    assertThatThrownBy(() -> layers(true).apply(new Convolution(8, 3), x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a layer with variables or random numbers needs a name: layers.apply(name, layer, x)");
  }
}
