package dev.leaven.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.graph.GraphAudit;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.loss.SoftTargetCrossEntropy;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.optimize.Adam;
import dev.leaven.runtime.optimize.Optimizer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * A model of ours beside what PyTorch computed for it: the same weights, the same batches.
 *
 * <p>The figures are the largest differences found: absolute for logits, running statistics and
 * losses; for gradients the norm of the difference by the norm of the gradient.
 */
final class PyTorchComparison implements AutoCloseable {

  private static final double LEARNING_RATE = 3e-5;

  private final SafeTensors expected;
  private final GraphRun run = new GraphRun();
  private final Ops tf = run.tf();
  private final Variables variables = new Variables(tf);
  private final int batch;
  private final int classes;
  private final Shape shape;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TFloat32> targets;
  private final Placeholder<TFloat64> count = tf.placeholder(TFloat64.class);
  private final boolean trains;
  private final Operand<TFloat32> evalLogits;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> loss;
  private final Map<Variable, Operand<TFloat32>> gradients = new HashMap<>();
  private final Op statistics;
  private final Op step;

  PyTorchComparison(Path file) throws IOException {
    expected = SafeTensors.read(file);
    Architecture model = TechniqueJson.read(expected.metadata().get("model"), Architecture.class);
    batch = number("batch");
    classes = number("classes");
    int channels = number("channels");
    shape = Shape.of(batch, number("size"), number("size"), channels);
    // The graph must not know what training does not know.
    images = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, channels)));
    targets = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, classes)));
    trains = expected.values().containsKey("losses");

    evalLogits =
        model.logits(
            new Layers(tf.withSubScope("eval"), variables, false), images, channels, classes);
    Layers layers = new Layers(tf.withSubScope("train"), variables, trains);
    logits = model.logits(layers, images, channels, classes);
    loss =
        tf.math.mean(
            new SoftTargetCrossEntropy().perImage(tf, logits, targets), tf.constant(new int[] {0}));
    List<Optimizer.Update> updates = new ArrayList<>();
    Map<Variable, Operand<TFloat32>> reads = layers.trained();
    GraphAudit.check(run.graph(), loss, reads.values(), Precision.FLOAT32);
    Output<?>[] made =
        run.graph()
            .addGradients(
                "gradients",
                new Output<?>[] {loss.asOutput()},
                reads.values().stream().map(Operand::asOutput).toArray(Output<?>[]::new),
                null);
    int i = 0;
    for (Variable variable : reads.keySet()) {
      Output<TFloat32> gradient = made[i++].expect(TFloat32.class);
      gradients.put(variable, gradient);
      updates.add(new Optimizer.Update(variable, gradient));
    }
    statistics = Variables.group(tf, layers.updates());
    List<Op> parts = new ArrayList<>(layers.updates());
    parts.add(
        new Adam()
            .step(
                tf,
                variables,
                updates,
                new Optimizer.StepInputs(tf.constant(LEARNING_RATE), tf.constant(0.9), count)));
    step = Variables.group(tf, parts);
    reset();
  }

  private int number(String name) {
    return Integer.parseInt(expected.metadata().get(name));
  }

  private void reset() {
    run.initialize(variables, 1);
    Map<String, FloatBuffer> values = new HashMap<>();
    for (Variable variable : variables.all()) {
      values.put(
          variable.name(),
          variable.kind() == Variable.Kind.SLOT
              ? FloatBuffer.allocate((int) variable.shape().size())
              : PyTorchNumbers.variable(variable.name(), variable.shape()));
    }
    variables.assign(run.session(), values);
  }

  private Feeds feeds(int step) {
    return new Feeds()
        .put(count, step + 1.0)
        .make(
            images,
            TFloat32.tensorOf(
                shape,
                DataBuffers.of(
                    PyTorchNumbers.images(step, batch, number("size"), number("channels")))))
        .make(
            targets,
            TFloat32.tensorOf(
                Shape.of(batch, classes),
                DataBuffers.of(PyTorchNumbers.targets(step, batch, classes))));
  }

  private double[] fetch(Operand<TFloat32> operand) {
    try (Feeds feeds = feeds(0)) {
      return run.fetch(feeds, List.of(operand)).get(0);
    }
  }

  private float[] expected(String name) {
    assertThat(expected.values()).containsKey(name);
    FloatBuffer values = expected.values().get(name).duplicate();
    float[] array = new float[values.remaining()];
    values.get(array);
    return array;
  }

  private double difference(double[] actual, String name) {
    float[] wanted = expected(name);
    assertThat(actual).as(name).hasSameSizeAs(wanted);
    double largest = 0;
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as(name).isFinite();
      largest = Math.max(largest, Math.abs(actual[i] - wanted[i]));
    }
    return largest;
  }

  /** With running statistics. */
  double evalLogits() {
    return difference(fetch(evalLogits), "logits.eval");
  }

  /** With the batch's statistics, where the file says so. */
  double logits() {
    return difference(fetch(logits), "logits.train");
  }

  /** The variables of both models are the same. */
  void names() {
    assertThat(gradients.keySet())
        .extracting(variable -> "gradient." + variable.name())
        .containsExactlyInAnyOrderElementsOf(
            expected.values().keySet().stream().filter(n -> n.startsWith("gradient.")).toList());
  }

  /** The relative difference of each variable's gradient, by the variable's name. */
  Map<String, Double> gradients() {
    List<Variable> all = List.copyOf(gradients.keySet());
    List<double[]> actual;
    try (Feeds feeds = feeds(0)) {
      actual = run.fetch(feeds, all.stream().<Operand<?>>map(gradients::get).toList());
    }
    Map<String, Double> differences = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      double difference = gradient(all.get(i).name(), actual.get(i));
      assertThat(difference).as(all.get(i).name()).isFinite();
      differences.put(all.get(i).name(), difference);
    }
    return differences;
  }

  static double worst(Collection<Double> differences) {
    return Collections.max(differences);
  }

  static double median(Collection<Double> differences) {
    return differences.stream().sorted().skip(differences.size() / 2).findFirst().orElseThrow();
  }

  /** Those of the layers after the max pool. */
  static List<Double> afterThePool(Map<String, Double> differences) {
    return differences.entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith("stem."))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** How far PyTorch's own gradients are from those in float64. */
  double gradientRounding() {
    return expected("gradient rounding")[0];
  }

  private double gradient(String name, double[] actual) {
    float[] wanted = expected("gradient." + name);
    if (wanted.length == actual.length && wanted.length > 3) {
      double squares = 0;
      double of = 0;
      for (int i = 0; i < wanted.length; i++) {
        squares += (actual[i] - wanted[i]) * (actual[i] - wanted[i]);
        of += (double) wanted[i] * wanted[i];
      }
      return Math.sqrt(squares / of);
    }
    // Norm, sum and the product with numbers in every direction. A difference d moves the norm by
    // at most |d|, the product by about |d|/√3, and the sum, if it has no direction, by about |d|.
    double[] directions = PyTorchNumbers.uniform("direction." + name, actual.length);
    double squares = 0;
    double sum = 0;
    double product = 0;
    for (int i = 0; i < actual.length; i++) {
      squares += actual[i] * actual[i];
      sum += actual[i];
      product += actual[i] * directions[i];
    }
    double largest =
        Math.max(
            Math.abs(Math.sqrt(squares) - wanted[0]),
            Math.max(Math.abs(sum - wanted[1]), Math.abs(product - wanted[2])));
    return largest / wanted[0];
  }

  /** After one batch. */
  double statistics() {
    try (Feeds feeds = feeds(0)) {
      run.run(feeds, statistics);
    }
    double largest = 0;
    try (Variables.Snapshot snapshot = variables.snapshot(run.session())) {
      for (Variable variable : snapshot.variables()) {
        if (variable.kind() == Variable.Kind.STATISTIC) {
          float[] value = snapshot.value(variable);
          double[] doubles = new double[value.length];
          for (int i = 0; i < value.length; i++) {
            doubles[i] = value[i];
          }
          largest = Math.max(largest, difference(doubles, "statistic." + variable.name()));
        }
      }
    }
    reset();
    return largest;
  }

  /** Of as many steps as the file has losses. */
  double losses() {
    float[] wanted = expected("losses");
    double largest = 0;
    for (int i = 0; i < wanted.length; i++) {
      try (Feeds feeds = feeds(i);
          var result = feeds.runner(run.session()).addTarget(step).fetch(loss).run()) {
        double actual = ((TFloat32) result.get(0)).getFloat();
        largest = Math.max(largest, Math.abs(actual - wanted[i]));
      }
    }
    reset();
    return largest;
  }

  @Override
  public void close() {
    run.close();
  }
}
