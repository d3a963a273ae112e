package dev.leaven.runtime.internal.tensorflow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * The values fed to one run of a session. Closing it frees the tensors it made: a tensor that is
 * not closed stays in native memory until the garbage collector finds it.
 */
public final class Feeds implements AutoCloseable {

  private final Map<Operand<?>, Tensor> made = new LinkedHashMap<>();
  private final Map<Operand<?>, Tensor> borrowed = new LinkedHashMap<>();

  /**
   * Feeds a scalar.
   *
   * @param placeholder the placeholder in the graph
   * @param value its value
   * @return this
   */
  public Feeds put(Operand<TFloat64> placeholder, double value) {
    return make(placeholder, TFloat64.scalarOf(value));
  }

  /**
   * Feeds a scalar.
   *
   * @param placeholder the placeholder in the graph
   * @param value its value
   * @return this
   */
  public Feeds put(Operand<TInt64> placeholder, long value) {
    return make(placeholder, TInt64.scalarOf(value));
  }

  /**
   * Feeds a scalar.
   *
   * @param placeholder the placeholder in the graph
   * @param value its value
   * @return this
   */
  public Feeds put(Operand<TInt32> placeholder, int value) {
    return make(placeholder, TInt32.scalarOf(value));
  }

  /**
   * Feeds a scalar.
   *
   * @param placeholder the placeholder in the graph
   * @param value its value
   * @return this
   */
  public Feeds put(Operand<TBool> placeholder, boolean value) {
    return make(placeholder, TBool.scalarOf(value));
  }

  /**
   * Feeds a tensor that belongs to the caller and is not closed here.
   *
   * @param placeholder the placeholder in the graph
   * @param tensor its value
   * @return this
   */
  public Feeds lend(Operand<?> placeholder, Tensor tensor) {
    borrowed.put(placeholder, tensor);
    return this;
  }

  /**
   * Feeds a tensor and takes ownership of it.
   *
   * @param placeholder the placeholder in the graph
   * @param tensor its value
   * @return this
   */
  public Feeds make(Operand<?> placeholder, Tensor tensor) {
    made.put(placeholder, tensor);
    return this;
  }

  /**
   * A runner with all values fed.
   *
   * @param session the session of the run
   * @return a runner that still needs its fetches and targets
   */
  public Session.Runner runner(Session session) {
    Session.Runner runner = session.runner();
    made.forEach(runner::feed);
    borrowed.forEach(runner::feed);
    return runner;
  }

  @Override
  public void close() {
    made.values().forEach(Tensor::close);
    made.clear();
  }
}
