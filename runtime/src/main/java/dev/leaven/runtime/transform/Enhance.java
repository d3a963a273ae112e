package dev.leaven.runtime.transform;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.ReduceMin;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Pillow's enhancements of images on values from 0 to 1: each moves away from its own degraded
 * image, {@code x + strength·(x - worse)}, which is Pillow's blend with a factor of 1 + strength.
 */
final class Enhance {

  // What is nearer than half a level is of one level.
  private static final float FLAT = 0.5f / 255;

  private Enhance() {}

  static Operand<TFloat32> brightness(
      Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength) {
    return away(tf, images, images, strength);
  }

  static Operand<TFloat32> color(Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength) {
    return away(tf, images, tf.math.sub(images, grey(tf, images)), strength);
  }

  static Operand<TFloat32> contrast(Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength) {
    Operand<TFloat32> mean =
        tf.math.mean(grey(tf, images), tf.constant(new int[] {1, 2}), Mean.keepDims(true));
    return away(tf, images, tf.math.sub(images, mean), strength);
  }

  // Pillow's SMOOTH: the middle of 3×3 pixels counts five times; the border is not enhanced.
  static Operand<TFloat32> sharpness(Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength) {
    Operand<TFloat32> columns = threeOf(tf, threeOf(tf, images, 1), 2);
    Operand<TFloat32> inner = within(tf, within(tf, images, 1, 1), 2, 1);
    Operand<TFloat32> blurred =
        tf.math.mul(
            tf.math.add(columns, tf.math.mul(inner, tf.constant(4f))), tf.constant(1f / 13));
    Operand<TFloat32> difference =
        tf.pad(
            tf.math.sub(inner, blurred),
            tf.constant(new int[][] {{0, 0}, {1, 1}, {1, 1}, {0, 0}}),
            tf.constant(0f));
    return away(tf, images, difference, strength);
  }

  static Operand<TFloat32> autoContrast(
      Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength) {
    Operand<TInt32> pixels = tf.constant(new int[] {1, 2});
    Operand<TFloat32> darkest = tf.reduceMin(images, pixels, ReduceMin.keepDims(true));
    Operand<TFloat32> lightest = tf.reduceMax(images, pixels, ReduceMax.keepDims(true));
    Operand<TFloat32> range = tf.math.sub(lightest, darkest);
    Operand<TFloat32> stretched = tf.math.divNoNan(tf.math.sub(images, darkest), range);
    return tf.select(tf.math.greater(range, tf.constant(FLAT)), stretched, images);
  }

  static Operand<TFloat32> invert(Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength) {
    return tf.math.sub(tf.constant(1f), images);
  }

  private static Operand<TFloat32> away(
      Ops tf, Operand<TFloat32> images, Operand<TFloat32> difference, Operand<TFloat32> strength) {
    Operand<TFloat32> perImage = tf.reshape(strength, tf.constant(new int[] {-1, 1, 1, 1}));
    return tf.clipByValue(
        tf.math.add(images, tf.math.mul(perImage, difference)), tf.constant(0f), tf.constant(1f));
  }

  // Of one channel, its grey is the image itself.
  private static Operand<TFloat32> grey(Ops tf, Operand<TFloat32> images) {
    Operand<TInt32> channels = tf.gather(tf.shape(images), tf.constant(3), tf.constant(0));
    Operand<TInt32> row = tf.dtypes.cast(tf.math.equal(channels, tf.constant(3)), TInt32.class);
    Operand<TFloat32> weights =
        tf.slice(
            tf.gather(tf.constant(new float[][] {{1, 0, 0}, Matrices.GREY}), row, tf.constant(0)),
            tf.constant(new int[] {0}),
            tf.expandDims(channels, tf.constant(0)));
    return tf.reduceSum(
        tf.math.mul(images, weights), tf.constant(new int[] {3}), ReduceSum.keepDims(true));
  }

  private static Operand<TFloat32> threeOf(Ops tf, Operand<TFloat32> images, int axis) {
    return tf.math.addN(
        List.of(
            within(tf, images, axis, 0), within(tf, images, axis, 1), within(tf, images, axis, 2)));
  }

  /** All but two places of an axis, from a first one on. */
  private static Operand<TFloat32> within(Ops tf, Operand<TFloat32> images, int axis, int first) {
    int[] begin = new int[4];
    begin[axis] = first;
    int[] less = new int[4];
    less[axis] = 2;
    Operand<TInt32> size = tf.math.sub(tf.shape(images), tf.constant(less));
    return tf.slice(images, tf.constant(begin), size);
  }
}
