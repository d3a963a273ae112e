package dev.leaven.runtime.graph;

import dev.leaven.runtime.internal.tensorflow.Feeds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Gives variables their initial values. */
public final class FirstValues {

  // A placeholder and not a constant: TensorFlow would compute constant values before the run that
  // needs them, one after the other, and keep them all while the session is open.
  private final Placeholder<TInt64> counter;
  private final Op assignments;

  /**
   * Makes the operations; the values are computed when they are assigned.
   *
   * @param tf the graph of the variables
   * @param variables the variables
   * @param seed decides the random ones, each by its own name
   */
  FirstValues(Ops tf, Collection<Variable> variables, long seed) {
    counter = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    assignments = assignments(tf, variables, seed, counter);
  }

  static Op assignments(
      Ops tf, Collection<Variable> variables, long seed, Operand<TInt64> counter) {
    // A GPU's random numbers may differ in their last bits.
    Ops at =
        tf.withDevice(
            DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.CPU).deviceIndex(0).build());
    Map<Same, Operand<TFloat32>> constants = new HashMap<>();
    List<Op> all = new ArrayList<>();
    for (Variable variable : variables) {
      Randomness randomness =
          Randomness.of(at, seed, counter).purpose("initial " + variable.name());
      Initializer initial = variable.initial();
      Operand<TFloat32> value =
          initial instanceof ConstantInitializer constant
              ? constants.computeIfAbsent(
                  new Same(constant, variable.shape()),
                  same -> initial.value(at, same.shape(), randomness))
              : initial.value(at, variable.shape(), randomness);
      all.add(tf.assignVariableOp(variable.handle(), value));
    }
    return Variables.group(tf, all);
  }

  private record Same(ConstantInitializer initial, Shape shape) {}

  /**
   * Assigns the initial values, whatever the variables hold.
   *
   * @param session the session that holds them
   */
  public void give(Session session) {
    try (Feeds feeds = new Feeds().put(counter, 0L)) {
      feeds.runner(session).addTarget(assignments).run().close();
    }
  }
}
