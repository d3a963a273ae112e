package dev.leaven.runtime.internal.step;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The training accuracy of a batch, as a graph function: the mean over its images of the target of
 * the most probable class. It is the top-1 accuracy where targets are one-hot; in a mixed image
 * each class counts by its fraction, {@code λ} and {@code 1-λ}, so an image mixed of two halves
 * gives a half at most.
 */
final class TrainingTop1 {

  private TrainingTop1() {}

  /**
   * Compares predictions with targets.
   *
   * @param tf where the operations go
   * @param logits {@code [batch, classes]}
   * @param targets the targets, of the same shape, mixed but not smoothed; each row adds up to 1
   * @return a scalar from 0 to 1
   */
  static Operand<TFloat32> of(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    Operand<TInt32> classes = tf.gather(tf.shape(logits), tf.constant(1), tf.constant(0));
    Operand<TFloat32> answers =
        tf.oneHot(
            tf.math.argMax(logits, tf.constant(1)), classes, tf.constant(1f), tf.constant(0f));
    Operand<TFloat32> shares = tf.sum(tf.math.mul(answers, targets), tf.constant(new int[] {1}));
    return tf.math.mean(shares, tf.constant(new int[] {0}));
  }
}
