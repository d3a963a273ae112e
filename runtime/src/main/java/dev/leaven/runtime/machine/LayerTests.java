package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.internal.tensorflow.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Computes layers as training computes them and compares them with the same layers in float64, for
 * which TensorFlow has only its plain kernels: the output, the gradients by input and filter, and
 * the output of a convolution followed by a norm and an activation, which inference computes in one
 * kernel.
 *
 * <p>Values are fed, because TensorFlow computes constants in advance, with other kernels. Several
 * layers share a graph, because TensorFlow takes longer to prepare a graph than to run it.
 */
final class LayerTests implements AutoCloseable {

  /**
   * The difference of a layer from float64, relative to the largest value of each result.
   *
   * @param output the difference of the layer's output, also fused with a norm and an activation;
   *     infinite where it is not a number
   * @param gradient the larger difference of the two gradients
   * @param repeated whether a second run gives the same result: unwritten memory is different each
   *     time
   */
  record Deviation(double output, double gradient, boolean repeated) {}

  // The largest effect of the order of a sum.
  private static final double NOISE = 1e-5;

  /** The operands of one layer, with the fed values. */
  private record Operands(
      Map<Placeholder<TFloat32>, TFloat32> fed,
      List<Operand<TFloat32>> results,
      List<Operand<TFloat64>> deviations,
      List<Operand<TFloat64>> fused) {}

  private final Graph graph = new Graph();
  private final Map<LayerShape, Operands> layers = new LinkedHashMap<>();

  LayerTests(List<LayerShape> shapes) {
    this(shapes, (tf, shape) -> new LayerGraph(tf, shape, false));
  }

  /** With layers that a test can make wrong. */
  LayerTests(List<LayerShape> shapes, BiFunction<Ops, LayerShape, LayerGraph> graphs) {
    Ops tf = GraphOps.of(graph);
    for (LayerShape shape : shapes) {
      layers.put(shape, operands(tf, shape, graphs.apply(tf, shape)));
    }
  }

  private Operands operands(Ops tf, LayerShape shape, LayerGraph layer) {
    Placeholder<TFloat32> input = tf.placeholder(TFloat32.class);
    Placeholder<TFloat32> other = tf.placeholder(TFloat32.class);
    Placeholder<TFloat32> incoming = tf.placeholder(TFloat32.class);
    Operand<TFloat64> wideInput = wide(tf, input);
    Operand<TFloat64> wideOther = wide(tf, other);
    Operand<TFloat32> output = layer.narrow(input, other);
    Operand<TFloat64> wideOutput = layer.wide(wideInput, wideOther);
    List<Operand<TFloat32>> results = new ArrayList<>(List.of(output));
    List<Operand<TFloat64>> deviations =
        new ArrayList<>(List.of(deviation(tf, output, wideOutput)));
    String name = "gradients" + layers.size();
    boolean pool = shape.isPool();
    Output<?>[] narrow = differentiated(name, output, incoming, input, other, pool);
    Output<?>[] wide =
        differentiated("wide" + name, wideOutput, wide(tf, incoming), wideInput, wideOther, pool);
    for (int i = 0; i < narrow.length; i++) {
      Operand<TFloat32> gradient = narrow[i].expect(TFloat32.class);
      results.add(gradient);
      deviations.add(deviation(tf, gradient, wide[i].expect(TFloat64.class)));
    }
    List<Operand<TFloat64>> fused =
        shape.isConvolution()
            ? List.of(
                deviation(tf, layer.normalized(input, other), layer.wideNormalized(wideOutput)))
            : List.of();
    Random random = new Random(shape.key().hashCode());
    Map<Placeholder<TFloat32>, TFloat32> fed = new LinkedHashMap<>();
    fed.put(input, random(shape.input(), random));
    fed.put(other, random(shape.other(), random));
    fed.put(incoming, random(shape.output(), random));
    return new Operands(fed, results, deviations, fused);
  }

  private static Operand<TFloat64> wide(Ops tf, Operand<TFloat32> narrow) {
    return tf.dtypes.cast(narrow, TFloat64.class);
  }

  private Output<?>[] differentiated(
      String name, Operand<?> y, Operand<?> dy, Operand<?> x, Operand<?> w, boolean pool) {
    Output<?>[] by =
        pool ? new Output<?>[] {x.asOutput()} : new Output<?>[] {x.asOutput(), w.asOutput()};
    return graph.addGradients(
        name, new Output<?>[] {y.asOutput()}, by, new Output<?>[] {dy.asOutput()});
  }

