package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * LAMB (You et al. 2019, "Large batch optimization for deep learning"), as in fastai: Adam with a
 * step whose length relative to the weights is the same in every layer.
 *
 * <p>Weight decay, {@code m}, {@code v} and their corrections are {@link Adam}'s. With {@code u =
 * m̂/(√v̂ + ε)} the step is {@code lr·q·u}, where {@code q} is the ratio of the root mean squares
 * of the weights and of {@code u}, at most 10, and 1 where either is 0. Norms and biases take
 * {@code q = 1}, as in the authors' program and timm: a norm or bias that starts at 0 would hardly
 * move. fastai adapts them too, which {@code adaptAll} does.
 *
 * <p>Effect: training with batches of thousands. Cost: the step itself takes about 1.6 times as
 * long as Adam's, in the same memory.
 *
 * @param momentum β₁ where no schedule gives one, from 0 to below 1; 0.9 by default
 * @param squaredMomentum β₂, from 0 to below 1; 0.99 by default
 * @param epsilon ε, above 0; 1e-5 by default
 * @param weightDecay from 0 to 1; 0 by default
 * @param adaptAll whether norms and biases are adapted too; false by default
 */
public record Lamb(
    double momentum, double squaredMomentum, double epsilon, double weightDecay, boolean adaptAll)
    implements Optimizer {

  private static final float LARGEST_RATIO = 10;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Lamb {
    Check.range("lamb", "momentum", momentum, 0, 0.999999);
    Check.range("lamb", "squaredMomentum", squaredMomentum, 0, 0.999999);
    Check.positive("lamb", "epsilon", epsilon);
    Check.range("lamb", "weightDecay", weightDecay, 0, 1);
  }

  /** fastai's defaults, 0.9, 0.99, 1e-5 and 0, without adapting norms and biases. */
  public Lamb() {
    this(0.9, 0.99, 1e-5, 0, false);
  }

  @Override
  public Lamb weightDecay(double weightDecay) {
    return new Lamb(momentum, squaredMomentum, epsilon, weightDecay, adaptAll);
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    StepGraph graph = new StepGraph(tf, variables, inputs, weightDecay);
    Operand<TFloat64> correction = graph.correction(inputs.momentum(), inputs.count());
    Operand<TFloat64> squaredCorrection =
        tf.math.sqrt(graph.correction(squaredMomentum, inputs.count()));

    // m̂/(√v̂ + ε) is m/(√v + ε·c₂) times c₂/c₁, the roots of the corrections: a scalar.
    Operand<TFloat64> scale = tf.math.div(squaredCorrection, correction);
    StepGraph.Scaled rate = graph.scaled(tf.math.mul(inputs.learningRate(), scale));
    Operand<TFloat32> unit = graph.single(scale);
    Operand<TFloat32> epsilonHat =
        graph.single(tf.math.mul(tf.constant(epsilon), squaredCorrection));
    Operand<TFloat32> beta1 = graph.single(inputs.momentum());
    Operand<TFloat32> beta2 = tf.constant((float) squaredMomentum);

    List<Op> steps = new ArrayList<>();
    for (Update update : updates) {
      Ops at = graph.decayed(update);
      Variable variable = update.variable();
      Variable m = graph.slot(update, "lamb.m");
      Variable v = graph.slot(update, "lamb.v");
      if (!adaptAll && variable.kind() != Variable.Kind.WEIGHT) {
        steps.add(StepGraph.adam(at, update, m, v, rate.of(update), beta1, beta2, epsilonHat));
        continue;
      }
      // At a rate of 0 the kernel moves m and v and leaves the weight: two memories in one pass.
      Op remembered = StepGraph.adam(at, update, m, v, tf.constant(0f), beta1, beta2, epsilonHat);
      Ops after = at.withControlDependencies(remembered);
      Operand<TFloat32> u =
          after.math.div(m.read(after), after.math.add(after.math.sqrt(v.read(after)), epsilonHat));
      Operand<TFloat32> ratio = ratio(after, variable.read(after), u, unit);
      steps.add(
          after.train.resourceApplyGradientDescent(
              variable.handle(), after.math.mul(rate.of(update), ratio), u));
    }
    return Variables.group(tf, steps);
  }

  // Of root mean squares, which is that of the norms: both have as many elements.
  private static Operand<TFloat32> ratio(
      Ops tf, Operand<TFloat32> weights, Operand<TFloat32> u, Operand<TFloat32> unit) {
    Operand<TFloat32> zero = tf.constant(0f);
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> own = tf.math.sqrt(tf.nn.l2Loss(weights));
    Operand<TFloat32> step = tf.math.mul(tf.math.sqrt(tf.nn.l2Loss(u)), unit);
    Operand<TBool> both =
        tf.math.logicalAnd(tf.math.greater(own, zero), tf.math.greater(step, zero));
    Operand<TFloat32> ratio = tf.math.div(own, tf.select(both, step, one));
    return tf.select(both, tf.math.minimum(ratio, tf.constant(LARGEST_RATIO)), one);
  }

  @Override
  public String describe() {
    return "LAMB: momentum %s, squared momentum %s, epsilon %s, weight decay %s%s"
        .formatted(
            Check.number(momentum),
            Check.number(squaredMomentum),
            Check.number(epsilon),
            Check.number(weightDecay),
            adaptAll ? ", norms and biases adapted too" : "");
  }
}
