package dev.leaven.runtime.graph;

import dev.leaven.runtime.internal.tensorflow.Keys;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.random.StatelessRandomGetKeyCounter;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Random numbers inside a graph, determined by (seed, purpose, counter) and never by the order of
 * the calls. The same triple gives the same numbers on any number of threads, in a resumed run and
 * on every device.
 *
 * <p>The counter is a graph operand: the step of the run for draws per batch, the epoch and index
 * of an image for draws per image. Every use has a purpose of its own, or two uses would get the
 * same numbers.
 */
public final class Randomness {

  // TensorFlow's number for "let the device choose"; on CPU and GPU it is Philox in both cases.
  private static final int PHILOX = 1;

  private final Ops tf;
  private final long key;
  private final Operand<TInt64> counter;

  private Randomness(Ops tf, long key, Operand<TInt64> counter) {
    this.tf = tf;
    this.key = key;
    this.counter = counter;
  }

  /**
   * Random numbers for one seed and counter.
   *
   * @param tf where the operations go
   * @param seed the run's seed
   * @param counter a scalar that differs whenever the numbers should
   * @return randomness without a purpose yet
   */
  public static Randomness of(Ops tf, long seed, Operand<TInt64> counter) {
    return new Randomness(tf, Keys.key(seed), counter);
  }

  /**
   * The randomness of one purpose, independent of every other purpose.
   *
   * @param purpose a name that no other use has
   * @return randomness for that purpose
   */
  public Randomness purpose(String purpose) {
    return new Randomness(tf, Keys.key(key, purpose), counter);
  }

  /**
   * Numbers evenly distributed in [0, 1).
   *
   * @param shape the shape, as a vector
   * @return float32 of that shape
   */
  public Operand<TFloat32> uniform(Operand<TInt32> shape) {
    return tf.random.statelessRandomUniform(shape, seed(), TFloat32.class);
  }

  /**
   * Numbers from the normal distribution of mean 0 and standard deviation 1.
   *
   * @param shape the shape, as a vector
   * @return float32 of that shape
   */
  public Operand<TFloat32> normal(Operand<TInt32> shape) {
    return tf.random.statelessRandomNormal(shape, seed(), TFloat32.class);
  }

  /**
   * Numbers from Gamma(alpha, 1). They are float64 because a small {@code alpha} gives values that
   * float32 rounds to zero.
   *
   * @param shape the shape, as a vector
   * @param alpha above 0
   * @return float64 of that shape
   */
  public Operand<TFloat64> gamma(Operand<TInt32> shape, double alpha) {
    StatelessRandomGetKeyCounter state = tf.random.statelessRandomGetKeyCounter(seed());
    return tf.random.statelessRandomGamma(
        shape, state.key(), state.counter(), tf.constant(PHILOX), tf.constant(alpha));
  }

  private Operand<TInt64> seed() {
    return tf.stack(java.util.List.of(tf.constant(key), counter));
  }
}
