package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Raises or lowers an image's contrast about middle grey, as fastai does: the logit of every value
 * is multiplied by a factor from {@code 1 - maxChange} to {@code 1/(1 - maxChange)}, drawn evenly
 * on a logarithmic scale.
 *
 * <p>The defaults are those of fastai's {@code aug_transforms}: 0.2 with a probability of 0.75.
 *
 * @param maxChange from 0 to 0.99
 * @param probability from 0 to 1, decided for each image
 */
public record Contrast(double maxChange, double probability) implements LogitLighting {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Contrast {
    Check.range("contrast", "maxChange", maxChange, 0, 0.99);
    Check.range("contrast", "probability", probability, 0, 1);
  }

  /**
   * Changes three images of four.
   *
   * @param maxChange from 0 to 0.99
   */
  public Contrast(double maxChange) {
    this(maxChange, 0.75);
  }

  /** Changes three images of four by up to 0.2. */
  public Contrast() {
    this(0.2);
  }

  /** Two: whether, and how far. */
  @Override
  public int draws() {
    return 2;
  }

  @Override
  public Line line(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> factor = tf.math.exp(Draws.eitherWay(tf, draws, 1, -Math.log1p(-maxChange)));
    Operand<TFloat32> slope = Draws.sometimes(tf, draws, 0, probability, factor, 1);
    return new Line(slope, tf.zerosLike(slope));
  }

  @Override
  public int order() {
    return 200;
  }

  @Override
  public boolean isNeutral() {
    return maxChange == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "contrast changed by up to %s with probability %s"
        .formatted(Check.number(maxChange), Check.number(probability));
  }
}
