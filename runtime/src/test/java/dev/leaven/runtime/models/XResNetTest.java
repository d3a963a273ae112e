package dev.leaven.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.nn.Layers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

@Tag("slow")
class XResNetTest {

  private static Variables build(Graph graph, int depth, int channels, int classes) {
    Ops tf = GraphOps.of(graph);
    Variables variables = new Variables(tf);
    new XResNet(depth)
        .logits(new Layers(tf, variables, true), images(tf, channels), channels, classes);
    return variables;
  }

  private static Placeholder<TFloat32> images(Ops tf, int channels) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, channels)));
  }

  private static double[] logits(
      GraphRun run, Operand<TFloat32> logits, Operand<TFloat32> images, int side, int channels) {
    Shape shape = Shape.of(2, side, side, channels);
    float[] values = GraphRun.numbers(side, (int) shape.size());
    try (Feeds feeds = new Feeds().make(images, TFloat32.tensorOf(shape, DataBuffers.of(values)))) {
      return run.fetch(feeds, List.of(logits)).get(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "18, 10, 11200874, 22",
    "34, 10, 21309034, 38",
    "50, 10, 23547754, 55",
    "50, 1000, 25576264, 55",
    // torchvision's 44,549,160 for ResNet-101, less its stem of 9,536, plus this one of 28,768.
    "101, 1000, 44568392, 106",
  })
  void hasAsManyParametersAsFastais(int depth, int classes, long parameters, int convolutions) {
    try (Graph graph = new Graph()) {
      Variables variables = build(graph, depth, 3, classes);
      assertThat(
              variables.of(Variable.Kind::trained).stream().mapToLong(v -> v.shape().size()).sum())
          .isEqualTo(parameters);
      assertThat(variables.all().stream().filter(v -> v.name().endsWith("conv.weight")))
          .hasSize(convolutions);
    }
  }

  @Test
  void decaysConvolutionsAndTheHeadOnly() {
    try (Graph graph = new Graph()) {
      assertThat(build(graph, 50, 3, 10).of(kind -> kind == Variable.Kind.WEIGHT))
          .allMatch(v -> v.name().endsWith(".conv.weight") || v.name().equals("head.weight"))
          .hasSize(56);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void takesImagesOfAnySizeAndChannels(int channels) {
    try (GraphRun run = new GraphRun()) {
      Variables variables = new Variables(run.tf());
      Operand<TFloat32> images = images(run.tf(), channels);
      Operand<TFloat32> training =
          new XResNet(18).logits(new Layers(run.tf(), variables, true), images, channels, 7);
      Operand<TFloat32> inference =
          new XResNet(18).logits(new Layers(run.tf(), variables, false), images, channels, 7);
      assertThat(training.shape().asArray()).containsExactly(-1, 7);
      run.initialize(variables, 1);
      for (int side : new int[] {16, 28, 33, 64}) {
        for (Operand<TFloat32> branch : List.of(training, inference)) {
          double[] logits = logits(run, branch, images, side, channels);
          assertThat(logits).hasSize(2 * 7);
          assertThat(Arrays.stream(logits)).allMatch(Double::isFinite);
          assertThat(logits[0]).as("images differ").isNotEqualTo(logits[7]);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"18, convs.1", "50, convs.2"})
  void everyBlockBeginsAsItsShortcut(int depth, String last) {
    try (GraphRun run = new GraphRun()) {
      Variables variables = new Variables(run.tf());
      Operand<TFloat32> images = images(run.tf(), 3);
      Operand<TFloat32> y =
          new XResNet(depth).logits(new Layers(run.tf(), variables, false), images, 3, 10);
      run.initialize(variables, 1);
      double[] logits = logits(run, y, images, 32, 3);

      List<Variable> zero =
          variables.all().stream().filter(v -> v.name().endsWith(last + ".norm.weight")).toList();
      assertThat(zero).hasSize(depth == 18 ? 8 : 16);
      List<Variable> norms =
          variables.all().stream().filter(v -> v.name().endsWith(".norm.weight")).toList();
      List<Operand<?>> reads = norms.stream().<Operand<?>>map(v -> v.read(run.tf())).toList();
      List<double[]> scales = run.fetch(Map.of(), reads);
      for (int i = 0; i < norms.size(); i++) {
        assertThat(scales.get(i)).containsOnly(zero.contains(norms.get(i)) ? 0 : 1);
      }

      List<Variable> branches =
          variables.all().stream().filter(v -> v.name().matches(".*convs.*conv.weight")).toList();
      run.session().run(variables.initialize(branches, 2));
      assertThat(logits(run, y, images, 32, 3)).isEqualTo(logits);
      List<Variable> stem =
          variables.all().stream().filter(v -> v.name().equals("stem.2.conv.weight")).toList();
      run.session().run(variables.initialize(stem, 2));
      assertThat(logits(run, y, images, 32, 3)).isNotEqualTo(logits);
    }
  }

  @Test
  void refusesADepthThatDoesNotExist() {
    assertThatThrownBy(() -> new XResNet(20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("xresnet: depth must be 18, 34, 50 or 101, but is 20");
  }

  /** A recipe's hash is that of its text: what is not said must not be in it. */
  @Test
  void saysOnlyTheOptionsThatWereChosen() {
    assertThat(TechniqueJson.write(new XResNet(50)))
        .isEqualTo("{\"technique\":\"XResNet\",\"depth\":50}");
    assertThat(TechniqueJson.write(new XResNet(18).mish().dropout(0.1)))
        .isEqualTo(
            "{\"technique\":\"XResNet\",\"activation\":\"MISH\",\"depth\":18,\"dropout\":0.1}");
    assertThat(TechniqueJson.read("{\"technique\":\"XResNet\",\"depth\":50}", Architecture.class))
        .isEqualTo(new XResNet(50));
  }

  @Test
  void readsTheNamesOfRecipesWrittenBefore() {
    String json =
        "{\"technique\":\"XResNet\",\"depth\":18,\"squeezes\":true,\"attends\":true,\"blurs\":true}";
    assertThat(TechniqueJson.read(json, Architecture.class))
        .isEqualTo(new XResNet(18).withSqueezeExcite().withSelfAttention().withBlurPool());
  }

  @Test
  void refusesOptionsOutsideTheirRange() {
    assertThatThrownBy(() -> new XResNet(50).widen(0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("xresnet: widen must be between 0.125 and 8, but is 0.1");
    assertThatThrownBy(() -> new XResNet(18).widen(0.2).withSqueezeExcite())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("xresnet: squeezeExcite needs blocks of 16 channels or more, but widen is 0.2");
  }
}
