package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Moves an image sideways and up or down, each by a fraction of its size drawn evenly from {@code
 * -maxShare} to {@code maxShare}; its reflection follows.
 *
 * <p>This is the {@code translate} of torchvision's {@code RandomAffine}; fastai's {@code
 * aug_transforms} has none. Default: a tenth of the image size with a probability of 0.75.
 *
 * @param maxShare the largest fraction of the image size in either direction, from 0 to 1
 * @param probability from 0 to 1, decided for each image
 */
public record Translate(double maxShare, double probability) implements Geometry {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Translate {
    Check.range("translate", "maxShare", maxShare, 0, 1);
    Check.range("translate", "probability", probability, 0, 1);
  }

  /**
   * Moves three images of four.
   *
   * @param maxShare the largest fraction of the image size in either direction, from 0 to 1
   */
  public Translate(double maxShare) {
    this(maxShare, 0.75);
  }

  /** Moves three images of four by up to a tenth of their size. */
  public Translate() {
    this(0.1);
  }

  /** Three: whether, and how far on each axis. */
  @Override
  public int draws() {
    return 3;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> x = shift(tf, draws, 1);
    Operand<TFloat32> one = tf.onesLike(x);
    return Matrices.scaleAndShift(tf, one, x, one, shift(tf, draws, 2));
  }

  // The image is 2 wide in coordinates from -1 to 1.
  private Operand<TFloat32> shift(Ops tf, Operand<TFloat32> draws, int column) {
    return Draws.sometimes(
        tf, draws, 0, probability, Draws.eitherWay(tf, draws, column, 2 * maxShare), 0);
  }

  @Override
  public int order() {
    return 600;
  }

  @Override
  public boolean isNeutral() {
    return maxShare == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "move by up to %s of the side either way with probability %s"
        .formatted(Check.number(maxShare), Check.number(probability));
  }
}
