package dev.leaven.runtime.models;

import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.nn.Layers;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** How many numbers a model learns. */
public final class ParameterCount {

  private ParameterCount() {}

  /**
   * Counts the trained parameters of a model; running statistics are not among them.
   *
   * <p>The model is built once in a temporary graph: nothing is computed and no weights are made,
   * but TensorFlow is loaded.
   *
   * @param model the architecture
   * @param channels the images' channels, at least 1
   * @param classes the number of classes, at least 2
   * @return for instance 23,547,754 for XResNet-50 with 3 channels and 10 classes
   */
  public static long of(Architecture model, int channels, int classes) {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Variables variables = new Variables(tf);
      Placeholder<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, channels)));
      model.logits(new Layers(tf, variables, false), images, channels, classes);
      return variables.of(Variable.Kind::trained).stream().mapToLong(v -> v.shape().size()).sum();
    }
  }
}
