package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variable;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * Adaptive gradient clipping (Brock et al. 2021, "High-Performance Large-Scale Image Recognition
 * Without Normalization"): the gradient of each unit, which is an output channel of a weight or a
 * whole bias, is limited to {@code factor} times the length of the unit itself, which counts as at
 * least {@code epsilon}.
 *
 * <p>As in the paper, the last layer is left alone. Effect: larger batches and learning rates stay
 * stable. Cost: two passes over the weights and gradients.
 *
 * @param factor above 0; 0.01 by default
 * @param epsilon above 0; 0.001 by default
 */
public record AdaptiveClip(double factor, double epsilon) implements Clipping {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is not above 0
   */
  public AdaptiveClip {
    Check.positive("clipGradients", "factor", factor);
    Check.positive("clipGradients", "epsilon", epsilon);
  }

  /** With the paper's 0.01 and 0.001. */
  public AdaptiveClip() {
    this(0.01, 1e-3);
  }

  @Override
  public List<Optimizer.Update> clip(Ops tf, List<Optimizer.Update> updates) {
    int last = updates.size();
    // The last layer's weight is the last one that was read; its bias comes after it.
    for (int i = 0; i < updates.size(); i++) {
      last = updates.get(i).variable().kind() == Variable.Kind.WEIGHT ? i : last;
    }
    List<Optimizer.Update> clipped = new ArrayList<>();
    for (int i = 0; i < updates.size(); i++) {
      clipped.add(i < last ? clip(tf, updates.get(i)) : updates.get(i));
    }
    return clipped;
  }

  private Optimizer.Update clip(Ops tf, Optimizer.Update update) {
    Operand<TFloat32> most =
        tf.math.mul(
            tf.math.maximum(
                length(tf, update, update.variable().read(tf)), tf.constant((float) epsilon)),
            tf.constant((float) factor));
    Operand<TFloat32> length = length(tf, update, update.gradient());
    return update.gradient(
        tf.math.mul(update.gradient(), tf.math.div(most, tf.math.maximum(length, most))));
  }

  // Over all axes but the last, which counts the output channels; a vector is one unit.
  private static Operand<TFloat32> length(
      Ops tf, Optimizer.Update update, Operand<TFloat32> values) {
    int rank = update.variable().shape().numDimensions();
    int[] axes = new int[Math.max(1, rank - 1)];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i;
    }
    return tf.math.sqrt(tf.sum(tf.math.square(values), tf.constant(axes), Sum.keepDims(true)));
  }

  @Override
  public String describe() {
    return "gradients clipped to %s of each unit's length".formatted(Check.number(factor));
  }
}
