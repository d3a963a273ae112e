package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variables;
import java.util.List;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Sharpness-aware minimization (Foret et al. 2021, "Sharpness-Aware Minimization for Efficiently
 * Improving Generalization") around any optimizer: it steps from the weights {@code w} by the
 * gradient at {@code w + ρ·g/(‖g‖ + 1e-12)}, where {@code g} is the gradient at {@code w} and its
 * norm is over all weights that learn. Both gradients are of the same batch, with the same mixing
 * and dropout; running statistics and the reported loss are those at {@code w}, and clipping is of
 * the gradient that moves the weights.
 *
 * <p>Where a step accumulates several batches, each has its own neighbourhood and their second
 * gradients are averaged: the paper's m-sharpness, with {@code m} the size of a batch.
 *
 * <p>Effect: flatter minima, which generalize better in long runs; short ones gain little. Cost:
 * two passes forward and backward for each step, one after the other, so twice the time and little
 * more memory.
 *
 * @param of takes the steps; not a Sam itself
 * @param rho ρ, how far the neighbourhood reaches, above 0 and at most 10; 0.05 by default
 */
public record Sam(Optimizer of, double rho) implements Optimizer {

  private static final float NORM_EPSILON = 1e-12f;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when {@code rho} is outside its range, or {@code of} is
   *     sharpness-aware already
   */
  public Sam {
    Objects.requireNonNull(of, "of");
    Check.positive("sam", "rho", rho);
    Check.range("sam", "rho", rho, 0, 10);
    if (of instanceof Sam || of instanceof Lookahead lookahead && lookahead.of() instanceof Sam) {
      throw new IllegalArgumentException(
          "sam: the optimizer in it is sharpness-aware already; give the one that takes the steps");
    }
  }

  /**
   * With the paper's ρ of 0.05.
   *
   * @param of takes the steps
   */
  public Sam(Optimizer of) {
    this(of, 0.05);
  }

  @Override
  public double momentum() {
    return of.momentum();
  }

  @Override
  public Sam weightDecay(double weightDecay) {
    return new Sam(of.weightDecay(weightDecay), rho);
  }

  @Override
  public List<Operand<TFloat32>> offsets(Ops tf, List<Update> updates) {
    Operand<TFloat32> norm = tf.math.add(ClipNorm.norm(tf, updates), tf.constant(NORM_EPSILON));
    Operand<TFloat32> scale = tf.math.div(tf.constant((float) rho), norm);
    return updates.stream()
        .<Operand<TFloat32>>map(update -> tf.math.mul(update.gradient(), scale))
        .toList();
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    return of.step(tf, variables, updates, inputs);
  }

  @Override
  public String describe() {
    return "%s; SAM: by the gradient %s away, where the loss is higher"
        .formatted(of.describe(), Check.number(rho));
  }
}
