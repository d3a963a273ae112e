package dev.leaven.runtime.loss;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.Technique;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What a model is asked to minimise. Logits and losses are float32 in every precision. */
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
   * Refuses a number of outputs that its parameters do not fit.
   *
   * @param outputs the number of classes, or of numbers to estimate
   * @throws IllegalArgumentException when they do not, saying why
   */
  default void check(int outputs) {}

  /**
   * The answer that logits stand for: what is scored, averaged over views, and predicted.
   *
   * @param tf where the operations go
   * @param logits the model's outputs, {@code [batch, outputs]}
   * @return probabilities or numbers, of the same shape; the softmax of the logits if a loss does
   *     not say otherwise
   */
  default Operand<TFloat32> answers(Ops tf, Operand<TFloat32> logits) {
    return tf.nn.softmax(logits);
  }

  /**
   * Logits that stand for an answer: the reverse of {@link #answers}, for the loss of an average of
   * several views.
   *
   * @param tf where the operations go
   * @param answers probabilities or numbers, {@code [batch, outputs]}
   * @return one of the logits whose answers they are, of the same shape
   */
  default Operand<TFloat32> logits(Ops tf, Operand<TFloat32> answers) {
    return tf.math.log(tf.math.maximum(answers, tf.constant(Float.MIN_NORMAL)));
  }
}
