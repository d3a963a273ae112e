package dev.leaven.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.BatchNorm;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.LayerScale;
import dev.leaven.runtime.nn.Layers;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** By a file that {@code src/test/python/pytorch_models.py weights} wrote. */
@Tag("slow")
class PretrainedWeightsTest {

  private static final Path FILE = Path.of("src/test/resources/pytorch/small.safetensors");

  /** The script's {@code SmallNet}. */
  record SmallNet() implements Architecture {
    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      Operand<TFloat32> x = layers.apply("conv1", new Convolution(4, 3).stride(2), images);
      x = layers.apply(Activation.RELU, layers.apply("bn1", new BatchNorm(), x));
      Operand<TFloat32> y =
          layers.apply("depthwise", new Convolution(4, 3).groups(4).withBias(), x);
      y = layers.apply("layer_scale", new LayerScale(1), y);
      x = layers.tf().math.add(x, y);
      return layers.apply("fc", new Dense(classes), layers.apply(new GlobalAveragePool(), x));
    }

    @Override
    public List<List<String>> parameterGroups() {
      return List.of(List.of("conv1.", "bn1.", "depthwise.", "layer_scale"), List.of("fc."));
    }

    @Override
    public String describe() {
      return "a small net";
    }
  }

  private static double[] logits(PretrainedWeights weights, float[] images, int channels) {
    try (GraphRun run = new GraphRun()) {
      Variables variables = new Variables(run.tf());
      Operand<TFloat32> logits =
          new SmallNet()
              .logits(
                  new Layers(run.tf(), variables, false),
                  GraphRun.array(run.tf(), images, 2, 8, 8, channels),
                  channels,
                  5);
      run.initialize(variables, 1);
      variables.assign(run.session(), weights.values());
      return run.fetch(logits);
    }
  }

  private static void areInTheFile(String name, double[] logits) throws IOException {
    FloatBuffer expected = SafeTensors.readWeights(FILE).values().get(name);
    assertThat(logits).hasSize(10);
    for (int i = 0; i < logits.length; i++) {
      // Sums of some tens of float32 products near 1.
      assertThat(logits[i]).isCloseTo(expected.get(i), within(2e-6));
    }
  }

  @Test
  void givesPyTorchsLogits() throws IOException {
    PretrainedWeights weights = PretrainedWeights.read(FILE, new SmallNet(), 3, 5);
    assertThat(weights.missing()).isEmpty();
    assertThat(weights.head()).isEmpty();
    assertThat(weights.reshaped()).isEmpty();
    assertThat(weights.unexpected()).containsExactly("logits", "logits.grey");
    assertThat(weights.describe()).isEqualTo("not in the model: logits, logits.grey");
    areInTheFile("logits", logits(weights, PyTorchNumbers.images(0, 2, 8, 3), 3));
  }

  @Test
  void greyImagesAreSeenAsColourImagesOfThreeEqualChannels() throws IOException {
    float[] colour = PyTorchNumbers.images(0, 2, 8, 3);
    float[] grey = new float[colour.length / 3];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = colour[3 * i];
    }
    areInTheFile(
        "logits.grey", logits(PretrainedWeights.read(FILE, new SmallNet(), 1, 5), grey, 1));
  }

  @Test
  void otherNumbersOfChannelsAreAdaptedAsInFastai() throws IOException {
    float[] three = first(PretrainedWeights.read(FILE, new SmallNet(), 3, 5));
    float[] two = first(PretrainedWeights.read(FILE, new SmallNet(), 2, 5));
    float[] four = first(PretrainedWeights.read(FILE, new SmallNet(), 4, 5));
    for (int k = 0; k < 9; k++) {
      for (int o = 0; o < 4; o++) {
        for (int c = 0; c < 4; c++) {
          float weight = c < 3 ? three[(k * 3 + c) * 4 + o] : 0;
          assertThat(four[(k * 4 + c) * 4 + o]).isEqualTo(weight);
          if (c < 2) {
            assertThat(two[(k * 2 + c) * 4 + o]).isEqualTo(1.5f * weight);
          }
        }
      }
    }
  }

  private static float[] first(PretrainedWeights weights) {
    return weights.values().get("conv1.weight").array();
  }

  @Test
  void aHeadForOtherClassesBeginsAnew() throws IOException {
    PretrainedWeights weights = PretrainedWeights.read(FILE, new SmallNet(), 3, 7);
    assertThat(weights.head()).containsExactly("fc.weight", "fc.bias");
    assertThat(weights.values()).doesNotContainKey("fc.weight").containsKey("conv1.weight");
    assertThat(weights.describe())
        .isEqualTo(
            "begin anew for other classes: fc.weight, fc.bias;"
                + " not in the model: logits, logits.grey");
  }

  record WiderNet() implements Architecture {
    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      Operand<TFloat32> x = layers.apply("conv1", new Convolution(6, 3).stride(2), images);
      x = layers.apply("bn1", new BatchNorm(), x);
      return layers.apply("out", new Dense(classes), layers.apply(new GlobalAveragePool(), x));
    }

    @Override
    public String describe() {
      return "a wider net";
    }
  }

  @Test
  void saysWhatIsOfAnotherShape() throws IOException {
    assertThatThrownBy(() -> PretrainedWeights.read(FILE, new WiderNet(), 3, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            FILE
                + " has no weights of a wider net: conv1.weight is [4, 3, 3, 3] in the file and"
                + " [6, 3, 3, 3] in the model");
    assertThatThrownBy(() -> PretrainedWeights.read(FILE, new MobileNetV2(), 3, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            FILE
                + " has no weights of MobileNetV2: the model begins with features.0.0.weight, the"
                + " file with layer_scale");
  }

  static List<Architecture> models() {
    return Models.names().stream().map(Models::named).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyVariableIsInOneGroup(Architecture model) {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Variables variables = new Variables(tf);
      Placeholder<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, 3)));
      model.logits(new Layers(tf, variables, false), images, 3, 7);
      Map<Integer, Integer> sizes = new HashMap<>();
      for (Variable variable : variables.all()) {
        List<List<String>> in =
            model.parameterGroups().stream()
                .filter(group -> group.stream().anyMatch(variable.name()::startsWith))
                .toList();
        assertThat(in).as(variable.name()).hasSize(1);
        sizes.merge(model.parameterGroups().indexOf(in.get(0)), 1, Integer::sum);
      }
      assertThat(sizes).hasSize(model.parameterGroups().size());
      assertThat(variables.all())
          .filteredOn(v -> model.head().stream().anyMatch(v.name()::startsWith))
          .extracting(v -> v.shape().get(v.shape().numDimensions() - 1))
          .containsExactly(7L, 7L);
    }
  }
}
