package dev.leaven.runtime.transform;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.image.ScaleAndTranslate;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * The one way in which a loaded image is resized: in one interpolation, with a triangle as wide as
 * the reduction, as in Pillow's bilinear. A model notices another filter.
 */
final class Antialiased {

  private Antialiased() {}

  /** The height and width of an image, {@code [2]}. */
  static Operand<TFloat32> size(Ops tf, Operand<TUint8> image) {
    return tf.dtypes.cast(
        tf.slice(tf.shape(image), tf.constant(new int[] {0}), tf.constant(new int[] {2})),
        TFloat32.class);
  }

  /**
   * Resizes one image. All but the image are of height and width, {@code [2]}.
   *
   * @param image {@code [height, width, channels]}, values 0 to 255
   * @param target the size of the result, in pixels
   * @param scale how many pixels of the result one of the image is
   * @param begin where in the result the image begins
   * @return the result, rounded to the nearest value; 0 where the image is not
   */
  static Operand<TUint8> resize(
      Ops tf,
      Operand<TUint8> image,
      Operand<TInt32> target,
      Operand<TFloat32> scale,
      Operand<TFloat32> begin) {
    Operand<TFloat32> resized =
        tf.image.scaleAndTranslate(
            tf.expandDims(image, tf.constant(0)),
            target,
            scale,
            begin,
            ScaleAndTranslate.kernelType("triangle"),
            ScaleAndTranslate.antialias(true));
    // No weight of a triangle is below zero, so nothing leaves the range from 0 to 255.
    return tf.squeeze(
        tf.dtypes.cast(tf.math.rint(resized), TUint8.class), Squeeze.axis(List.of(0L)));
  }
}
