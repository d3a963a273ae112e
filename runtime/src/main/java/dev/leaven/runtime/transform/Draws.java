package dev.leaven.runtime.transform;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Turns numbers in [0, 1) into the parameters of each image. */
final class Draws {

  private Draws() {}

  /**
   * Spreads one column of the draws evenly over a range.
   *
   * @param draws numbers in [0, 1), {@code [batch, n]}
   * @param column from 0
   * @return {@code [batch]}, from {@code low} to below {@code high}
   */
  static Operand<TFloat32> between(
      Ops tf, Operand<TFloat32> draws, int column, double low, double high) {
    return tf.math.add(
        tf.math.mul(Matrices.column(tf, draws, column), tf.constant((float) (high - low))),
        tf.constant((float) low));
  }

  /**
   * Spreads one column of the draws evenly from {@code -most} to {@code most}.
   *
   * @return {@code [batch]}
   */
  static Operand<TFloat32> eitherWay(Ops tf, Operand<TFloat32> draws, int column, double most) {
    return between(tf, draws, column, -most, most);
  }

  /**
   * Decides at random for each image: its value with a probability, otherwise the neutral value.
   *
   * @param coin the column that decides
   * @param value {@code [batch]}
   * @return {@code [batch]}
   */
  static Operand<TFloat32> sometimes(
      Ops tf,
      Operand<TFloat32> draws,
      int coin,
      double probability,
      Operand<TFloat32> value,
      double neutral) {
    return tf.select(
        tf.math.less(Matrices.column(tf, draws, coin), tf.constant((float) probability)),
        value,
        tf.constant((float) neutral));
  }
}
