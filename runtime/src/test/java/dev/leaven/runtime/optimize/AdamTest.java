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
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

class AdamTest {

  private static final double[] GRADIENT = {.1, -.2, .3};

  private final GraphRun run = new GraphRun();
  private final Ops tf = run.tf();
  private final Variables variables = new Variables(tf);
  private final Placeholder<TFloat64> learningRate = scalar();
  private final Placeholder<TFloat64> momentum = scalar();
  private final Placeholder<TFloat64> count = scalar();

  @AfterEach
  void close() {
    run.close();
  }

  private Placeholder<TFloat64> scalar() {
    return tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
  }

  private Variable variable(String name, Variable.Kind kind) {
    return variables.get(name, Shape.of(3), kind, Initializer.constant(1));
  }

  private Op step(Adam adam, Variable variable, Operand<TFloat32> gradient) {
    Op step =
        adam.step(
            tf,
            variables,
            List.of(new Optimizer.Update(variable, gradient)),
            new Optimizer.StepInputs(learningRate, momentum, count));
    run.initialize(variables, 1);
    return step;
  }

  private void take(Op step, int t, double rate, double beta1) {
    try (Feeds feeds =
        new Feeds().put(learningRate, rate).put(momentum, beta1).put(count, (double) t)) {
      run.run(feeds, step);
    }
  }

  @Test
  void threeStepsAreFastais() {
    Variable p = variable("p", Variable.Kind.WEIGHT);
    Placeholder<TFloat32> gradient = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(3)));
    Op step = step(new Adam(), p, gradient);
    double[] golden = {.998990059, .999345601, .998993218};
    double[] withEpsilonInsideTheCorrection = {.998990999, .999346453, .998994194};
    for (int t = 1; t <= 3; t++) {
      float g = (float) GRADIENT[t - 1];
      try (Feeds feeds =
          new Feeds()
              .put(learningRate, 1e-3)
              .put(momentum, .9)
              .put(count, (double) t)
              .make(gradient, TFloat32.vectorOf(g, g, g))) {
        run.run(feeds, step);
      }
      double value = run.fetch(p.read(tf))[0];
      // Both were computed in float32, with roundings of 3e-8 below 1, two for each step.
      assertThat(value).isCloseTo(golden[t - 1], within(2e-7));
      assertThat(Math.abs(value - withEpsilonInsideTheCorrection[t - 1])).isGreaterThan(6e-7);
    }
  }

  // The reference, written out in double. Each element has its own moments.
  private static double[] reference(
      Adam adam, int steps, boolean decays, BiFunction<Integer, double[], double[]> gradients) {
    double[] p = {1, 1, 1};
    double[] m = new double[3];
    double[] v = new double[3];
    for (int t = 1; t <= steps; t++) {
      Schedule.Rates rates = rates(t, steps);
      double lr = rates.learningRate();
      double beta1 = rates.momentum().orElseThrow();
      double beta2 = adam.squaredMomentum();
      double[] g = gradients.apply(t, p.clone());
      for (int i = 0; i < 3; i++) {
        if (decays) {
          p[i] *= 1 - lr * adam.weightDecay();
        }
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        double corrected = m[i] / (1 - Math.pow(beta1, t));
        double root = Math.sqrt(v[i] / (1 - Math.pow(beta2, t)));
        p[i] -= lr * corrected / (root + adam.epsilon());
      }
    }
    return p;
  }

  private static Schedule.Rates rates(int t, int steps) {
    return new OneCycle().at((t - 1.0) / steps, 0.02);
  }

  private static double[] gradient(int t) {
    return new double[] {GRADIENT[0] * Math.cos(t), GRADIENT[1] + 0.05 * t, GRADIENT[2] * 1e-4 * t};
  }

  private void followsTheReference(Variable.Kind kind, Adam adam) {
    Variable p = variable("p", kind);
    Placeholder<TFloat32> gradient = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(3)));
    Op step = step(adam, p, gradient);
    for (int t = 1; t <= 10; t++) {
      Schedule.Rates rates = rates(t, 10);
      double[] g = gradient(t);
      try (Feeds feeds =
          new Feeds()
              .put(learningRate, rates.learningRate())
              .put(momentum, rates.momentum().orElseThrow())
              .put(count, (double) t)
              .make(gradient, TFloat32.vectorOf((float) g[0], (float) g[1], (float) g[2]))) {
        run.run(feeds, step);
      }
    }
    close(
        run.fetch(p.read(tf)),
        reference(adam, 10, kind == Variable.Kind.WEIGHT, (t, now) -> gradient(t)));
  }

  private static void close(double[] actual, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      // Ten steps of some ten roundings of 6e-8 each.
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-5 * Math.abs(expected[i])));
    }
  }

  @Test
  void tenStepsWithAMovingMomentumFollowTheFormula() {
    followsTheReference(Variable.Kind.WEIGHT, new Adam());
  }

  @Test
  void strongDecayFollowsTheFormulaToo() {
    followsTheReference(Variable.Kind.WEIGHT, new Adam(0.9, 0.999, 1e-3, 1));
  }

  @Test
  void normsAndBiasesDoNotDecay() {
    followsTheReference(Variable.Kind.UNDECAYED, new Adam(0.9, 0.99, 1e-5, 1));
  }

  @Test
  void theGradientReadsTheWeightsBeforeTheirDecay() {
    Adam adam = new Adam(0.9, 0.99, 1e-5, 1);
    Variable p = variable("p", Variable.Kind.WEIGHT);
    // The gradient of cos: with a decay of up to 2 % per step in between it would be another.
    Op step = step(adam, p, tf.math.neg(tf.math.sin(tf.math.mul(p.read(tf), tf.constant(3f)))));
    for (int t = 1; t <= 10; t++) {
      Schedule.Rates rates = rates(t, 10);
      take(step, t, rates.learningRate(), rates.momentum().orElseThrow());
    }
    close(
        run.fetch(p.read(tf)),
        reference(
            adam,
            10,
            true,
            (t, now) -> {
              double[] g = new double[3];
              for (int i = 0; i < 3; i++) {
                g[i] = -Math.sin(3 * now[i]);
              }
              return g;
            }));
  }

  @Test
  void itsMemoryIsTwoSlotsForEachWeight() {
    step(new Adam(), variable("p", Variable.Kind.WEIGHT), tf.constant(new float[3]));
    assertThat(variables.of(kind -> kind == Variable.Kind.SLOT))
        .extracting(Variable::name)
        .containsExactly("p.adam.m", "p.adam.v");
  }

  @Test
  void refusesParametersOutOfTheirRanges() {
    refuses(1, .99, 1e-5, 0, "momentum must be between 0 and 0.999999, but is 1");
    refuses(.9, -1, 1e-5, 0, "squaredMomentum must be between 0 and 0.999999, but is -1");
    refuses(.9, .99, 0, 0, "epsilon must be above 0, but is 0");
    refuses(.9, .99, 1e-5, 2, "weightDecay must be between 0 and 1, but is 2");
  }

  private static void refuses(
      double momentum, double squared, double epsilon, double decay, String message) {
    assertThatThrownBy(() -> new Adam(momentum, squared, epsilon, decay))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("adam: " + message);
  }
}
