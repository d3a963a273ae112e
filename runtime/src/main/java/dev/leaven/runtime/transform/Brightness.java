package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Makes an image lighter or darker, as fastai does: with {@code c} drawn evenly from {@code (1 -
 * maxChange)/2} to {@code (1 + maxChange)/2}, {@code logit(c)} is added to the logit of every
 * value, so that middle grey becomes {@code c}.
 *
 * <p>The defaults are those of fastai's {@code aug_transforms}: 0.2 with a probability of 0.75.
 *
 * @param maxChange from 0 to 0.99
 * @param probability from 0 to 1, decided for each image
 */
public record Brightness(double maxChange, double probability) implements LogitLighting {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Brightness {
    Check.range("brightness", "maxChange", maxChange, 0, 0.99);
    Check.range("brightness", "probability", probability, 0, 1);
  }

  /**
   * Changes three images of four.
   *
   * @param maxChange from 0 to 0.99
   */
  public Brightness(double maxChange) {
    this(maxChange, 0.75);
  }

  /** Changes three images of four by up to 0.2. */
  public Brightness() {
    this(0.2);
  }

  /** Two: whether, and how far. */
  @Override
  public int draws() {
    return 2;
  }

  @Override
  public Line line(Ops tf, Operand<TFloat32> draws) {
    // With e = 2c - 1, logit(c) is log((1+e)/(1-e)), which is exact where c is near a half.
    Operand<TFloat32> e = Draws.eitherWay(tf, draws, 1, maxChange);
    Operand<TFloat32> logit = tf.math.sub(tf.math.log1p(e), tf.math.log1p(tf.math.neg(e)));
    Operand<TFloat32> shift = Draws.sometimes(tf, draws, 0, probability, logit, 0);
    return new Line(tf.onesLike(shift), shift);
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public boolean isNeutral() {
    return maxChange == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "brightness changed by up to %s with probability %s"
        .formatted(Check.number(maxChange), Check.number(probability));
  }
}
