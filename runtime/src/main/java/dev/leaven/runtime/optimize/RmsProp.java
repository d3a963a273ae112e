package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * RMSProp (Hinton 2012, lecture 6e of "Neural networks for machine learning"), as in fastai.
 *
 * <p>With gradient {@code g} and learning rate {@code lr}: first {@code p ← p·(1 - lr·weightDecay)}
 * for weights but not for norms and biases; then {@code v ← β₂v + (1-β₂)g²}, {@code m ← β·m + g}
 * and {@code p ← p - lr·m/(√v + ε)}. The averages are not corrected for starting at 0, so the first
 * steps are up to {@code 1/√(1-β₂)} times as large as later ones: put a warm-up in front. β is the
 * schedule's momentum where it gives one; with a momentum of 0, {@code m} is {@code g}, and the
 * schedule's momentum does nothing. Cost: as Adam.
 *
 * @param momentum β where no schedule gives one, from 0 to below 1; 0 by default
 * @param squaredMomentum β₂, from 0 to below 1; 0.99 by default
 * @param epsilon ε, above 0; 1e-8 by default
 * @param weightDecay from 0 to 1; 0 by default
 */
public record RmsProp(double momentum, double squaredMomentum, double epsilon, double weightDecay)
    implements Optimizer {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public RmsProp {
    Check.range("rmsProp", "momentum", momentum, 0, 0.999999);
    Check.range("rmsProp", "squaredMomentum", squaredMomentum, 0, 0.999999);
    Check.positive("rmsProp", "epsilon", epsilon);
    Check.range("rmsProp", "weightDecay", weightDecay, 0, 1);
  }

  /** fastai's defaults: 0, 0.99, 1e-8 and 0. */
  public RmsProp() {
    this(0, 0.99, 1e-8, 0);
  }

  @Override
  public RmsProp weightDecay(double weightDecay) {
    return new RmsProp(momentum, squaredMomentum, epsilon, weightDecay);
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    StepGraph graph = new StepGraph(tf, variables, inputs, weightDecay);
    StepGraph.Scaled rate = graph.scaled(inputs.learningRate());
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> momentum =
        this.momentum == 0 ? tf.constant(0f) : graph.single(inputs.momentum());
    Operand<TFloat32> beta2 = tf.constant((float) squaredMomentum);
    Operand<TFloat32> epsilon = tf.constant((float) this.epsilon);

    // One pass of Adam's kernel does it all: it keeps n = s·m with a scalar s for which
    // n ← (1-s)n + s·g, that is s ← s/(s+β), and the rate is divided by s.
    List<Op> steps = new ArrayList<>();
    for (Update update : updates) {
      Ops at = graph.decayed(update);
      Variable share = graph.slot(update, "rmsprop.s", Shape.scalar(), 1);
      Operand<TFloat32> before = share.read(at);
      Operand<TFloat32> s = at.math.div(before, at.math.add(before, momentum));
      steps.add(at.assignVariableOp(share.handle(), s));
      steps.add(
          StepGraph.adam(
              at,
              update,
              graph.slot(update, "rmsprop.m"),
              graph.slot(update, "rmsprop.v"),
              at.math.div(rate.of(update), s),
              at.math.sub(one, s),
              beta2,
              epsilon));
    }
    return Variables.group(tf, steps);
  }

  @Override
  public String describe() {
    return "RMSProp: momentum %s, squared momentum %s, epsilon %s, weight decay %s"
        .formatted(
            Check.number(momentum),
            Check.number(squaredMomentum),
            Check.number(epsilon),
            Check.number(weightDecay));
  }
}
