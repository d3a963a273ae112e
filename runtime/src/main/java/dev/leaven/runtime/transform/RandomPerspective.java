package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * Shows an image from a random viewpoint: each of its four corners moves inward, on each axis by
 * its own distance, drawn evenly from 0 to {@code distortion} times half the image size.
 *
 * <p>This is torchvision's {@code RandomPerspective}, with its defaults of 0.5 and a probability of
 * 0.5, except that torchvision moves corners by whole pixels and shows black where this shows the
 * image's reflection. The homography from the image {@code (u, v)} to the result {@code (x, y)}
 * solves eight equations, two for each corner:
 *
 * <pre>{@code
 * x = (a·u + b·v + c) / (g·u + h·v + 1)
 * y = (d·u + e·v + f) / (g·u + h·v + 1)
 * }</pre>
 *
 * <p>and its inverse is the matrix. For corners at ±1 the equations have a closed solution, so no
 * linear system is solved. {@link Warp} has two random numbers, of which opposite edges share one;
 * here the corners are independent and the image only becomes smaller. Effect: helps where
 * photographs show flat things such as signs, pages or façades from any angle. Cost: a few
 * operations for each image and no sampling of its own.
 *
 * @param distortion the largest movement of a corner, in halves of the image size, from 0 to 0.5;
 *     above, the horizon could come into view
 * @param probability from 0 to 1, decided for each image
 */
public record RandomPerspective(double distortion, double probability) implements Geometry {

  // The corners in the order of the draws: top left, top right, bottom right, bottom left.
  private static final float[] U = {-1, 1, 1, -1};
  private static final float[] V = {-1, -1, 1, 1};
  private static final float[] UV = {1, -1, 1, -1};
  private static final float[] ONE = {1, 1, 1, 1};

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public RandomPerspective {
    Check.range("perspective", "distortion", distortion, 0, 0.5);
    Check.range("perspective", "probability", probability, 0, 1);
  }

  /**
   * Distorts every second image.
   *
   * @param distortion the largest movement of a corner, in halves of the image size, from 0 to 0.5
   */
  public RandomPerspective(double distortion) {
    this(distortion, 0.5);
  }

  /** Distorts every second image by up to 0.5. */
  public RandomPerspective() {
    this(0.5);
  }

  /** Nine: whether, and how far each corner moves sideways and up or down. */
  @Override
  public int draws() {
    return 9;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> x = corners(tf, draws, 1, U);
    Operand<TFloat32> y = corners(tf, draws, 2, V);
    Operand<TFloat32> x1 = mean(tf, x, ONE);
    Operand<TFloat32> xu = mean(tf, x, U);
    Operand<TFloat32> xv = mean(tf, x, V);
    Operand<TFloat32> xuv = mean(tf, x, UV);
    Operand<TFloat32> y1 = mean(tf, y, ONE);
    Operand<TFloat32> yu = mean(tf, y, U);
    Operand<TFloat32> yv = mean(tf, y, V);
    Operand<TFloat32> yuv = mean(tf, y, UV);

    // Weighted by ±1, the equations of the corners leave two for g and h, which determine the
    // others.
    Operand<TFloat32> scale = difference(tf, xv, yu, xu, yv);
    Operand<TFloat32> g = tf.math.div(difference(tf, xu, yuv, xuv, yu), scale);
    Operand<TFloat32> h = tf.math.div(difference(tf, xuv, yv, xv, yuv), scale);
    Operand<TFloat32> a = sum(tf, xu, g, x1, h, xuv);
    Operand<TFloat32> b = sum(tf, xv, g, xuv, h, x1);
    Operand<TFloat32> c = sum(tf, x1, g, xu, h, xv);
    Operand<TFloat32> d = sum(tf, yu, g, y1, h, yuv);
    Operand<TFloat32> e = sum(tf, yv, g, yuv, h, y1);
    Operand<TFloat32> f = sum(tf, y1, g, yu, h, yv);

    // The adjugate is the inverse up to a factor, which a projective matrix does not need.
    return Matrices.rows(
        tf,
        List.of(
            List.of(
                tf.math.sub(e, tf.math.mul(f, h)),
                tf.math.sub(tf.math.mul(c, h), b),
                difference(tf, b, f, c, e)),
            List.of(
                tf.math.sub(tf.math.mul(f, g), d),
                tf.math.sub(a, tf.math.mul(c, g)),
                difference(tf, c, d, a, f)),
            List.of(
                difference(tf, d, h, e, g),
                difference(tf, b, g, a, h),
                difference(tf, a, e, b, d))));
  }

  /** Where the corners go on one axis, {@code [batch, 4]}. */
  private Operand<TFloat32> corners(Ops tf, Operand<TFloat32> draws, int first, float[] from) {
    List<Operand<TFloat32>> moved =
        List.of(
            inward(tf, draws, first),
            inward(tf, draws, first + 2),
            inward(tf, draws, first + 4),
            inward(tf, draws, first + 6));
    return tf.math.mul(
        tf.constant(from), tf.math.sub(tf.constant(1f), tf.stack(moved, Stack.axis(1L))));
  }

  private Operand<TFloat32> inward(Ops tf, Operand<TFloat32> draws, int column) {
    return Draws.sometimes(
        tf, draws, 0, probability, Draws.between(tf, draws, column, 0, distortion), 0);
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> corners, float[] weights) {
    return tf.math.mean(tf.math.mul(corners, tf.constant(weights)), tf.constant(1));
  }

  /** {@code a·b - c·d}. */
  private static Operand<TFloat32> difference(
      Ops tf, Operand<TFloat32> a, Operand<TFloat32> b, Operand<TFloat32> c, Operand<TFloat32> d) {
    return tf.math.sub(tf.math.mul(a, b), tf.math.mul(c, d));
  }

  /** {@code a + g·b + h·c}. */
  private static Operand<TFloat32> sum(
      Ops tf,
      Operand<TFloat32> a,
      Operand<TFloat32> g,
      Operand<TFloat32> b,
      Operand<TFloat32> h,
      Operand<TFloat32> c) {
    return tf.math.add(a, tf.math.add(tf.math.mul(g, b), tf.math.mul(h, c)));
  }

  @Override
  public int order() {
    return 250;
  }

  @Override
  public boolean isNeutral() {
    return distortion == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "random perspective, each corner inward by up to %s, with probability %s"
        .formatted(Check.number(distortion), Check.number(probability));
  }
}
