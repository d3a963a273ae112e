package dev.leaven.runtime.graph;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Gives every element the same value, whatever the variable's name: variables of one shape can
 * share it.
 */
record ConstantInitializer(double value) implements Initializer {

  @Override
  public Operand<TFloat32> value(Ops tf, Shape shape, Randomness randomness) {
    return tf.fill(tf.constant(shape.asArray()), tf.constant((float) value));
  }
}
