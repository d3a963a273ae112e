package dev.leaven.runtime.transform;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.graph.Randomness;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Covers a part of normalised training images, so that a model cannot rely on it. Targets stay as
 * they are.
 */
public interface Erasing extends Technique {

  /**
   * Draws and erases.
   *
   * @param tf where the operations go
   * @param images normalised images, {@code [batch, height, width, channels]}
   * @param normalize what they were normalised with
   * @param randomness the random numbers of this step
   * @return the same shape
   */
  Operand<TFloat32> apply(
      Ops tf, Operand<TFloat32> images, Normalize normalize, Randomness randomness);

  /**
   * Whether these parameters cover nothing, so that a plan can leave the technique out.
   *
   * @return by default false
   */
  default boolean isNeutral() {
    return false;
  }
}
