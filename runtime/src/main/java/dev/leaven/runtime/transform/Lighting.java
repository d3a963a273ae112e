package dev.leaven.runtime.transform;

import dev.leaven.runtime.Technique;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A change of an image's light or colours that leaves every pixel in its place.
 *
 * <p>Two kinds are composed, so that each kind needs one pass over the batch for any number of
 * techniques: a {@link LogitLighting} is a line in logit space, a {@link Colour} a matrix on the
 * values. Anything else implements this interface itself and has its own pass.
 */
public interface Lighting extends Technique {

  /**
   * How many random numbers an image needs.
   *
   * @return at least 1
   */
  int draws();

  /**
   * The changed images for given draws: a pure function of both.
   *
   * @param tf where the operations go
   * @param images values from 0 to 1, {@code [batch, height, width, channels]}
   * @param draws numbers in [0, 1), {@code [batch, draws()]}
   * @return values from 0 to 1, of the same shape
   */
  Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Operand<TFloat32> draws);

  /**
   * Whether these parameters change no image, so that a plan can leave the technique out.
   *
   * @return by default false
   */
  default boolean isNeutral() {
    return false;
  }

  /**
   * The place of this technique among the lighting of a recipe, however the recipe was written.
   *
   * @return smaller numbers come first, equal ones as they were added; by default the last place
   */
  default int order() {
    return Integer.MAX_VALUE;
  }
}
