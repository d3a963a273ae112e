package dev.leaven.runtime.loss;

import dev.leaven.runtime.Task;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A loss of numeric targets, whose predictions are the model's outputs themselves. */
interface NumberLoss extends Loss {

  /**
   * The loss of every number.
   *
   * @return of the shape of {@code outputs}
   */
  Operand<TFloat32> each(Ops tf, Operand<TFloat32> outputs, Operand<TFloat32> targets);

  @Override
  default Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    return tf.math.mean(each(tf, logits, targets), tf.constant(new int[] {1}));
  }

  @Override
  default Set<Task> tasks() {
    return Set.of(Task.REGRESSION);
  }

  @Override
  default Operand<TFloat32> answers(Ops tf, Operand<TFloat32> logits) {
    return logits;
  }

  @Override
  default Operand<TFloat32> logits(Ops tf, Operand<TFloat32> answers) {
    return answers;
  }
}
