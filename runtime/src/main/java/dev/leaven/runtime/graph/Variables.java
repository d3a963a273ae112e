package dev.leaven.runtime.graph;

import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.Values;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.tensorflow.Operand;
import org.tensorflow.Result;
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

  private record Incoming(Placeholder<TFloat32> value, Op assign) {}

  private static final String AVERAGE = "average.";

  private final Ops tf;
  private final boolean averages;
  private final Map<String, Variable> byName;
  private final Map<Variable, Operand<TFloat32>> reads;
  private final Map<Variable, Incoming> incoming;

  /**
   * No variables yet.
   *
   * @param tf the graph they will live in
   */
  public Variables(Ops tf) {
    this(tf, false, new LinkedHashMap<>(), new LinkedHashMap<>(), new HashMap<>());
  }

  private Variables(
      Ops tf,
      boolean averages,
      Map<String, Variable> byName,
      Map<Variable, Operand<TFloat32>> reads,
      Map<Variable, Incoming> incoming) {
    this.tf = tf;
    this.averages = averages;
    this.byName = byName;
    this.reads = reads;
    this.incoming = incoming;
  }

  /**
   * The same variables, seen by a model that is built of averages: whatever it asks for, it gets
   * that variable's average.
   *
   * @return a view; what is made through it is in these variables as well
   */
  public Variables averages() {
    return new Variables(tf, true, byName, reads, incoming);
  }

  /**
   * Finds or makes the average of a variable, which begins as zeros.
   *
   * @param of a weight or a statistic
   * @return a variable of the same shape
   */
  public Variable average(Variable of) {
    return make(AVERAGE + of.name(), of.shape(), Variable.Kind.AVERAGE, Initializer.constant(0));
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
    return averages
        ? make(AVERAGE + name, shape, Variable.Kind.AVERAGE, Initializer.constant(0))
        : make(name, shape, kind, initial);
  }

  private Variable make(String name, Shape shape, Variable.Kind kind, Initializer initial) {
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
   * @see #firstValues the quicker way
   */
  public Op initialize(Collection<Variable> variables, long seed) {
    return FirstValues.assignments(tf, variables, seed, tf.constant(0L));
  }

  /**
   * What gives variables the same values as {@link #initialize}, computed at the moment that they
   * are given.
   *
   * @param variables which
   * @param seed decides the random ones, each by its own name
   * @return not given yet
   */
  public FirstValues firstValues(Collection<Variable> variables, long seed) {
    return new FirstValues(tf, variables, seed);
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
   * Reads every variable at one moment.
   *
   * @param session the session that holds them
   * @return to be closed when the values were used
   */
  public Snapshot snapshot(Session session) {
    Session.Runner runner = session.runner();
    reads().values().forEach(runner::fetch);
    return new Snapshot(List.copyOf(byName.values()), runner.run());
  }

  /**
   * Copies values into the session.
   *
   * @param session the session that holds them
   * @param values arrays in C order by the names of variables; a variable without one keeps its
   *     value
   */
  public void assign(Session session, Map<String, FloatBuffer> values) {
    try (Feeds feeds = new Feeds()) {
      List<Op> assignments = new ArrayList<>();
      Ops at = tf.withSubScope("assign");
      for (Variable variable : byName.values()) {
        FloatBuffer value = values.get(variable.name());
        if (value != null) {
          Incoming path = incoming.computeIfAbsent(variable, wanted -> incoming(at, wanted));
          feeds.make(
              path.value(), TFloat32.tensorOf(variable.shape(), DataBuffers.of(value.duplicate())));
          assignments.add(path.assign());
        }
      }
      Session.Runner runner = feeds.runner(session);
      assignments.forEach(runner::addTarget);
      runner.run().close();
    }
  }

  private static Incoming incoming(Ops at, Variable variable) {
    Placeholder<TFloat32> value =
        at.placeholder(TFloat32.class, Placeholder.shape(variable.shape()));
    return new Incoming(value, at.assignVariableOp(variable.handle(), value));
  }

  /**
   * Makes the operations that carry values out. An operation that is new to a session makes its
   * next run look at the whole graph again, so this belongs before the first run.
   */
  public void prepareAccess() {
    reads();
  }

  private Map<Variable, Operand<TFloat32>> reads() {
    Ops at = tf.withSubScope("snapshot");
    for (Variable variable : byName.values()) {
      reads.computeIfAbsent(variable, unread -> unread.read(at));
    }
    return reads;
  }

  /** The values of all variables at one moment, in native memory. */
  public static final class Snapshot implements AutoCloseable {

    private final List<Variable> variables;
    private final Result values;

    private Snapshot(List<Variable> variables, Result values) {
      this.variables = variables;
      this.values = values;
    }

    /**
     * The variables, in the order of their making.
     *
     * @return not to be changed
     */
    public List<Variable> variables() {
      return variables;
    }

    /**
     * A variable's value.
     *
     * @param variable one of {@link #variables()}
     * @return a new array in C order
     */
    public float[] value(Variable variable) {
      return Values.of((TFloat32) values.get(variables.indexOf(variable)));
    }

    @Override
    public void close() {
      values.close();
    }
  }
}
