package dev.leaven.runtime.transform;

import dev.leaven.runtime.graph.Randomness;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Changes the light of a batch with all of a recipe's techniques, in their order: tones that follow
 * each other are one pass over the pixels, and so are colours that follow each other.
 *
 * @param lighting the techniques, the first one first
 */
public record Relighter(List<Lighting> lighting) {

  /** Keeps its own copy. */
  public Relighter {
    lighting = List.copyOf(lighting);
  }

  /**
   * Draws for every technique and applies them.
   *
   * @param tf where the operations go
   * @param images values from 0 to 1, {@code [batch, height, width, channels]}
   * @param randomness the random numbers of this step
   * @return values from 0 to 1, of the same shape
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Randomness randomness) {
    Operand<TInt32> batch = tf.gather(tf.shape(images), tf.constant(0), tf.constant(0));
    Pending pending = new Pending(images, null, null);
    for (int i = 0; i < lighting.size(); i++) {
      Lighting technique = lighting.get(i);
      Operand<TFloat32> draws =
          randomness
              .purpose("lighting %d %s".formatted(i, technique.getClass().getSimpleName()))
              .uniform(tf.stack(List.of(batch, tf.constant(technique.draws()))));
      pending = pending.then(tf, technique, draws);
    }
    return pending.images(tf);
  }

  /** Images and the operation still to be applied: a line, a matrix or nothing. */
  private record Pending(
      Operand<TFloat32> before,
      LogitLighting.@Nullable Line line,
      @Nullable Operand<TFloat32> matrices) {

    Pending then(Ops tf, Lighting technique, Operand<TFloat32> draws) {
      if (technique instanceof LogitLighting logitLighting) {
        LogitLighting.Line next = logitLighting.line(tf, draws);
        return line == null
            ? new Pending(images(tf), next, null)
            : new Pending(before, both(tf, line, next), null);
      }
      if (technique instanceof Colour colour) {
        Operand<TFloat32> next = colour.matrices(tf, draws);
        return matrices == null
            ? new Pending(images(tf), null, next)
            : new Pending(before, null, tf.train.batchMatMul(next, matrices, TFloat32.class));
      }
      return new Pending(technique.apply(tf, images(tf), draws), null, null);
    }

    Operand<TFloat32> images(Ops tf) {
      if (line != null) {
        return logit(tf, before, line);
      }
      return matrices == null ? before : colour(tf, before, matrices);
    }
  }

  private static LogitLighting.Line both(
      Ops tf, LogitLighting.Line first, LogitLighting.Line second) {
    return new LogitLighting.Line(
        tf.math.mul(first.slope(), second.slope()),
        tf.math.add(tf.math.mul(first.shift(), second.slope()), second.shift()));
  }

  /** One pass of lines in logit space. */
  static Operand<TFloat32> logit(Ops tf, Operand<TFloat32> images, LogitLighting.Line line) {
    Operand<TFloat32> inside =
        tf.clipByValue(images, tf.constant(1e-7f), tf.constant((float) (1 - 1e-7)));
    Operand<TFloat32> logit = tf.math.sub(tf.math.log(inside), tf.math.log1p(tf.math.neg(inside)));
    return tf.math.sigmoid(
        tf.math.add(tf.math.mul(logit, perImage(tf, line.slope())), perImage(tf, line.shift())));
  }

  private static Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> values) {
    return tf.reshape(values, tf.constant(new int[] {-1, 1, 1, 1}));
  }

  /** One pass of matrices on colours. */
  static Operand<TFloat32> colour(Ops tf, Operand<TFloat32> images, Operand<TFloat32> matrices) {
    Operand<TInt32> shape = tf.shape(images);
    Operand<TInt32> batch = tf.gather(shape, tf.constant(0), tf.constant(0));
    Operand<TFloat32> rows =
        tf.reshape(images, tf.stack(List.of(batch, tf.constant(-1), tf.constant(3))));
    Operand<TFloat32> changed =
        tf.train.batchMatMul(rows, matrices, TFloat32.class, BatchMatMul.adjY(true));
    return tf.clipByValue(tf.reshape(changed, shape), tf.constant(0f), tf.constant(1f));
  }
}
