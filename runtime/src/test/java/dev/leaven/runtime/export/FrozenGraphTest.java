package dev.leaven.runtime.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.Values;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.models.MobileNetV2;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.BatchNorm;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.Layers;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/** Frozen and folded, a graph computes what it computed with variables. */
class FrozenGraphTest {

  private record Shared() implements Architecture {
    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      Operand<TFloat32> x = layers.apply("conv", new Convolution(8, 3).withBias(), images);
      // After a bias, after an activation, and where the convolution is used twice.
      x = layers.apply(Activation.RELU, layers.apply("norm", new BatchNorm(), x));
      x = layers.apply("late", new BatchNorm(), x);
      Operand<TFloat32> twice = layers.apply("twice", new Convolution(8, 3).groups(2), x);
      x = layers.tf().math.add(layers.apply("half", new BatchNorm(), twice), twice);
      return layers.apply("head", new Dense(classes), layers.apply(new GlobalAveragePool(), x));
    }

    @Override
    public String describe() {
      return "norms that cannot be folded";
    }
  }

  private record Grouped() implements Architecture {
    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      Operand<TFloat32> x = layers.apply("conv", new Convolution(8, 3).stride(2), images);
      x = layers.apply("grouped", new Convolution(12, 3).groups(4), x);
      x = layers.apply(Activation.RELU, layers.apply("norm", new BatchNorm(), x));
      return layers.apply("head", new Dense(classes), layers.apply(new GlobalAveragePool(), x));
    }

    @Override
    public String describe() {
      return "a convolution in groups";
    }
  }

  static Stream<Arguments> models() {
    return Stream.of(
        Arguments.of(new XResNet(18), 22, 0),
        Arguments.of(new MobileNetV2(), 52, 0),
        Arguments.of(new Grouped(), 1, 0),
        Arguments.of(new Shared(), 0, 3));
  }

  @ParameterizedTest
  @MethodSource("models")
  void computesWhatTheVariablesDid(Architecture model, int folded, int left) {
    float[] images = GraphRun.numbers(3, 2 * 32 * 32 * 3);
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Variables variables = new Variables(tf);
      Operand<TFloat32> input =
          tf.withName("images").constant(Shape.of(2, 32, 32, 3), DataBuffers.of(images));
      Operand<TFloat32> logits =
          model.logits(new Layers(tf, variables, false).portable(), input, 3, 5);
      Map<String, Weights> values = values(variables);
      variables.prepareAccess();
      GraphDef original = run.graph().toGraphDef();
      Map<String, FloatBuffer> assigned = new HashMap<>();
      values.forEach((name, weights) -> assigned.put(name, FloatBuffer.wrap(weights.values())));
      variables.assign(run.session(), assigned);
      double[] expected = run.fetch(logits);

      FrozenGraph frozen = new FrozenGraph(original, values::get);
      GraphDef graph = frozen.graph(List.of(logits.op().name()), WeightPrecision.FLOAT32, "init");
      assertThat(frozen.folded()).isEqualTo(folded);
      assertThat(graph.getNodeList()).extracting(NodeDef::getOp).doesNotContain("VarHandleOp");
      assertThat(graph.getNodeList())
          .filteredOn(node -> node.getOp().equals("FusedBatchNormV3"))
          .hasSize(left);
      // Any kernels can compute it: what would be groups is multiplied out.
      assertThat(graph.getNodeList().stream().anyMatch(node -> node.getOp().equals("Tile")))
          .isEqualTo(!(model instanceof XResNet || model instanceof MobileNetV2));
      double largest = 0;
      for (double value : expected) {
        largest = Math.max(largest, Math.abs(value));
      }
      float[] answers = run(graph, logits.op().name());
      for (int i = 0; i < answers.length; i++) {
        // Each of up to 52 layers rounds anew.
        assertThat((double) answers[i]).isCloseTo(expected[i], within(2e-5 * largest));
      }
    }
  }

  // Variances of about one keep the signal from vanishing or exploding on its way.
  private static Map<String, Weights> values(Variables variables) {
    Random random = new Random(5);
    Map<String, Weights> values = new HashMap<>();
    for (Variable variable : variables.all()) {
      float[] array = new float[(int) variable.shape().size()];
      long fan = variable.shape().size() / variable.shape().get(-1);
      for (int i = 0; i < array.length; i++) {
        double normal = random.nextGaussian();
        array[i] =
            (float)
                (variable.name().endsWith("running_var")
                    ? 0.5 + random.nextDouble()
                    : variable.shape().numDimensions() == 1
                        ? 1 + 0.3 * normal
                        : normal * Math.sqrt(2.0 / fan));
      }
      values.put(variable.name(), new Weights(variable.shape().asArray(), array));
    }
    return values;
  }

  private static float[] run(GraphDef definition, String output) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          var result = session.runner().fetch(output).run()) {
        return Values.of((TFloat32) result.get(0));
      }
    }
  }

  @Test
  void whatNothingNeedsIsLeftOut() {
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Operand<TFloat32> used = tf.withName("used").constant(new float[] {1});
      tf.withName("unused").constant(2f);
      GraphDef graph =
          new FrozenGraph(run.graph().toGraphDef(), name -> Weights.of(new float[0]))
              .graph(List.of(used.op().name()), WeightPrecision.DYNAMIC, "init");
      assertThat(graph.getNodeList()).extracting(NodeDef::getName).containsExactly("used");
    }
  }
}
