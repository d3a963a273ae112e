package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Adam (Kingma, Ba 2014) with decoupled weight decay (Loshchilov, Hutter 2017), as in fastai.
 *
 * <p>With gradient {@code g}, learning rate {@code lr} and the step's count {@code t}: first {@code
 * p ← p·(1 - lr·weightDecay)} for weights but not for norms and biases; then {@code m ← β₁m +
 * (1-β₁)g}, {@code v ← β₂v + (1-β₂)g²} and {@code p ← p - lr · m/(1-β₁ᵗ) / (√(v/(1-β₂ᵗ)) + ε)}. β₁
 * is the schedule's momentum where it gives one, and the correction uses the present β₁.
 *
 * @param momentum β₁ where no schedule gives one, from 0 to below 1
 * @param squaredMomentum β₂, from 0 to below 1
 * @param epsilon ε, above 0
 * @param weightDecay from 0 to 1
 */
public record Adam(double momentum, double squaredMomentum, double epsilon, double weightDecay)
    implements Optimizer {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Adam {
    Check.range("adam", "momentum", momentum, 0, 0.999999);
    Check.range("adam", "squaredMomentum", squaredMomentum, 0, 0.999999);
    Check.positive("adam", "epsilon", epsilon);
    Check.range("adam", "weightDecay", weightDecay, 0, 1);
  }

  /** fastai's defaults: 0.9, 0.99, 1e-5 and 0.01. */
  public Adam() {
    this(0.9, 0.99, 1e-5, 0.01);
  }

  /**
   * The same with another weight decay.
   *
   * @param weightDecay from 0 to 1
   * @return a new Adam
   */
  @Override
  public Adam weightDecay(double weightDecay) {
    return new Adam(momentum, squaredMomentum, epsilon, weightDecay);
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    StepGraph graph = new StepGraph(tf, variables, inputs, weightDecay);
    Operand<TFloat64> correction = graph.correction(inputs.momentum(), inputs.count());
    Operand<TFloat64> squaredCorrection =
        tf.math.sqrt(graph.correction(squaredMomentum, inputs.count()));

    // The kernel adds its epsilon to √v without the correction. Multiplying both the numerator's
    // rate and epsilon by √(1-β₂ᵗ) gives the formula above.
    StepGraph.Scaled rate =
        graph.scaled(
            tf.math.div(tf.math.mul(inputs.learningRate(), squaredCorrection), correction));
    Operand<TFloat32> epsilonHat =
        graph.single(tf.math.mul(tf.constant(epsilon), squaredCorrection));
    Operand<TFloat32> beta1 = graph.single(inputs.momentum());
    Operand<TFloat32> beta2 = tf.constant((float) squaredMomentum);

    List<Op> steps = new ArrayList<>();
    for (Update update : updates) {
      steps.add(
          StepGraph.adam(
              graph.decayed(update),
              update,
              graph.slot(update, "adam.m"),
              graph.slot(update, "adam.v"),
              rate.of(update),
              beta1,
              beta2,
              epsilonHat));
    }
    return Variables.group(tf, steps);
  }

  @Override
  public String describe() {
    return "Adam: momentum %s, squared momentum %s, epsilon %s, weight decay %s"
        .formatted(
            Check.number(momentum),
            Check.number(squaredMomentum),
            Check.number(epsilon),
            Check.number(weightDecay));
  }
}
