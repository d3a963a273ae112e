package dev.leaven.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.nio.FloatBuffer;
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
        layers(true).convolution("conv", constant(images), CHANNELS, 4, kernel, stride);
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
    assertThat(run.fetch(layers(true).maxPool(constant(images))))
        .isEqualTo(Reference.maxPool(images).values());
  }

  @ParameterizedTest
  @CsvSource({"6, 8", "5, 7", "1, 2"})
  void anAveragePoolAveragesWhatItsWindowsHold(int height, int width) {
    Reference.Array images = images(height, width);
    close(
        run.fetch(layers(true).averagePool(constant(images))),
        Reference.averagePool(images).values());
  }

  @Test
  void aGlobalAveragePoolIsTheMeanOfEachChannel() {
    Reference.Array images = images(5, 7);
    double[] pooled = run.fetch(layers(true).globalAveragePool(constant(images)));
    double[] expected = new double[2 * CHANNELS];
    for (int i = 0; i < images.values().length; i++) {
      expected[i / (5 * 7 * CHANNELS) * CHANNELS + i % CHANNELS] += images.values()[i] / 35;
    }
    close(pooled, expected);
  }

  @Test
  void aDenseLayerMultipliesAndAdds() {
    float[] x = GraphRun.numbers(1, 2 * 3);
    Operand<TFloat32> y = layers(true).dense("head", GraphRun.array(run.tf(), x, 2, 3), 3, 4);
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
    Operand<TFloat32> y = layers.batchNorm("norm", constant(images), CHANNELS, 1);
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
    Operand<TFloat32> y = layers.batchNorm("norm", constant(images), CHANNELS, 1);
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
      Operand<TFloat32> x = layers.convolution("conv", constant(images), CHANNELS, CHANNELS, 3, 1);
      layers.batchNorm("norm", x, CHANNELS, 0);
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
}
