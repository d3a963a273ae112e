package dev.leaven.runtime.graph;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.NoOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The variables of one graph, by name and in the order of their making.
 *
 * <p>All are resource variables: TensorFlow's older reference variables end the process when they
 * are differentiated. The first request for a name makes the variable and later ones find it, so
 * that a model can be built once for training and again for inference on the same weights.
 */
public final class Variables {

  private record Access(Operand<TFloat32> read, Placeholder<TFloat32> incoming, Op assign) {}

  private final Ops tf;
  private final Map<String, Variable> byName = new LinkedHashMap<>();
  private final Map<String, Access> access = new LinkedHashMap<>();

  /**
   * No variables yet.
   *
   * @param tf the graph they will live in
   */
  public Variables(Ops tf) {
    this.tf = tf;
  }

  /**
   * Finds or makes a variable.
   *
   * @param name unique in the graph
   * @param shape all sizes known
   * @param kind what it is for
   * @param initial how it begins
   * @return the variable
   * @throws IllegalStateException when the name is taken by one of another shape or kind
   */
  public Variable get(String name, Shape shape, Variable.Kind kind, Initializer initial) {
    Variable known = byName.get(name);
    if (known == null) {
      VarHandleOp handle =
          tf.withSubScope("variables")
              .withName(name)
              .varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
      known = new Variable(name, shape, kind, handle, initial);
      byName.put(name, known);
    } else if (!known.shape().equals(shape) || known.kind() != kind) {
      throw new IllegalStateException(
          "variable %s is a %s of shape %s and cannot be a %s of shape %s as well"
              .formatted(name, known.kind(), known.shape(), kind, shape));
    }
    return known;
  }

  /**
   * Every variable, in the order of their making.
   *
   * @return not to be changed
   */
  public Collection<Variable> all() {
    return List.copyOf(byName.values());
  }

  /**
   * The variables of some kinds, in the order of their making.
   *
   * @param wanted which kinds
   * @return not to be changed
   */
  public List<Variable> of(Predicate<Variable.Kind> wanted) {
    return byName.values().stream().filter(v -> wanted.test(v.kind())).toList();
  }

  /**
   * An operation that gives variables their first values.
   *
   * @param variables which
   * @param seed decides the random ones, each by its own name
   * @return the operation
   */
  public Op initialize(Collection<Variable> variables, long seed) {
    List<Op> assignments = new ArrayList<>();
    for (Variable variable : variables) {
      Randomness randomness =
          Randomness.of(tf, seed, tf.constant(0L)).purpose("initial " + variable.name());
      assignments.add(
          tf.assignVariableOp(
              variable.handle(), variable.initial().value(tf, variable.shape(), randomness)));
    }
    return group(tf, assignments);
  }

  /**
   * An operation that does nothing but wait for others.
   *
   * @param tf where it goes
   * @param operations for which it waits
   * @return the operation
   */
  public static NoOp group(Ops tf, List<? extends Op> operations) {
    return tf.withControlDependencies(new ArrayList<Op>(operations)).noOp();
  }

  /**
   * Copies values out of the session.
   *
   * @param session the session that holds them
   * @param variables which
   * @return a new array for each, in C order
   */
  public Map<Variable, float[]> values(Session session, Collection<Variable> variables) {
    Map<Variable, float[]> values = new LinkedHashMap<>();
    // One at a time: the native copy of a large model exists once, not twice.
    for (Variable variable : variables) {
      try (var result = session.runner().fetch(access(variable).read()).run()) {
        TFloat32 tensor = (TFloat32) result.get(0);
        float[] value = new float[Math.toIntExact(tensor.size())];
        tensor.asRawTensor().data().asFloats().read(value);
        values.put(variable, value);
      }
    }
    return values;
  }

  /**
   * Copies values into the session.
   *
   * @param session the session that holds them
   * @param values an array for each variable, in C order
   */
  public void assign(Session session, Map<Variable, FloatBuffer> values) {
    values.forEach(
        (variable, value) -> {
          Access path = access(variable);
          try (TFloat32 tensor =
              TFloat32.tensorOf(variable.shape(), DataBuffers.of(value.duplicate()))) {
            session.runner().feed(path.incoming(), tensor).addTarget(path.assign()).run().close();
          }
        });
  }

  private synchronized Access access(Variable variable) {
    return access.computeIfAbsent(
        variable.name(),
        name -> {
          Ops at = tf.withSubScope("access");
          Placeholder<TFloat32> incoming =
              at.placeholder(TFloat32.class, Placeholder.shape(variable.shape()));
          return new Access(
              variable.read(at), incoming, at.assignVariableOp(variable.handle(), incoming));
        });
  }
}
