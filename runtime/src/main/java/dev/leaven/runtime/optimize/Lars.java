package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * LARS (You et al. 2017, "Large batch training of convolutional networks") and its clipped form
 * LARC, as fastai's {@code Larc}: momentum with a learning rate for each layer, proportional to the
 * ratio of the weights' norm to the gradient's norm.
 *
 * <p>First {@code p ← p·(1 - lr·weightDecay)} for weights but not for norms and biases; then, with
 * gradient {@code g}, {@code local = lr·trust·‖p‖/(‖g‖ + weightDecay·‖p‖ + ε)}, which {@code clip}
 * limits to {@code lr}; then {@code m ← β·m + g} and {@code p ← p - local·m}. β is the schedule's
 * momentum where it gives one; with a momentum of 0 there is no memory. Where a norm is 0 the local
 * rate is {@code lr}. Norms and biases move at {@code lr}, as in timm: fastai adapts them too,
 * which {@code adaptAll} does, and then a norm or bias that starts at 0 hardly moves.
 *
 * <p>With clipping it uses the learning rates of {@link Sgd}; without clipping it needs about 1 to
 * 10 and a {@code trust} of 0.001. Effect: training with batches of thousands. Cost: as {@link Sgd}
 * and one more pass over weights and gradients.
 *
 * @param momentum β where no schedule gives one, from 0 to below 1; 0.9 by default
 * @param trust the length of a step relative to the weights, above 0; 0.02 by default
 * @param clip whether the local rate is kept at {@code lr} or less, LARC; true by default
 * @param epsilon ε, above 0; 1e-8 by default
 * @param weightDecay from 0 to 1; 0 by default
 * @param adaptAll whether norms and biases are adapted too; false by default
 */
public record Lars(
    double momentum,
    double trust,
    boolean clip,
    double epsilon,
    double weightDecay,
    boolean adaptAll)
    implements Optimizer {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Lars {
    Check.range("lars", "momentum", momentum, 0, 0.999999);
    Check.positive("lars", "trust", trust);
    Check.positive("lars", "epsilon", epsilon);
    Check.range("lars", "weightDecay", weightDecay, 0, 1);
  }

  /** fastai's defaults, 0.9, 0.02, clipped, 1e-8 and 0, without adapting norms and biases. */
  public Lars() {
    this(0.9, 0.02, true, 1e-8, 0, false);
  }

  @Override
  public Lars weightDecay(double weightDecay) {
    return new Lars(momentum, trust, clip, epsilon, weightDecay, adaptAll);
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    StepGraph graph = new StepGraph(tf, variables, inputs, weightDecay);
    StepGraph.Scaled rate = graph.scaled(inputs.learningRate());
    Operand<TFloat32> beta = graph.single(inputs.momentum());
    List<Op> steps = new ArrayList<>();
    for (Update update : updates) {
      Ops at = graph.decayed(update);
      Variable variable = update.variable();
      boolean adapts = adaptAll || variable.kind() == Variable.Kind.WEIGHT;
      Operand<TFloat32> local =
          adapts
              ? at.math.mul(rate.of(update), ratio(at, variable.read(at), update.gradient()))
              : rate.of(update);
      steps.add(
          momentum == 0
              ? at.train.resourceApplyGradientDescent(variable.handle(), local, update.gradient())
              : at.train.resourceApplyMomentum(
                  variable.handle(),
                  graph.slot(update, "lars.m").handle(),
                  local,
                  update.gradient(),
                  beta,
                  ResourceApplyMomentum.useNesterov(false)));
    }
    return Variables.group(tf, steps);
  }

  private Operand<TFloat32> ratio(Ops tf, Operand<TFloat32> weights, Operand<TFloat32> gradient) {
    Operand<TFloat32> zero = tf.constant(0f);
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> own = norm(tf, weights);
    Operand<TFloat32> others = norm(tf, gradient);
    Operand<TBool> both =
        tf.math.logicalAnd(tf.math.greater(own, zero), tf.math.greater(others, zero));
    Operand<TFloat32> decayed = tf.math.mul(own, tf.constant((float) weightDecay));
    Operand<TFloat32> below =
        tf.math.add(tf.math.add(others, decayed), tf.constant((float) epsilon));
    Operand<TFloat32> ratio = tf.math.div(tf.math.mul(own, tf.constant((float) trust)), below);
    return tf.select(both, clip ? tf.math.minimum(ratio, one) : ratio, one);
  }

  private static Operand<TFloat32> norm(Ops tf, Operand<TFloat32> values) {
    return tf.math.sqrt(tf.math.mul(tf.nn.l2Loss(values), tf.constant(2f)));
  }

  @Override
  public String describe() {
    return "%s: momentum %s, trust %s, epsilon %s, weight decay %s%s"
        .formatted(
            clip ? "LARS, clipped" : "LARS",
            Check.number(momentum),
            Check.number(trust),
            Check.number(epsilon),
            Check.number(weightDecay),
            adaptAll ? ", norms and biases adapted too" : "");
  }
}
