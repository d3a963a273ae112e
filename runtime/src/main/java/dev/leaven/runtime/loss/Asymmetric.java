package dev.leaven.runtime.loss;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Task;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Asymmetric loss (Ridnik et al. 2020, "Asymmetric Loss For Multi-Label Classification"): for
 * images with few of many classes, where nearly all classes are an easy "no". With {@code p = σ(z)}
 * and {@code s = max(p - clip, 0)} it is the sum over the classes of {@code -t·(1-p)^γ₊·log p -
 * (1-t)·s^γ₋·log(1-s)}.
 *
 * <p>Defaults are the paper's: 4 for absent classes, 1 for present classes, and a clip of 0.05,
 * below which a "no" costs nothing. It is linear in the targets. Effect: rare classes are found
 * more often. Cost: none.
 *
 * @param gammaNegative how much less an easy "no" counts, from 0 to 10
 * @param gammaPositive how much less an easy "yes" counts, from 0 to 10
 * @param clip the probability below which a "no" costs nothing, from 0 to 0.5
 */
public record Asymmetric(double gammaNegative, double gammaPositive, double clip) implements Loss {

  private static final float SMALLEST = 1e-8f;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Asymmetric {
    Check.range("asymmetric", "gammaNegative", gammaNegative, 0, 10);
    Check.range("asymmetric", "gammaPositive", gammaPositive, 0, 10);
    Check.range("asymmetric", "clip", clip, 0, 0.5);
  }

  /** The paper's 4, 1 and 0.05. */
  public Asymmetric() {
    this(4, 1, 0.05);
  }

  @Override
  public Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> yes = tf.math.sigmoid(logits);
    Operand<TFloat32> shifted =
        tf.math.maximum(tf.math.sub(yes, tf.constant((float) clip)), tf.constant(SMALLEST));
    Operand<TFloat32> there =
        tf.math.mul(
            tf.math.pow(
                tf.math.maximum(tf.math.sub(one, yes), tf.constant(SMALLEST)),
                tf.constant((float) gammaPositive)),
            tf.math.softplus(tf.math.neg(logits)));
    Operand<TFloat32> absent =
        tf.math.mul(
            tf.math.pow(shifted, tf.constant((float) gammaNegative)),
            tf.math.neg(
                tf.math.log(tf.math.maximum(tf.math.sub(one, shifted), tf.constant(SMALLEST)))));
    Operand<TFloat32> each =
        tf.math.add(tf.math.mul(targets, there), tf.math.mul(tf.math.sub(one, targets), absent));
    return tf.sum(each, tf.constant(new int[] {1}));
  }

  @Override
  public Set<Task> tasks() {
    return Set.of(Task.MULTI_LABEL);
  }

  @Override
  public Operand<TFloat32> answers(Ops tf, Operand<TFloat32> logits) {
    return tf.math.sigmoid(logits);
  }

  @Override
  public Operand<TFloat32> logits(Ops tf, Operand<TFloat32> answers) {
    return new BinaryCrossEntropy().logits(tf, answers);
  }

  @Override
  public String describe() {
    return "asymmetric loss: gamma %s for what is not there, %s for what is, clip %s"
        .formatted(Check.number(gammaNegative), Check.number(gammaPositive), Check.number(clip));
  }
}
