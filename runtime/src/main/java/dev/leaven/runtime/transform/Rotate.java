package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Turns an image about its centre, by an angle drawn evenly from {@code -maxDegrees} to {@code
 * maxDegrees}.
 *
 * <p>The defaults are those of fastai's {@code aug_transforms}: 10° with a probability of 0.75. As
 * for all geometry, images are square here and what comes into view is the image's reflection.
 *
 * @param maxDegrees the largest angle either way, from 0 to 180
 * @param probability from 0 to 1, decided for each image
 */
public record Rotate(double maxDegrees, double probability) implements Geometry {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Rotate {
    Check.range("rotate", "maxDegrees", maxDegrees, 0, 180);
    Check.range("rotate", "probability", probability, 0, 1);
  }

  /**
   * Turns three images of four.
   *
   * @param maxDegrees the largest angle either way, from 0 to 180
   */
  public Rotate(double maxDegrees) {
    this(maxDegrees, 0.75);
  }

  /** Turns three images of four by up to 10°. */
  public Rotate() {
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
    Operand<TFloat32> cos = tf.math.cos(angle);
    Operand<TFloat32> sin = tf.math.sin(angle);
    Operand<TFloat32> zero = tf.zerosLike(angle);
    return Matrices.linear(tf, cos, sin, tf.math.neg(sin), cos, zero, zero);
  }

  @Override
  public int order() {
    return 300;
  }

  @Override
  public boolean isNeutral() {
    return maxDegrees == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "rotate by up to %s° either way with probability %s"
        .formatted(Check.number(maxDegrees), Check.number(probability));
  }
}
