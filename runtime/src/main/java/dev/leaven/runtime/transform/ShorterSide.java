package dev.leaven.runtime.transform;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * Resizes a whole image so that its shorter side has a given length, with the filter of {@link
 * SquareCrop}: done once when squares of the result are needed repeatedly.
 *
 * <p>Both sides are scaled by the same number; of the longer one, less than a pixel is lost.
 */
public final class ShorterSide {

  // In float32 a longer side that should be whole can be slightly too small.
  private static final float ROUNDING = 1e-3f;

  private ShorterSide() {}

  /**
   * Resizes one image.
   *
   * @param tf where the operations go
   * @param image {@code [height, width, channels]}, values 0 to 255
   * @param side the length of the shorter side in pixels, a scalar
   * @return {@code [side, longer, channels]} or {@code [longer, side, channels]}, rounded to the
   *     nearest value
   */
  public static Operand<TUint8> apply(Ops tf, Operand<TUint8> image, Operand<TInt32> side) {
    Operand<TFloat32> size = Antialiased.size(tf, image);
    Operand<TFloat32> scale =
        tf.math.div(
            tf.dtypes.cast(side, TFloat32.class), tf.reduceMin(size, tf.constant(new int[] {0})));
    Operand<TInt32> target =
        tf.math.maximum(
            tf.dtypes.cast(
                tf.math.floor(tf.math.add(tf.math.mul(size, scale), tf.constant(ROUNDING))),
                TInt32.class),
            side);
    return Antialiased.resize(
        tf, image, target, tf.stack(List.of(scale, scale)), tf.constant(new float[] {0, 0}));
  }
}
