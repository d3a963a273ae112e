package dev.leaven.runtime.transform;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.graph.Randomness;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A rule by which every image gets its own sequence of one or more {@link Operation}s.
 *
 * <p>It comes after a recipe's geometry and before its lighting. Operations that move pixels, if no
 * other kind comes before them, are multiplied into the matrix that the image is sampled with once;
 * the others are applied only to the images that have drawn them.
 */
public interface Policy extends Technique {

  /**
   * How many random numbers an image needs.
   *
   * @return at least 1
   */
  int draws();

  /**
   * The operations of each image for given draws: a pure function of them.
   *
   * @param tf where the operations go
   * @param draws numbers in [0, 1), {@code [batch, draws()]}
   * @param side the height and width of the images in pixels, a scalar
   * @return operations and their strengths
   */
  PolicyChoice choose(Ops tf, Operand<TFloat32> draws, Operand<TInt32> side);

  /**
   * Draws and chooses.
   *
   * @param tf where the operations go
   * @param batch the number of images, a scalar
   * @param side the height and width of the images in pixels, a scalar
   * @param randomness the random numbers of this step
   * @return operations and their strengths
   */
  default PolicyChoice choose(
      Ops tf, Operand<TInt32> batch, Operand<TInt32> side, Randomness randomness) {
    Operand<TFloat32> draws =
        randomness
            .purpose("policy " + getClass().getSimpleName())
            .uniform(tf.stack(List.of(batch, tf.constant(draws()))));
    return choose(tf, draws, side);
  }
}
