package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Enlarges an image by a factor drawn evenly from {@code min} to {@code max}, and shows a random
 * part of it; a factor below 1 makes it smaller, surrounded by its reflection.
 *
 * <p>The defaults are those of fastai's {@code aug_transforms}: 1 to 1.1 with a probability of
 * 0.75. With the factor {@code f} and {@code s = 1/f}, the centre of what is shown is drawn evenly
 * within {@code 1-s} of the image's, for each axis.
 *
 * @param min the smallest factor, from 0.1 to {@code max}
 * @param max the largest factor, at most 10
 * @param probability from 0 to 1, decided for each image
 */
public record Zoom(double min, double max, double probability) implements Geometry {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Zoom {
    Check.range("zoom", "max", max, 0.1, 10);
    Check.range("zoom", "min", min, 0.1, max);
    Check.range("zoom", "probability", probability, 0, 1);
  }

  /**
   * Enlarges three images of four.
   *
   * @param min the smallest factor, from 0.1 to {@code max}
   * @param max the largest factor, at most 10
   */
  public Zoom(double min, double max) {
    this(min, max, 0.75);
  }

  /** Enlarges three images of four by up to 1.1. */
  public Zoom() {
    this(1, 1.1);
  }

  /** Four: whether, the factor, and the place on each axis. */
  @Override
  public int draws() {
    return 4;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> factor =
        Draws.sometimes(tf, draws, 0, probability, Draws.between(tf, draws, 1, min, max), 1);
    // Not reciprocal, whose vector form does not give exactly 1 for 1.
    Operand<TFloat32> scale = tf.math.div(tf.constant(1f), factor);
    Operand<TFloat32> room = tf.math.sub(tf.constant(1f), scale);
    return Matrices.scaleAndShift(
        tf,
        scale,
        tf.math.mul(room, Draws.eitherWay(tf, draws, 2, 1)),
        scale,
        tf.math.mul(room, Draws.eitherWay(tf, draws, 3, 1)));
  }

  @Override
  public int order() {
    return 400;
  }

  @Override
  public boolean isNeutral() {
    return (min == 1 && max == 1) || probability == 0;
  }

  @Override
  public String describe() {
    return "zoom by %s to %s at a random place with probability %s"
        .formatted(Check.number(min), Check.number(max), Check.number(probability));
  }
}
