package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Makes an image's colours stronger or weaker: each colour becomes {@code f·colour + (1-f)·grey}
 * with a factor {@code f} from {@code 1 - maxChange} to {@code 1/(1 - maxChange)}, drawn evenly on
 * a logarithmic scale, and its grey {@code 0.2989·red + 0.587·green + 0.114·blue}.
 *
 * <p>Draw and default (0.2 with a probability of 0.75) are those of fastai's {@code Saturation}; as
 * in torchvision it works on the values themselves, a matrix for each image, and clips. fastai's
 * {@code aug_transforms} does not use it.
 *
 * @param maxChange from 0 to 0.99
 * @param probability from 0 to 1, decided for each image
 */
public record Saturation(double maxChange, double probability) implements Colour {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Saturation {
    Check.range("saturation", "maxChange", maxChange, 0, 0.99);
    Check.range("saturation", "probability", probability, 0, 1);
  }

  /**
   * Changes three images of four.
   *
   * @param maxChange from 0 to 0.99
   */
  public Saturation(double maxChange) {
    this(maxChange, 0.75);
  }

  /** Changes three images of four by up to 0.2. */
  public Saturation() {
    this(0.2);
  }

  /** Two: whether, and how far. */
  @Override
  public int draws() {
    return 2;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> factor = tf.math.exp(Draws.eitherWay(tf, draws, 1, -Math.log1p(-maxChange)));
    return Matrices.towardsGrey(tf, Draws.sometimes(tf, draws, 0, probability, factor, 1));
  }

  @Override
  public int order() {
    return 300;
  }

  @Override
  public boolean isNeutral() {
    return maxChange == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "saturation changed by up to %s with probability %s"
        .formatted(Check.number(maxChange), Check.number(probability));
  }
}
