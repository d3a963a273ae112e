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
 * The variables of one graph, by name and in the order of their creation.
 *
 * <p>All are resource variables: TensorFlow's older reference variables crash the process when they
 * are differentiated. The first request for a name creates the variable and later requests find it,
 * so a model can be built once for training and again for inference on the same weights.
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
   * A view of the same variables for a model that is built of averages: for each requested variable
   * it returns that variable's average.
   *
   * @return a view; variables that are created through it are in this object as well
   */
  public Variables averages() {
    return new Variables(tf, true, byName, reads, incoming);
  }

  /**
   * Finds or creates the average of a variable; its initial value is zeros.
   *
   * @param of the weight or statistic
   * @return a variable of the same shape
   */
  public Variable average(Variable of) {
    return make(AVERAGE + of.name(), of.shape(), Variable.Kind.AVERAGE, Initializer.constant(0));
  }

  /**
   * Finds or creates a variable.
   *
   * @param name unique in the graph
   * @param shape all sizes known
   * @param kind its purpose
   * @param initial its initializer
   * @return the variable
   * @throws IllegalStateException when the name belongs to a variable of another shape or kind
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
   * Every variable, in the order of creation.
   *
   * @return not to be changed
   */
  public Collection<Variable> all() {
    return List.copyOf(byName.values());
  }

  /**
   * The variables of some kinds, in the order of creation.
   *
   * @param wanted the kinds
   * @return not to be changed
   */
  public List<Variable> of(Predicate<Variable.Kind> wanted) {
    return byName.values().stream().filter(v -> wanted.test(v.kind())).toList();
  }

  /**
   * An operation that gives variables their initial values.
   *
   * @param variables the variables
   * @param seed decides the random ones, each by its own name
   * @return the operation
   * @see #firstValues the faster alternative
   */
  public Op initialize(Collection<Variable> variables, long seed) {
    return FirstValues.assignments(tf, variables, seed, tf.constant(0L));
  }

  /**
   * Assigns the same values as {@link #initialize}, computed when they are assigned.
   *
   * @param variables the variables
   * @param seed decides the random ones, each by its own name
   * @return an object that has assigned nothing yet
   */
  public FirstValues firstValues(Collection<Variable> variables, long seed) {
    return new FirstValues(tf, variables, seed);
  }

  /**
   * An operation that only waits for others.
   *
   * @param tf where it goes
   * @param operations the operations that it waits for
   * @return the operation
   */
  public static NoOp group(Ops tf, List<? extends Op> operations) {
    return tf.withControlDependencies(new ArrayList<Op>(operations)).noOp();
  }

  /**
   * Reads every variable at one moment.
   *
   * @param session the session that holds them
   * @return values that must be closed after use
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
   * Makes the operations that read the values. A new operation makes the session process the whole
   * graph again in its next run, so call this before the first run.
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
     * The variables, in the order of creation.
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
