package dev.leaven.runtime.graph;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * A float32 array that lives in the session and outlasts its steps.
 *
 * @param name unique in its graph, with dots between its parts: {@code stem.0.conv.weight}
 * @param shape all sizes known
 * @param kind its purpose
 * @param handle the resource in the graph
 * @param initial its initializer
 */
public record Variable(
    String name, Shape shape, Kind kind, Operand<? extends TType> handle, Initializer initial) {

  /** The purpose of a variable. */
  public enum Kind {
    /** Trained, and subject to weight decay: the weights of convolutions and dense layers. */
    WEIGHT,
    /** Trained, without weight decay: the scales and shifts of norms, and biases. */
    UNDECAYED,
    /** Not trained but part of the model: the running statistics of norms. */
    STATISTIC,
    /** An average of a weight or statistic over the run: part of a second model. */
    AVERAGE,
    /** Bookkeeping of the run, not part of the model and kept from stage to stage. */
    RUN,
    /** Memory of the optimizer, not part of the model. */
    SLOT;

    /**
     * Whether the optimizer moves such a variable.
     *
     * @return true for weights, norms and biases
     */
    public boolean trained() {
      return this == WEIGHT || this == UNDECAYED;
    }
  }

  /**
   * A new operation that reads the value.
   *
   * @param tf where the operation goes
   * @return the value at the moment the operation runs
   */
  public Operand<TFloat32> read(Ops tf) {
    return tf.readVariableOp(handle, TFloat32.class);
  }
}
