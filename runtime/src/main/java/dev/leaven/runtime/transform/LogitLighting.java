package dev.leaven.runtime.transform;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Lighting that is a line in logit space, one per image: {@code x' = sigmoid(slope·logit(x) +
 * shift)}. In logit space there are no limits to clip at, and several lines in a row combine into
 * one. As in fastai, the logit takes values from 1e-7 to 1 - 1e-7.
 */
public interface LogitLighting extends Lighting {

  /**
   * A line for each image.
   *
   * @param slope above 0, 1 if neutral; {@code [batch]}
   * @param shift 0 if neutral; {@code [batch]}
   */
  record Line(Operand<TFloat32> slope, Operand<TFloat32> shift) {}

  /**
   * The lines for given draws: a pure function of them.
   *
   * @param tf where the operations go
   * @param draws numbers in [0, 1), {@code [batch, draws()]}
   * @return one line per image
   */
  Line line(Ops tf, Operand<TFloat32> draws);

  @Override
  default Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Operand<TFloat32> draws) {
    return Relighter.logit(tf, images, line(tf, draws));
  }
}
