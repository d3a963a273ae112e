package dev.leaven.runtime.loss;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.Technique;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What a model minimises. Logits and losses are float32 in every precision. */
public interface Loss extends Technique {

  /**
   * The loss of every image.
   *
   * @param tf where the operations go
   * @param logits the model's outputs, {@code [batch, outputs]}
   * @param targets what they should be, {@code [batch, outputs]}
   * @return one loss for each image, {@code [batch]}
   */
  Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets);

  /**
   * What the loss is for.
   *
   * @return the tasks whose targets it understands
   */
  default Set<Task> tasks() {
    return Set.of(Task.CLASSIFICATION);
  }

  /**
   * Rejects a number of outputs that does not fit its parameters.
   *
   * @param outputs the number of classes, or of numbers to estimate
   * @throws IllegalArgumentException when it does not fit; the message states why
   */
  default void check(int outputs) {}

  /**
   * Converts logits to predictions, which are scored, averaged over views and returned.
   *
   * @param tf where the operations go
   * @param logits the model's outputs, {@code [batch, outputs]}
   * @return probabilities or numbers, of the same shape; by default the softmax of the logits
   */
  default Operand<TFloat32> answers(Ops tf, Operand<TFloat32> logits) {
    return tf.nn.softmax(logits);
  }

  /**
   * Converts predictions to logits: the inverse of {@link #answers}, for the loss of an average of
   * several views.
   *
   * @param tf where the operations go
   * @param answers probabilities or numbers, {@code [batch, outputs]}
   * @return logits with these predictions, of the same shape
   */
  default Operand<TFloat32> logits(Ops tf, Operand<TFloat32> answers) {
    return tf.math.log(tf.math.maximum(answers, tf.constant(Float.MIN_NORMAL)));
  }
}
