package dev.leaven.runtime.transform;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Draws from which policies make their choices. */
final class Choices {

  /** What RandAugment and TrivialAugment draw from: the first 14 operations. */
  static final List<Operation> FOURTEEN =
      List.of(Operation.values()).subList(0, Operation.EQUALIZE.ordinal() + 1);

  private Choices() {}

  /**
   * A whole number for each image, all equally likely.
   *
   * @param draws numbers in [0, 1), {@code [batch, n]}
   * @param column from 0
   * @param count how many there are
   * @return from 0 to {@code count - 1}, {@code [batch]}
   */
  static Operand<TInt32> oneOf(Ops tf, Operand<TFloat32> draws, int column, int count) {
    Operand<TInt32> number =
        tf.dtypes.cast(Draws.between(tf, draws, column, 0, count), TInt32.class);
    // A draw next to 1 could be rounded up to the one after the last.
    return tf.math.minimum(number, tf.constant(count - 1));
  }

  /**
   * Turns a strength round for every second image, where the operation can go either way.
   *
   * @param column the draw that decides
   * @return {@code [batch]}
   */
  static Operand<TFloat32> signed(
      Ops tf,
      Operand<TFloat32> draws,
      int column,
      Operand<TInt32> operation,
      Operand<TFloat32> strength) {
    float[] turned = new float[Operation.values().length];
    for (Operation each : Operation.values()) {
      turned[each.ordinal()] = each.signed() ? -1 : 1;
    }
    Operand<TFloat32> sign = tf.gather(tf.constant(turned), operation, tf.constant(0));
    return tf.math.mul(strength, Draws.sometimes(tf, draws, column, 0.5, sign, 1));
  }
}
