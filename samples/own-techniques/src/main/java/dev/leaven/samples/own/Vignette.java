package dev.leaven.samples.own;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.transform.Lighting;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A transform of your own: darkens images towards their corners, as cheap lenses do. A pixel at
 * distance {@code r} from the centre, 1 at the corners, is multiplied by {@code 1 - s·r²} with a
 * strength {@code s} drawn evenly from 0 to {@code maxStrength} for each image.
 *
 * @param maxStrength from 0 to 1
 */
public record Vignette(double maxStrength) implements Lighting {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the strength is not between 0 and 1
   */
  public Vignette {
    Check.range("vignette", "maxStrength", maxStrength, 0, 1);
  }

  /** One: the strength. */
  @Override
  public int draws() {
    return 1;
  }

  @Override
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Operand<TFloat32> draws) {
    Operand<TFloat32> squares =
        tf.math.add(
            tf.reshape(squaredOffsets(tf, images, 1), tf.constant(new int[] {1, -1, 1, 1})),
            tf.reshape(squaredOffsets(tf, images, 2), tf.constant(new int[] {1, 1, -1, 1})));
    Operand<TFloat32> strength =
        tf.math.mul(
            tf.reshape(draws, tf.constant(new int[] {-1, 1, 1, 1})),
            tf.constant((float) maxStrength));
    Operand<TFloat32> half = tf.math.mul(strength, tf.constant(0.5f)); // r² is 2 at the corners
    return tf.math.mul(images, tf.math.sub(tf.constant(1f), tf.math.mul(half, squares)));
  }

  // The squares of the pixels' places along an axis, from 1 at the edges to 0 in the middle.
  private static Operand<TFloat32> squaredOffsets(Ops tf, Operand<TFloat32> images, int axis) {
    Operand<TInt32> side = tf.gather(tf.shape(images), tf.constant(axis), tf.constant(0));
    Operand<TFloat32> places = tf.linSpace(tf.constant(-1f), tf.constant(1f), side);
    return tf.math.square(places);
  }

  @Override
  public String describe() {
    return "vignette of up to " + Check.number(maxStrength);
  }
}