  private static Operand<TFloat64> deviation(
      Ops tf, Operand<TFloat32> narrow, Operand<TFloat64> reference) {
    Operand<TFloat64> difference = tf.math.abs(tf.math.sub(wide(tf, narrow), reference));
    // The maximum of a number and NaN is not always NaN.
    Operand<TFloat64> finite =
        tf.select(tf.math.isFinite(difference), difference, tf.constant(Double.POSITIVE_INFINITY));
    return tf.math.div(largest(tf, finite), largest(tf, tf.math.abs(reference)));
  }

  private static Operand<TFloat64> largest(Ops tf, Operand<TFloat64> values) {
    return tf.reduceMax(tf.reshape(values, tf.constant(new int[] {-1})), tf.constant(0));
  }

  private static TFloat32 random(List<Long> sizes, Random random) {
    Shape shape = Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
    float[] numbers = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < numbers.length; i++) {
      // A uniform distribution is enough, and much faster than a normal one.
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return TFloat32.tensorOf(shape, DataBuffers.of(numbers, true, false));
  }

  /**
   * Computes every layer twice in a precision, and fills memory with garbage before and between.
   */
  Map<LayerShape, Deviation> run(Precision precision) {
    try (Session session = Sessions.openToCheck(graph, precision);
        // In a run of its own: in one run, TensorFlow would compute the convolution of both outputs
        // once, and fuse nothing.
        @Nullable Result fused = hasFused() ? runDirty(session, Operands::fused) : null;
        Result first = runDirty(session, Operands::results, Operands::deviations);
        Result second = runDirty(session, Operands::results)) {
      Map<LayerShape, Deviation> found = new LinkedHashMap<>();
      Iterator<Map.Entry<String, Tensor>> results = first.iterator();
      Iterator<Map.Entry<String, Tensor>> repeated = second.iterator();
      Map<LayerShape, Boolean> same = new LinkedHashMap<>();
      layers.forEach(
          (shape, layer) -> {
            boolean all = true;
            for (int i = 0; i < layer.results().size(); i++) {
              all &= near(results.next().getValue(), repeated.next().getValue());
            }
            same.put(shape, all);
          });
      Iterator<Map.Entry<String, Tensor>> alsoFused =
          fused == null ? Collections.emptyIterator() : fused.iterator();
      layers.forEach(
          (shape, layer) -> {
            double output = deviation(results);
            double gradient = 0;
            for (int i = 1; i < layer.deviations().size(); i++) {
              gradient = Math.max(gradient, deviation(results));
            }
            for (int i = 0; i < layer.fused().size(); i++) {
              output = Math.max(output, deviation(alsoFused));
            }
            found.put(shape, new Deviation(output, gradient, same.get(shape)));
          });
      return found;
    }
  }

  // TensorFlow refuses a run without fetches.
  private boolean hasFused() {
    return layers.values().stream().anyMatch(layer -> !layer.fused().isEmpty());
  }

  private static double deviation(Iterator<Map.Entry<String, Tensor>> results) {
    double deviation = ((TFloat64) results.next().getValue()).getDouble();
    return Double.isNaN(deviation) ? Double.POSITIVE_INFINITY : deviation;
  }

  private static boolean near(Tensor first, Tensor second) {
    float[] a = Values.of((TFloat32) first);
    float[] b = Values.of((TFloat32) second);
    float largest = 0;
    float difference = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
    }
    return difference <= NOISE * largest;
  }

  @SafeVarargs
  private Result runDirty(
      Session session, Function<Operands, List<? extends Operand<?>>>... fetches) {
    dirty();
    Session.Runner runner = session.runner();
    layers.values().forEach(layer -> layer.fed().forEach(runner::feed));
    for (Function<Operands, List<? extends Operand<?>>> which : fetches) {
      layers.values().forEach(layer -> which.apply(layer).forEach(runner::fetch));
    }
    return runner.run();
  }

  // Memory of the sizes that the layers take, filled with values that must not be read.
  private void dirty() {
    for (Operands layer : layers.values()) {
      for (TFloat32 tensor : layer.fed().values()) {
        float[] nothing = new float[Math.toIntExact(tensor.size())];
        Arrays.fill(nothing, Float.NaN);
        TFloat32.tensorOf(tensor.shape(), DataBuffers.of(nothing, true, false)).close();
      }
    }
  }

  @Override
  public void close() {
    layers.values().forEach(layer -> layer.fed().values().forEach(Tensor::close));
    graph.close();
  }
}
