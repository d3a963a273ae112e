package dev.leaven.runtime.transform;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * The item transform that every image goes through while it is loaded: a square part of it, resized
 * with antialiasing in one interpolation.
 *
 * <p>The square's side is a fraction of the image's shorter side; 1 is fastai's {@code Resize} with
 * cropping. Training draws the square's place, validation takes the centre. The resampling filter
 * is a triangle as wide as the reduction, as in Pillow's bilinear; training, validation and export
 * use this same code, because another filter changes a model's predictions.
 */
public final class SquareCrop {

  private SquareCrop() {}

  /**
   * Crops and resizes one image.
   *
   * @param tf where the operations go
   * @param image {@code [height, width, channels]}, values 0 to 255
   * @param side the result's height and width in pixels, a scalar
   * @param share the side of the square as a fraction of the image's shorter side, a scalar in (0,
   *     1]
   * @param place where the square lies in the free space, x and y from 0 to 1, {@code [2]}
   * @return {@code [side, side, channels]}, rounded to the nearest value
   */
  public static Operand<TUint8> apply(
      Ops tf,
      Operand<TUint8> image,
      Operand<TInt32> side,
      Operand<TFloat32> share,
      Operand<TFloat32> place) {
    Operand<TFloat32> size = Antialiased.size(tf, image);
    Operand<TFloat32> square = tf.math.mul(tf.reduceMin(size, tf.constant(new int[] {0})), share);
    Operand<TFloat32> yx = tf.reverse(place, tf.constant(new int[] {0}));
    Operand<TFloat32> corner = tf.math.mul(tf.math.sub(size, square), yx);
    Operand<TFloat32> scale = tf.math.div(tf.dtypes.cast(side, TFloat32.class), square);
    return Antialiased.resize(
        tf,
        image,
        tf.stack(List.of(side, side)),
        tf.stack(List.of(scale, scale)),
        tf.math.neg(tf.math.mul(corner, scale)));
  }

  /**
   * The fewest pixels of an image's sides from which no crop is enlarged.
   *
   * @param tf where the operations go
   * @param side the result's height and width in pixels, a scalar
   * @param share the side of the square as a fraction of the image's shorter side, a scalar
   * @return of the shorter and of the longer side, {@code [2]}
   */
  public static Operand<TFloat32> needed(Ops tf, Operand<TInt32> side, Operand<TFloat32> share) {
    Operand<TFloat32> shorter = tf.math.div(tf.dtypes.cast(side, TFloat32.class), share);
    return tf.stack(List.of(shorter, shorter));
  }
}
