package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Shows an image in perspective, as if seen slightly from the side, from above or from below.
 *
 * <p>With {@code a} and {@code b} drawn evenly from {@code -magnitude} to {@code magnitude}, the
 * corner {@code (u, v)} of the result shows the place {@code (u - a·uv, v - b·uv)} of the image, as
 * in fastai's {@code Warp}; each of the two is neutral in {@code 1 - probability} of the images.
 * fastai solves eight equations for each image; for these corners their solution is
 *
 * <pre>{@code
 * 1 - a²   -ab     b
 *  -ab    1 - b²   a
 *   b       a      1
 * }</pre>
 *
 * <p>so that warping is a matrix like all other geometry and needs no separate sampling. The
 * defaults are those of fastai's {@code aug_transforms}: 0.2 with a probability of 0.75.
 *
 * @param magnitude the largest movement of a corner, in halves of the image size, from 0 to 0.4;
 *     above, the horizon could come into view
 * @param probability from 0 to 1, decided for each image and axis
 */
public record Warp(double magnitude, double probability) implements Geometry {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Warp {
    Check.range("warp", "magnitude", magnitude, 0, 0.4);
    Check.range("warp", "probability", probability, 0, 1);
  }

  /**
   * Warps each axis of three images of four.
   *
   * @param magnitude the largest movement of a corner, in halves of the image size, from 0 to 0.4
   */
  public Warp(double magnitude) {
    this(magnitude, 0.75);
  }

  /** Warps each axis of three images of four by up to 0.2. */
  public Warp() {
    this(0.2);
  }

  /** Four: whether and how far sideways, whether and how far up and down. */
  @Override
  public int draws() {
    return 4;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> a = displacement(tf, draws, 0);
    Operand<TFloat32> b = displacement(tf, draws, 2);
    Operand<TFloat32> one = tf.onesLike(a);
    Operand<TFloat32> both = tf.math.neg(tf.math.mul(a, b));
    return Matrices.rows(
        tf,
        List.of(
            List.of(tf.math.sub(one, tf.math.square(a)), both, b),
            List.of(both, tf.math.sub(one, tf.math.square(b)), a),
            List.of(b, a, one)));
  }

  private Operand<TFloat32> displacement(Ops tf, Operand<TFloat32> draws, int coin) {
    return Draws.sometimes(
        tf, draws, coin, probability, Draws.eitherWay(tf, draws, coin + 1, magnitude), 0);
  }

  @Override
  public int order() {
    return 200;
  }

  @Override
  public boolean isNeutral() {
    return magnitude == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "perspective warp by up to %s, each axis with probability %s"
        .formatted(Check.number(magnitude), Check.number(probability));
  }
}
