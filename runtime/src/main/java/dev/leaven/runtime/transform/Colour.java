package dev.leaven.runtime.transform;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Lighting that is a 3×3 matrix on red, green and blue, one per image, whose results are clipped to
 * 0 and 1. Several are one matrix and are clipped once. For images of three channels only.
 */
public interface Colour extends Lighting {

  /**
   * The matrices for given draws: a pure function of them.
   *
   * @param tf where the operations go
   * @param draws numbers in [0, 1), {@code [batch, draws()]}
   * @return what a colour, as a column, is multiplied with from the left; {@code [batch, 3, 3]}
   */
  Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws);

  @Override
  default Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Operand<TFloat32> draws) {
    return Relighter.colour(tf, images, matrices(tf, draws));
  }
}
