package dev.leaven.runtime.transform;

import dev.leaven.runtime.Technique;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A change of an image's geometry that can be written as a projective matrix, one per image.
 *
 * <p>All geometry of a recipe is multiplied into one matrix per image and sampled once, so that an
 * image is interpolated once however many techniques move it. Coordinates are those of an image
 * whose left and upper edges are at -1 and whose right and lower edges are at 1; a matrix maps a
 * place in the result to the place in the source that it shows.
 */
public interface Geometry extends Technique {

  /**
   * How many random numbers an image needs.
   *
   * @return at least 1
   */
  int draws();

  /**
   * The matrices for given draws: a pure function of them.
   *
   * @param tf where the operations go
   * @param draws numbers in [0, 1), of shape {@code [batch, draws()]}
   * @return matrices from result to source, of shape {@code [batch, 3, 3]}
   */
  Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws);

  /**
   * Whether these parameters move no image, so that a plan can leave the technique out.
   *
   * @return by default false
   */
  default boolean isNeutral() {
    return false;
  }

  /**
   * The place of this technique among the geometry of a recipe, however the recipe was written.
   *
   * @return smaller numbers come first, equal ones as they were added; by default the last place
   */
  default int order() {
    return Integer.MAX_VALUE;
  }
}
