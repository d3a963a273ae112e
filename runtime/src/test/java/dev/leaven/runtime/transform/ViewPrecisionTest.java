package dev.leaven.runtime.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.internal.tensorflow.Values;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Where convolutions are computed in bfloat16, an image is rounded once, at the first one. */
class ViewPrecisionTest {

  private static float[] view(Precision precision, List<Lighting> lighting) {
    try (Graph graph = new Graph();
        Session session = Sessions.open(graph, precision);
        TFloat32 pixels =
            TFloat32.tensorOf(
                Shape.of(4, 148, 148, 3), DataBuffers.of(GraphRun.numbers(1, 4 * 148 * 148 * 3)))) {
      Ops tf = GraphOps.of(graph);
      Placeholder<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, 3)));
      Randomness randomness = Randomness.of(tf, 1, tf.constant(2L));
      List<Geometry> geometry =
          List.of(RandomResizedCrop.presized(), new Flip(), new Warp(), new Rotate(), new Zoom());
      Operand<TFloat32> values = tf.math.abs(images);
      values = new Resampler(geometry).apply(tf, values, tf.constant(128), randomness);
      values = new Relighter(lighting).apply(tf, values, randomness);
      values = Normalize.imagenet().apply(tf, values);
      values = new RandomErasing(0.5).apply(tf, values, Normalize.imagenet(), randomness);
      Operand<TFloat32> filter =
          tf.constant(Shape.of(3, 3, 3, 4), DataBuffers.of(GraphRun.numbers(2, 108)));
      Operand<TFloat32> convolved =
          tf.math.abs(tf.nn.conv2d(values, filter, List.of(1L, 1L, 1L, 1L), "VALID"));
      // TensorFlow leaves what is fetched as it is, so that others are fetched than are looked at.
      Operand<TFloat32> seen = tf.math.add(values, tf.constant(0f));
      try (var result = session.runner().feed(images, pixels).fetch(seen).fetch(convolved).run()) {
        return Values.of((TFloat32) result.get(0));
      }
    }
  }

  private static void same(List<Lighting> lighting) {
    float[] expected = view(Precision.FLOAT32, lighting);
    float[] actual = view(Precision.BFLOAT16, lighting);
    for (int i = 0; i < expected.length; i++) {
      // One rounding to bfloat16 is at most 1/256 of a value. Were the matrices or the logits
      // rounded, places would be off by half a pixel, which in noise is another value.
      double rounding = Math.abs(expected[i]) / 256;
      assertThat((double) actual[i])
          .as("element %d", i)
          .isCloseTo(expected[i], within(rounding + 1e-5));
    }
  }

  @Test
  void geometryAndTonesAreComputedInFloat32() {
    same(List.of(new Brightness(), new Contrast()));
  }

  @Test
  void coloursAreComputedInFloat32() {
    same(List.of(new Brightness(), new Saturation(), new Hue(), new Grayscale()));
  }
}
