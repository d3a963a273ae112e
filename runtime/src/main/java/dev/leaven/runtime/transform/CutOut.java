package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Randomness;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Cutout (DeVries, Taylor 2017, "Improved Regularization of Convolutional Neural Networks with
 * Cutout"): covers a square of normalised images with their mean, 0.
 *
 * <p>Every pixel is equally likely to be the centre, and the part of the square outside the image
 * is cut off, as in the paper, so the covered area differs between images. The square's side is a
 * fraction of the image's side, so it grows with the image size of the stages: {@code
 * round(share·side)} pixels, an odd one less. The paper takes 16 of the 32 pixels of CIFAR-10,
 * which is the default, and 8 of CIFAR-100. Cost: almost none. Effect: like {@link RandomErasing},
 * which draws size and shape too.
 *
 * @param share the side of the square as a fraction of the image's side, from 0 to 1
 * @param probability from 0 to 1, decided for each image; 1 in the paper
 */
public record CutOut(double share, double probability) implements Erasing {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public CutOut {
    Check.range("cutout", "share", share, 0, 1);
    Check.range("cutout", "probability", probability, 0, 1);
  }

  /**
   * A square in every image.
   *
   * @param share the side of the square as a fraction of the image's side, from 0 to 1
   */
  public CutOut(double share) {
    this(share, 1);
  }

  /** A square of half the side in every image. */
  public CutOut() {
    this(0.5);
  }

  /**
   * How many random numbers an image needs.
   *
   * @return three: whether, and the centre's column and row
   */
  public int draws() {
    return 3;
  }

  @Override
  public Operand<TFloat32> apply(
      Ops tf, Operand<TFloat32> images, Normalize normalize, Randomness randomness) {
    Operand<TInt32> batch = tf.gather(tf.shape(images), tf.constant(0), tf.constant(0));
    return apply(
        tf,
        images,
        randomness.purpose("cutout").uniform(tf.stack(List.of(batch, tf.constant(draws())))));
  }

  /**
   * Covers for given draws: a pure function of them.
   *
   * @param tf where the operations go
   * @param images normalised images, {@code [batch, height, width, channels]}
   * @param draws numbers in [0, 1), {@code [batch, draws()]}
   * @return the same shape
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Operand<TFloat32> draws) {
    Operand<TBool> covered =
        tf.math.less(Matrices.column(tf, draws, 0), tf.constant((float) probability));
    return Rectangles.cover(
        tf,
        images,
        tf.constant(0f),
        covered,
        within(tf, Rectangles.pixels(tf, images, 1), Matrices.column(tf, draws, 2)),
        within(tf, Rectangles.pixels(tf, images, 2), Matrices.column(tf, draws, 1)));
  }

  // The mask ends at the border by itself.
  private Operand<TBool> within(Ops tf, Operand<TFloat32> pixels, Operand<TFloat32> place) {
    Operand<TFloat32> side = tf.math.rint(tf.math.mul(pixels, tf.constant((float) share)));
    Operand<TFloat32> half = tf.math.floor(tf.math.mul(side, tf.constant(0.5f)));
    Operand<TFloat32> centre = tf.math.floor(tf.math.mul(place, pixels));
    return Rectangles.between(tf, pixels, tf.math.sub(centre, half), tf.math.add(centre, half));
  }

  @Override
  public boolean isNeutral() {
    return share == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "cutout: a square of %s of the side, filled with the mean, with probability %s"
        .formatted(Check.number(share), Check.number(probability));
  }
}
