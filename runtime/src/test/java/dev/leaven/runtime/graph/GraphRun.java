package dev.leaven.runtime.graph;

import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * A small graph of a test and the session that runs it. Values come back as doubles, which hold
 * every float32 exactly.
 */
public final class GraphRun implements AutoCloseable {

  private final Graph graph = new Graph();
  private final Ops tf = GraphOps.of(graph);
  private final Session session = Sessions.open(graph, Precision.FLOAT32);

  /** Builds one operand in a graph of its own and gives its values. */
  public static double[] values(Function<Ops, Operand<?>> build) {
    try (GraphRun run = new GraphRun()) {
      return run.fetch(build.apply(run.tf()));
    }
  }

  /** A constant of a shape. */
  public static Operand<TFloat32> array(Ops tf, float[] values, long... shape) {
    return tf.constant(Shape.of(shape), DataBuffers.of(values));
  }

  /** Numbers evenly distributed from -1 to 1. */
  public static float[] numbers(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextDouble(-1, 1);
    }
    return numbers;
  }

  public Ops tf() {
    return tf;
  }

  public Graph graph() {
    return graph;
  }

  public Session session() {
    return session;
  }

  /** Gives all variables their first values. */
  public void initialize(Variables variables, long seed) {
    session.run(variables.initialize(variables.all(), seed));
  }

  public double[] fetch(Operand<?> operand) {
    return fetch(Map.of(), List.of(operand)).get(0);
  }

  /** Fetches everything in one run, with some float32 operands replaced by other values. */
  public List<double[]> fetch(Map<Operand<TFloat32>, float[]> fed, List<Operand<?>> operands) {
    try (Feeds feeds = new Feeds()) {
      fed.forEach(
          (operand, values) -> {
            long[] known = operand.shape().asArray();
            Shape shape = known == null ? Shape.of(values.length) : operand.shape();
            feeds.make(operand, TFloat32.tensorOf(shape, DataBuffers.of(values)));
          });
      return fetch(feeds, operands);
    }
  }

  /** Fetches everything in one run with the given feeds. */
  public List<double[]> fetch(Feeds feeds, List<Operand<?>> operands) {
    Session.Runner runner = feeds.runner(session);
    operands.forEach(runner::fetch);
    List<double[]> values = new ArrayList<>();
    try (Result result = runner.run()) {
      result.forEach(entry -> values.add(doubles(entry.getValue())));
    }
    return values;
  }

  /** Runs an operation for its effect. */
  public void run(Feeds feeds, Op operation) {
    feeds.runner(session).addTarget(operation).run().close();
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.shape().size())];
    int[] i = {0};
    if (tensor instanceof TFloat32 floats) {
      float[] raw = new float[values.length];
      floats.asRawTensor().data().asFloats().read(raw);
      for (float value : raw) {
        values[i[0]++] = value;
      }
    } else if (tensor instanceof TFloat64 doubles) {
      doubles.asRawTensor().data().asDoubles().read(values);
    } else if (tensor instanceof TUint8 bytes) {
      bytes.scalars().forEach(scalar -> values[i[0]++] = scalar.getByte() & 0xFF);
    } else if (tensor instanceof TInt32 ints) {
      ints.scalars().forEach(scalar -> values[i[0]++] = scalar.getInt());
    } else if (tensor instanceof TInt64 longs) {
      longs.scalars().forEach(scalar -> values[i[0]++] = scalar.getLong());
    } else if (tensor instanceof TBool booleans) {
      booleans.scalars().forEach(scalar -> values[i[0]++] = scalar.getBoolean() ? 1 : 0);
    } else {
      throw new IllegalArgumentException("no doubles from " + tensor);
    }
    return values;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
