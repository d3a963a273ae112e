package dev.leaven.runtime.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

class LossScaleTest {

  private static final int INTERVAL = 3;
  private static final float RATE = 0.1f;

  // Of ten steps the first, the fifth and the sixth cannot be taken.
  private static float[] gradient(int step) {
    float[] gradient = {0.5f * step, -1, 0.25f};
    if (step == 1 || step == 6) {
      gradient[1] = Float.POSITIVE_INFINITY;
    } else if (step == 5) {
      gradient[2] = Float.NaN;
    }
    return gradient;
  }

  private static boolean isTaken(int step) {
    return step != 1 && step != 5 && step != 6;
  }

  /** Lookahead copies the weights at its first step and meets them again at its second. */
  @Test
  void stepsAreTakenOrSkippedByPyTorchsRule() {
    Optimizer optimizer = new Lookahead(new Adam().weightDecay(0), 2, 0.5);
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Variables variables = new Variables(tf);
      Variable weight =
          variables.get("w", Shape.of(3), Variable.Kind.WEIGHT, Initializer.constant(1));
      Placeholder<TFloat32> scaledGradient =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(3)));
      Placeholder<TFloat64> count =
          tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
      ScaledStep scaling = new ScaledStep(new LossScale(1024, INTERVAL), tf, variables);
      Optimizer.StepInputs inputs =
          scaling.inputs(
              tf, new Optimizer.StepInputs(tf.constant((double) RATE), tf.constant(0.9), count));
      ScaledStep.Step step =
          scaling.step(
              tf,
              scaling.unscaled(tf, List.of(new Optimizer.Update(weight, scaledGradient))),
              (at, updates) -> optimizer.step(at, variables, updates, inputs));
      run.initialize(variables, 1);
      OptimizerReference reference =
          new OptimizerReference(optimizer, false, new double[] {1, 1, 1});
      double scale = 1024;
      int inARow = 0;
      int taken = 0;
      for (int t = 1; t <= 10; t++) {
        float[] gradient = gradient(t);
        double[] exact = new double[3];
        for (int i = 0; i < 3; i++) {
          exact[i] = gradient[i];
          gradient[i] *= (float) scale;
        }
        try (Feeds feeds =
            new Feeds()
                .make(scaledGradient, TFloat32.tensorOf(Shape.of(3), DataBuffers.of(gradient)))
                .put(count, (double) t)) {
          run.run(feeds, step.operation());
        }
        if (isTaken(t)) {
          taken++;
          reference.step(exact, RATE, 0.9, taken);
          inARow++;
          if (inARow == INTERVAL) {
            inARow = 0;
            scale *= 2;
          }
        } else {
          inARow = 0;
          scale /= 2;
        }
        double[] weights = run.fetch(weight.read(tf));
        for (int i = 0; i < 3; i++) {
          // Ten steps of a tenth, in float32.
          assertThat(weights[i]).as("step %d", t).isCloseTo(reference.weights()[i], within(1e-5));
        }
        assertThat(value(run, variables, "loss_scale")).as("step %d", t).isEqualTo(scale);
      }
      assertThat(value(run, variables, "loss_scale.steps_taken")).isEqualTo(inARow);
      assertThat(value(run, variables, "loss_scale.steps_skipped")).isEqualTo(3);
    }
  }

  private static double value(GraphRun run, Variables variables, String name) {
    Variable found =
        variables.all().stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
    return run.fetch(found.read(run.tf()))[0];
  }

  @Test
  void aScaleIsANumberAboveZero() {
    assertThatThrownBy(() -> new LossScale(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lossScale: initial must be above 0, but is 0");
    assertThatThrownBy(() -> new LossScale(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lossScale: interval must be at least 1, but is 0");
    assertThat(new LossScale().describe())
        .isEqualTo(
            "loss scale 65536 at first, halved when a gradient is not finite,"
                + " doubled after 2000 steps");
  }
}
