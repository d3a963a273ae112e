package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Mirrors an image left to right with a probability, decided for each image.
 *
 * <p>The default of 0.5 is that of every reference. Use 0 for pictures in which left and right
 * differ in meaning, such as digits and letters.
 *
 * @param probability from 0 to 1
 */
public record Flip(double probability) implements Geometry {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the probability is not between 0 and 1
   */
  public Flip {
    Check.range("flip", "probability", probability, 0, 1);
  }

  /** Mirrors every second image. */
  public Flip() {
    this(0.5);
  }

  @Override
  public int draws() {
    return 1;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> u = Matrices.column(tf, draws, 0);
    Operand<TFloat32> one = tf.onesLike(u);
    Operand<TFloat32> sign =
        tf.select(tf.math.less(u, tf.constant((float) probability)), tf.math.neg(one), one);
    Operand<TFloat32> zero = tf.zerosLike(u);
    return Matrices.scaleAndShift(tf, sign, zero, one, zero);
  }

  @Override
  public boolean isNeutral() {
    return probability == 0;
  }

  @Override
  public String describe() {
    return "flip left to right with probability " + Check.number(probability);
  }
}
