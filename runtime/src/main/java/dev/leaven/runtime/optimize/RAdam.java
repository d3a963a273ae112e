package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
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
 * Rectified Adam (Liu et al. 2019, "On the variance of the adaptive learning rate and beyond"), as
 * in fastai: Adam that uses its averaged squares only as far as enough of them were seen.
 *
 * <p>Weight decay, {@code m}, {@code v} and their corrections are {@link Adam}'s. With {@code r∞ =
 * 2/(1-β₂) - 1} and {@code r = r∞ - 2tβ₂ᵗ/(1-β₂ᵗ)}, the step is {@code lr·m̂} while {@code r ≤ 5},
 * and then Adam's times {@code √((r-4)(r-2)r∞ / ((r∞-4)(r∞-2)r))}. Effect: a warm-up that needs no
 * parameter; with β₂ of 0.99 it begins after 5 steps and reaches nine tenths after 280. Cost: as
 * Adam.
 *
 * @param momentum β₁ where no schedule gives one, from 0 to below 1; 0.9 by default
 * @param squaredMomentum β₂, from 0 to below 1; 0.99 by default
 * @param epsilon ε, above 0; 1e-5 by default
 * @param weightDecay from 0 to 1; 0 by default
 */
public record RAdam(double momentum, double squaredMomentum, double epsilon, double weightDecay)
    implements Optimizer {

  private static final double FIRST_RECTIFIED = 5;
  // A power of two next to which every √v is negligible: m·HUGE/(√v + HUGE) is m to the last bit.
  private static final double HUGE = 0x1p60;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public RAdam {
    Check.range("rAdam", "momentum", momentum, 0, 0.999999);
    Check.range("rAdam", "squaredMomentum", squaredMomentum, 0, 0.999999);
    Check.positive("rAdam", "epsilon", epsilon);
    Check.range("rAdam", "weightDecay", weightDecay, 0, 1);
  }

  /** fastai's defaults: 0.9, 0.99, 1e-5 and 0. */
  public RAdam() {
    this(0.9, 0.99, 1e-5, 0);
  }

  @Override
  public RAdam weightDecay(double weightDecay) {
    return new RAdam(momentum, squaredMomentum, epsilon, weightDecay);
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    StepGraph graph = new StepGraph(tf, variables, inputs, weightDecay);
    Operand<TFloat64> correction = graph.correction(inputs.momentum(), inputs.count());
    Operand<TFloat64> squared = graph.correction(squaredMomentum, inputs.count());
    Operand<TFloat64> root = tf.math.sqrt(squared);
    Operand<TFloat64> certainty = certainty(tf, squared, inputs.count());
    Operand<TBool> rectified = tf.math.greater(certainty, tf.constant(FIRST_RECTIFIED));

    // The plain step comes out of the same kernel when ε is so large that v no longer counts.
    Operand<TFloat64> huge = tf.constant(HUGE);
    Operand<TFloat64> scale =
        tf.select(rectified, tf.math.mul(rectification(tf, certainty), root), huge);
    StepGraph.Scaled rate =
        graph.scaled(tf.math.div(tf.math.mul(inputs.learningRate(), scale), correction));
    Operand<TFloat32> epsilonHat =
        graph.single(tf.select(rectified, tf.math.mul(tf.constant(epsilon), root), huge));
    Operand<TFloat32> beta1 = graph.single(inputs.momentum());
    Operand<TFloat32> beta2 = tf.constant((float) squaredMomentum);

    List<Op> steps = new ArrayList<>();
    for (Update update : updates) {
      steps.add(
          StepGraph.adam(
              graph.decayed(update),
              update,
              graph.slot(update, "radam.m"),
              graph.slot(update, "radam.v"),
              rate.of(update),
              beta1,
              beta2,
              epsilonHat));
    }
    return Variables.group(tf, steps);
  }

  // Of the β₂ that the kernel has: r is a small difference of large numbers that have it in common.
  private double most() {
    return 2 / (1 - (double) (float) squaredMomentum) - 1;
  }

  // The paper's ρ: of how many independent squares the mean consists.
  private Operand<TFloat64> certainty(
      Ops tf, Operand<TFloat64> squaredCorrection, Operand<TFloat64> count) {
    Operand<TFloat64> power = tf.math.sub(tf.constant(1.0), squaredCorrection);
    return tf.math.sub(
        tf.constant(most()),
        tf.math.div(tf.math.mul(tf.constant(2.0), tf.math.mul(count, power)), squaredCorrection));
  }

  private Operand<TFloat64> rectification(Ops tf, Operand<TFloat64> certainty) {
    Operand<TFloat64> r = tf.math.maximum(certainty, tf.constant(FIRST_RECTIFIED));
    Operand<TFloat64> four = tf.math.sub(r, tf.constant(4.0));
    Operand<TFloat64> two = tf.math.sub(r, tf.constant(2.0));
    double most = most();
    return tf.math.sqrt(
        tf.math.div(
            tf.math.mul(tf.math.mul(four, two), tf.constant(most / ((most - 4) * (most - 2)))), r));
  }

  @Override
  public String describe() {
    return "RAdam: momentum %s, squared momentum %s, epsilon %s, weight decay %s"
        .formatted(
            Check.number(momentum),
            Check.number(squaredMomentum),
            Check.number(epsilon),
            Check.number(weightDecay));
  }
}
