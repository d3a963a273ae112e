package dev.leaven.runtime.transform;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.math.Cumsum;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** What Pillow does to the 256 levels of 8-bit images, on values from 0 to 1. */
final class PillowOps {

  private static final float[] POWERS_OF_TWO = {1, 2, 4, 8, 16, 32, 64, 128, 256};

  private PillowOps() {}

  private static Operand<TFloat32> of(Ops tf, Operand<TFloat32> images) {
    return tf.math.rint(tf.math.mul(images, tf.constant(255f)));
  }

  private static Operand<TFloat32> values(Ops tf, Operand<TFloat32> levels) {
    return tf.math.div(levels, tf.constant(255f));
  }

  /** Keeps the upper bits. */
  static Operand<TFloat32> posterize(Ops tf, Operand<TFloat32> images, Operand<TFloat32> bits) {
    Operand<TInt32> lost = tf.dtypes.cast(tf.math.sub(tf.constant(8f), bits), TInt32.class);
    Operand<TFloat32> step = tf.gather(tf.constant(POWERS_OF_TWO), lost, tf.constant(0));
    Operand<TFloat32> perImage = tf.reshape(step, tf.constant(new int[] {-1, 1, 1, 1}));
    Operand<TFloat32> kept =
        tf.math.mul(tf.math.floor(tf.math.div(of(tf, images), perImage)), perImage);
    return values(tf, kept);
  }

  /** Inverts levels from a threshold on. */
  static Operand<TFloat32> solarize(Ops tf, Operand<TFloat32> images, Operand<TFloat32> threshold) {
    Operand<TFloat32> perImage = tf.reshape(threshold, tf.constant(new int[] {-1, 1, 1, 1}));
    return tf.select(
        tf.math.greaterEqual(of(tf, images), perImage),
        tf.math.sub(tf.constant(1f), images),
        images);
  }

  /**
   * Pillow's equalization of each channel, in whole numbers that float32 holds exactly: with {@code
   * step = ⌊(pixels - those of the highest level)/255⌋}, a level that {@code below} pixels lie
   * under becomes {@code ⌊(below + ⌊step/2⌋)/step⌋}; with a step of 0 nothing changes.
   */
  static Operand<TFloat32> equalize(Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength) {
    Operand<TInt32> shape = tf.shape(images);
    Operand<TInt32> channelsFirst = tf.constant(new int[] {0, 3, 1, 2});
    Operand<TFloat32> planes = tf.linalg.transpose(images, channelsFirst);
    Operand<TInt32> planesShape = tf.shape(planes);
    Operand<TInt32> count = tf.math.mul(at(tf, shape, 0), at(tf, shape, 3));
    Operand<TInt32> pixels = tf.math.mul(at(tf, shape, 1), at(tf, shape, 2));
    Operand<TInt32> levels =
        tf.dtypes.cast(of(tf, tf.reshape(planes, tf.stack(List.of(count, pixels)))), TInt32.class);

    Operand<TFloat32> table = equalized(tf, levels, count);
    // Each plane has its own table of 256 levels.
    Operand<TInt32> offset =
        tf.math.mul(tf.range(tf.constant(0), count, tf.constant(1)), tf.constant(256));
    Operand<TInt32> places = tf.math.add(levels, tf.expandDims(offset, tf.constant(1)));
    Operand<TFloat32> looked =
        tf.gather(tf.reshape(table, tf.constant(new int[] {-1})), places, tf.constant(0));
    return tf.linalg.transpose(
        tf.reshape(values(tf, looked), planesShape), tf.constant(new int[] {0, 2, 3, 1}));
  }

  // The new value of each level in each plane, [planes, 256].
  private static Operand<TFloat32> equalized(
      Ops tf, Operand<TInt32> levels, Operand<TInt32> count) {
    Operand<TInt32> perPlane = tf.constant(new int[] {1});
    Operand<TFloat32> histogram =
        tf.math.denseBincount(levels, tf.constant(256), tf.constant(new float[0]));
    Operand<TFloat32> all = tf.reduceSum(histogram, perPlane, ReduceSum.keepDims(true));
    Operand<TFloat32> level = tf.range(tf.constant(0f), tf.constant(256f), tf.constant(1f));
    Operand<TFloat32> highest =
        tf.dtypes.cast(tf.reduceMax(levels, perPlane, ReduceMax.keepDims(true)), TFloat32.class);
    Operand<TFloat32> ofHighest =
        tf.reduceSum(
            tf.select(tf.math.equal(level, highest), histogram, tf.constant(0f)),
            perPlane,
            ReduceSum.keepDims(true));
    Operand<TFloat32> step =
        tf.math.floor(tf.math.div(tf.math.sub(all, ofHighest), tf.constant(255f)));
    Operand<TFloat32> below = tf.math.cumsum(histogram, tf.constant(1), Cumsum.exclusive(true));
    Operand<TFloat32> rounding = tf.math.floor(tf.math.mul(step, tf.constant(0.5f)));
    Operand<TFloat32> changed =
        tf.math.minimum(
            tf.math.floor(
                tf.math.div(tf.math.add(below, rounding), tf.math.maximum(step, tf.constant(1f)))),
            tf.constant(255f));
    return tf.select(tf.math.greater(step, tf.constant(0f)), changed, level);
  }

  private static Operand<TInt32> at(Ops tf, Operand<TInt32> shape, int axis) {
    return tf.gather(shape, tf.constant(axis), tf.constant(0));
  }
}
