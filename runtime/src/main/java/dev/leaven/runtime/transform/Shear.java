package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Shears an image about its centre: upright lines lean by an angle drawn evenly from {@code
 * -maxDegrees} to {@code maxDegrees}, level lines stay level.
 *
 * <p>This is the {@code shear} of torchvision's {@code RandomAffine}; fastai's {@code
 * aug_transforms} has none. Default: 10° with a probability of 0.75.
 *
 * @param maxDegrees the largest angle either way, from 0 to 80
 * @param probability from 0 to 1, decided for each image
 */
public record Shear(double maxDegrees, double probability) implements Geometry {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Shear {
    Check.range("shear", "maxDegrees", maxDegrees, 0, 80);
    Check.range("shear", "probability", probability, 0, 1);
  }

  /**
   * Leans three images of four.
   *
   * @param maxDegrees the largest angle either way, from 0 to 80
   */
  public Shear(double maxDegrees) {
    this(maxDegrees, 0.75);
  }

  /** Leans three images of four by up to 10°. */
  public Shear() {
    this(10);
  }

  /** Two: whether, and the angle. */
  @Override
  public int draws() {
    return 2;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> angle =
        Draws.sometimes(
            tf,
            draws,
            0,
            probability,
            Draws.eitherWay(tf, draws, 1, Math.toRadians(maxDegrees)),
            0);
    Operand<TFloat32> one = tf.onesLike(angle);
    Operand<TFloat32> zero = tf.zerosLike(angle);
    return Matrices.linear(tf, one, tf.math.tan(angle), zero, one, zero, zero);
  }

  @Override
  public int order() {
    return 500;
  }

  @Override
  public boolean isNeutral() {
    return maxDegrees == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "shear by up to %s° either way with probability %s"
        .formatted(Check.number(maxDegrees), Check.number(probability));
  }
}
