package dev.leaven.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.internal.graph.GraphAudit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Compares TensorFlow's gradients with central differences. The loss is a sum of all outputs with
 * different weights, so that no part of a gradient can hide behind another.
 */
public final class GradientCheck {

  // A larger step would reach over the kinks of relu and max pool more often.
  private static final float STEP = 1f / 256;
  // Doubles sum the outputs, so only their own rounding counts: 1e-7 / STEP for each output near 1,
  // and several of them add up.
  private static final double ROUNDING = 6e-5;
  // The third derivatives of norms and softmax add STEP²/6 of themselves, which in a chain of norms
  // comes to a thousandth of the gradient. A wrong gradient (a missing term, a shifted window) is
  // off by some tens of per cent of the largest element.
  private static final double TOLERANCE = 2e-3;
  // Of a large input only so many elements are tried, evenly spread.
  private static final int TRIED = 48;

  private GradientCheck() {}

  /**
   * Checks the gradients of an operand by some inputs, after the audit accepted them.
   *
   * @param run the graph, its variables initialised
   * @param y any shape
   * @param inputs operands whose values can be replaced
   */
  public static void check(GraphRun run, Operand<TFloat32> y, List<Operand<TFloat32>> inputs) {
    Ops tf = run.tf().withSubScope("check");
    Map<Operand<TFloat32>, float[]> values = new HashMap<>();
    for (Operand<TFloat32> input : inputs) {
      values.put(input, floats(run.fetch(input)));
    }
    float[] weights = GraphRun.numbers(77, run.fetch(y).length);
    Operand<TFloat32> flat = tf.reshape(y, tf.constant(new int[] {-1}));
    Operand<TFloat32> loss =
        tf.reduceSum(tf.math.mul(flat, tf.constant(weights)), tf.constant(new int[] {0}));

    GraphAudit.check(run.graph(), loss, inputs, Precision.FLOAT32);
    Output<?>[] gradients =
        run.graph()
            .addGradients(
                "checked",
                new Output<?>[] {loss.asOutput()},
                inputs.stream().map(Operand::asOutput).toArray(Output<?>[]::new),
                null);
    for (int i = 0; i < gradients.length; i++) {
      compare(run, y, weights, values, inputs.get(i), run.fetch(gradients[i]));
    }
  }

  private static void compare(
      GraphRun run,
      Operand<TFloat32> y,
      float[] weights,
      Map<Operand<TFloat32>, float[]> values,
      Operand<TFloat32> input,
      double[] gradient) {
    double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
    assertThat(largest)
        .as("the gradient by %s must stand out from the rounding", input.op().name())
        .isGreaterThan(100 * ROUNDING);
    int stride = Math.max(1, gradient.length / TRIED);
    for (int j = 0; j < gradient.length; j += stride) {
      float original = values.get(input)[j];
      float up = original + STEP;
      float down = original - STEP;
      double difference =
          (loss(run, y, weights, input, values.get(input), j, up)
                  - loss(run, y, weights, input, values.get(input), j, down))
              / ((double) up - down);
      assertThat(gradient[j])
          .as("the derivative by element %d of %s", j, input.op().name())
          .isCloseTo(difference, within(TOLERANCE * largest + ROUNDING));
    }
  }

  private static double loss(
      GraphRun run,
      Operand<TFloat32> y,
      float[] weights,
      Operand<TFloat32> input,
      float[] values,
      int changed,
      float value) {
    float[] moved = values.clone();
    moved[changed] = value;
    double[] outputs = run.fetch(Map.of(input, moved), List.of(y)).get(0);
    double loss = 0;
    for (int i = 0; i < outputs.length; i++) {
      loss += outputs[i] * weights[i];
    }
    return loss;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
