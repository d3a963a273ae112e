package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Shows an image in one of the 8 symmetries of a square: four quarter turns, each with and without
 * a mirroring.
 *
 * <p>For pictures without an up and down, such as satellite and microscope images; it replaces
 * {@link Flip} there. As in fastai's {@code Dihedral}, the way is drawn evenly from all 8, that of
 * the image itself included, so that with a probability of 0.5 nine images in sixteen do not
 * change.
 *
 * @param probability from 0 to 1, decided for each image; fastai's default is 0.5
 */
public record Dihedral(double probability) implements Geometry {

  // x' = a·x + b·y, y' = c·x + d·y for each way: fastai's dihedral_mat, in its order.
  private static final float[][] WAYS = {
    {1, 0, 0, 1},
    {-1, 0, 0, 1},
    {1, 0, 0, -1},
    {0, -1, 1, 0},
    {-1, 0, 0, -1},
    {0, 1, -1, 0},
    {0, 1, 1, 0},
    {0, -1, -1, 0}
  };

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the probability is not between 0 and 1
   */
  public Dihedral {
    Check.range("dihedral", "probability", probability, 0, 1);
  }

  /** Draws a way for every second image. */
  public Dihedral() {
    this(0.5);
  }

  /** Two: whether, and which way. */
  @Override
  public int draws() {
    return 2;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> way =
        Draws.sometimes(tf, draws, 0, probability, Draws.between(tf, draws, 1, 0, WAYS.length), 0);
    Operand<TFloat32> chosen =
        tf.gather(tf.constant(WAYS), tf.dtypes.cast(way, TInt32.class), tf.constant(0));
    Operand<TFloat32> zero = tf.zerosLike(way);
    return Matrices.linear(
        tf,
        Matrices.column(tf, chosen, 0),
        Matrices.column(tf, chosen, 1),
        Matrices.column(tf, chosen, 2),
        Matrices.column(tf, chosen, 3),
        zero,
        zero);
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public boolean isNeutral() {
    return probability == 0;
  }

  @Override
  public String describe() {
    return "one of the 8 turns and mirrorings of a square with probability "
        + Check.number(probability);
  }
}
