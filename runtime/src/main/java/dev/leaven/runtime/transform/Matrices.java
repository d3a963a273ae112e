package dev.leaven.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/** Builds batches of 3×3 matrices in a graph. */
final class Matrices {

  /** What red, green and blue add to a grey. */
  static final float[] GREY = {0.2989f, 0.587f, 0.114f};

  private Matrices() {}

  /**
   * One column of the draws.
   *
   * @param draws {@code [batch, n]}
   * @param column from 0
   * @return {@code [batch]}
   */
  static Operand<TFloat32> column(Ops tf, Operand<TFloat32> draws, int column) {
    return tf.gather(draws, tf.constant(column), tf.constant(1));
  }

  /**
   * Scales and shifts both axes: {@code x' = scaleX·x + shiftX}, {@code y' = scaleY·y + shiftY}.
   *
   * @return {@code [batch, 3, 3]}
   */
  static Operand<TFloat32> scaleAndShift(
      Ops tf,
      Operand<TFloat32> scaleX,
      Operand<TFloat32> shiftX,
      Operand<TFloat32> scaleY,
      Operand<TFloat32> shiftY) {
    Operand<TFloat32> zero = tf.zerosLike(scaleX);
    return linear(tf, scaleX, zero, zero, scaleY, shiftX, shiftY);
  }

  /**
   * Maps both axes: {@code x' = a·x + b·y + shiftX}, {@code y' = c·x + d·y + shiftY}.
   *
   * @return {@code [batch, 3, 3]}
   */
  static Operand<TFloat32> linear(
      Ops tf,
      Operand<TFloat32> a,
      Operand<TFloat32> b,
      Operand<TFloat32> c,
      Operand<TFloat32> d,
      Operand<TFloat32> shiftX,
      Operand<TFloat32> shiftY) {
    Operand<TFloat32> zero = tf.zerosLike(a);
    return rows(
        tf,
        List.of(List.of(a, b, shiftX), List.of(c, d, shiftY), List.of(zero, zero, tf.onesLike(a))));
  }

  /**
   * Colour matrices {@code f·colour + (1-f)·grey}.
   *
   * @param factor 1 for the colour itself, 0 for its grey; {@code [batch]}
   * @return {@code [batch, 3, 3]}
   */
  static Operand<TFloat32> towardsGrey(Ops tf, Operand<TFloat32> factor) {
    Operand<TFloat32> column = tf.reshape(factor, tf.constant(new int[] {-1, 1, 1}));
    Operand<TFloat32> colour =
        tf.math.mul(column, tf.constant(new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}));
    Operand<TFloat32> grey =
        tf.math.mul(
            tf.math.sub(tf.constant(1f), column), tf.constant(new float[][] {GREY, GREY, GREY}));
    return tf.math.add(colour, grey);
  }

  /**
   * Matrices from their nine elements.
   *
   * @param elements three rows of three operands of shape {@code [batch]}
   * @return {@code [batch, 3, 3]}
   */
  static Operand<TFloat32> rows(Ops tf, List<List<Operand<TFloat32>>> elements) {
    List<Operand<TFloat32>> rows = new ArrayList<>();
    for (List<Operand<TFloat32>> row : elements) {
      rows.add(tf.stack(row, Stack.axis(1L)));
    }
    return tf.stack(rows, Stack.axis(1L));
  }
}
