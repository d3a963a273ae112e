package dev.leaven.runtime.loss;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Label smoothing (Szegedy et al. 2015, "Rethinking the Inception Architecture for Computer
 * Vision"): the target of the true class is {@code 1-ε+ε/K} instead of 1, and that of every other
 * class {@code ε/K} instead of 0.
 *
 * <p>It is applied once, as a part of the loss and so after mixing, as in torchvision, Keras and
 * Composer: class weights and the accuracy in training use targets that are mixed and not smoothed.
 * timm smooths and then mixes, fastai mixes the smoothed losses of both labels; with MixUp and
 * CutMix, which are linear, timm's targets are the same, and fastai's loss where a loss is linear
 * in its targets, as cross-entropy is. With smoothing the lowest possible loss is no longer 0:
 * about 0.5 for ten classes and 0.1. Where images may have several classes, each is a choice of
 * two: {@code 1-ε/2} and {@code ε/2}. Effect: a less confident model and, in runs of many epochs, a
 * little more accurate. Cost: none.
 *
 * @param epsilon how much is taken from the true class: from 0 to below 1; 0.1 is usual, 0 is none
 */
public record LabelSmoothing(double epsilon) implements Technique {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when epsilon is not at least 0 and below 1
   */
  public LabelSmoothing {
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException(
          "labelSmoothing: epsilon must be at least 0 and below 1, but is "
              + Check.number(epsilon));
    }
  }

  /**
   * Smooths targets.
   *
   * @param tf where the operations go
   * @param targets distributions, {@code [batch, classes]}
   * @param choices the number of alternatives: the number of classes, or 2 where each class is
   *     present or absent independently
   * @return {@code (1-ε)·targets + ε/choices}, of the same shape
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> targets, int choices) {
    if (epsilon == 0) {
      return targets;
    }
    return tf.math.add(
        tf.math.mul(targets, tf.constant((float) (1 - epsilon))),
        tf.constant((float) (epsilon / choices)));
  }

  @Override
  public String describe() {
    return epsilon == 0 ? "no label smoothing" : "label smoothing of " + Check.number(epsilon);
  }
}
