package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Measures the time of layers in bfloat16 relative to float32: convolutions with their gradients.
 */
final class LayerSpeed implements AutoCloseable {

  private static final int ROUNDS = 5;
  private static final Shape IMAGES = Shape.of(8, 32, 32, 64);
  private static final Shape FILTER = Shape.of(3, 3, 64, 64);

  /** The timed layer, named if it crashes the process. */
  static final LayerShape LAYER = new LayerShape("Conv2D", sizes(IMAGES), sizes(FILTER), 1, "SAME");

  private final Graph graph = new Graph();
  private final Placeholder<TFloat32> images;
  private final Placeholder<TFloat32> filter;
  private final Output<?>[] gradients;

  LayerSpeed() {
    Ops tf = GraphOps.of(graph);
    images = tf.placeholder(TFloat32.class);
    filter = tf.placeholder(TFloat32.class);
    Operand<TFloat32> output = tf.nn.conv2d(images, filter, List.of(1L, 1L, 1L, 1L), "SAME");
    Operand<TFloat32> loss = tf.nn.l2Loss(output);
    gradients =
        graph.addGradients(
            "gradients",
            new Output<?>[] {loss.asOutput()},
            new Output<?>[] {images.asOutput(), filter.asOutput()},
            null);
  }

  private static List<Long> sizes(Shape shape) {
    return Arrays.stream(shape.asArray()).boxed().toList();
  }

  /** The time in bfloat16 divided by that in float32, each the shortest of five rounds. */
  double ratio() {
    try (Session narrow = Sessions.open(graph, Precision.BFLOAT16);
        Session single = Sessions.open(graph, Precision.FLOAT32);
        TFloat32 x =
            TFloat32.tensorOf(IMAGES, data -> data.scalars().forEach(v -> v.setFloat(0.5f)));
        TFloat32 w =
            TFloat32.tensorOf(FILTER, data -> data.scalars().forEach(v -> v.setFloat(0.1f)))) {
      // The first run prepares the graph.
      seconds(narrow, x, w);
      seconds(single, x, w);
      double bfloat16 = Double.MAX_VALUE;
      double float32 = Double.MAX_VALUE;
      for (int i = 0; i < ROUNDS; i++) {
        bfloat16 = Math.min(bfloat16, seconds(narrow, x, w));
        float32 = Math.min(float32, seconds(single, x, w));
      }
      return bfloat16 / float32;
    }
  }

  private double seconds(Session session, TFloat32 x, TFloat32 w) {
    long begin = System.nanoTime();
    session
        .runner()
        .feed(images, x)
        .feed(filter, w)
        .fetch(gradients[0])
        .fetch(gradients[1])
        .run()
        .close();
    return (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public void close() {
    graph.close();
  }
}
