package dev.leaven.runtime.optimize;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** An optimizer in a graph of its own, whose gradients are fed. */
final class OptimizerRun implements AutoCloseable {

  /**
   * A weight of a test.
   *
   * @param name of the variable
   * @param kind of the variable
   * @param factor of its learning rate
   * @param begin its first value
   * @param sizes its shape
   */
  record Weight(String name, Variable.Kind kind, double factor, float[] begin, long... sizes) {}

  private final GraphRun run = new GraphRun();
  private final Ops tf = run.tf();
  private final Variables variables = new Variables(tf);
  private final Placeholder<TFloat64> learningRate = scalar();
  private final Placeholder<TFloat64> momentum = scalar();
  private final Placeholder<TFloat64> count = scalar();
  private final List<Placeholder<TFloat32>> gradients = new ArrayList<>();
  private final List<Variable> weights = new ArrayList<>();
  private final Op step;

  OptimizerRun(Optimizer optimizer, List<Weight> of) {
    List<Optimizer.Update> updates = new ArrayList<>();
    for (Weight weight : of) {
      Shape shape = Shape.of(weight.sizes());
      Variable variable =
          variables.get(
              weight.name(),
              shape,
              weight.kind(),
              (at, size, randomness) -> GraphRun.array(at, weight.begin(), weight.sizes()));
      Placeholder<TFloat32> gradient = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      weights.add(variable);
      gradients.add(gradient);
      updates.add(new Optimizer.Update(variable, gradient, weight.factor()));
    }
    step =
        optimizer.step(
            tf, variables, updates, new Optimizer.StepInputs(learningRate, momentum, count));
    run.initialize(variables, 1);
  }

  private Placeholder<TFloat64> scalar() {
    return tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
  }

  void step(int t, double rate, double beta1, List<float[]> values) {
    try (Feeds feeds =
        new Feeds().put(learningRate, rate).put(momentum, beta1).put(count, (double) t)) {
      for (int i = 0; i < values.size(); i++) {
        feeds.make(
            gradients.get(i),
            TFloat32.tensorOf(weights.get(i).shape(), DataBuffers.of(values.get(i))));
      }
      run.run(feeds, step);
    }
  }

  double[] weights(int i) {
    return run.fetch(weights.get(i).read(tf));
  }

  List<String> slots() {
    return variables.of(kind -> kind == Variable.Kind.SLOT).stream().map(Variable::name).toList();
  }

  @Override
  public void close() {
    run.close();
  }
}
