package dev.leaven.runtime.transform;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Rectangles of whole pixels, one for each image. */
final class Rectangles {

  private Rectangles() {}

  /** The number of pixels of an axis of images, a scalar. */
  static Operand<TFloat32> pixels(Ops tf, Operand<TFloat32> images, int axis) {
    Operand<TInt32> size = tf.gather(tf.shape(images), tf.constant(axis), tf.constant(0));
    return tf.dtypes.cast(size, TFloat32.class);
  }

  /**
   * Covers the rectangles in which rows and columns of images meet.
   *
   * @param cover what is seen there, of the shape of the images or one that becomes it
   * @param which images at all, {@code [batch]}
   * @param rows {@code [batch, height]}
   * @param columns {@code [batch, width]}
   */
  static Operand<TFloat32> cover(
      Ops tf,
      Operand<TFloat32> images,
      Operand<TFloat32> cover,
      Operand<TBool> which,
      Operand<TBool> rows,
      Operand<TBool> columns) {
    Operand<TBool> mask =
        tf.math.logicalAnd(
            tf.math.logicalAnd(
                tf.reshape(which, tf.constant(new int[] {-1, 1, 1, 1})),
                tf.expandDims(tf.expandDims(rows, tf.constant(2)), tf.constant(3))),
            tf.expandDims(tf.expandDims(columns, tf.constant(1)), tf.constant(3)));
    return tf.select(mask, cover, images);
  }

  /**
   * Which of an axis' pixels lie from a first one to before a last one.
   *
   * @param pixels how many there are, a scalar
   * @param from {@code [batch]}
   * @param to {@code [batch]}
   * @return {@code [batch, pixels]}
   */
  static Operand<TBool> between(
      Ops tf, Operand<TFloat32> pixels, Operand<TFloat32> from, Operand<TFloat32> to) {
    Operand<TFloat32> at =
        tf.expandDims(tf.range(tf.constant(0f), pixels, tf.constant(1f)), tf.constant(0));
    return tf.math.logicalAnd(
        tf.math.greaterEqual(at, tf.expandDims(from, tf.constant(1))),
        tf.math.less(at, tf.expandDims(to, tf.constant(1))));
  }
}
