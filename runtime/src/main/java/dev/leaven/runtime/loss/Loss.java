package dev.leaven.runtime.loss;

import dev.leaven.runtime.Technique;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What a model is asked to minimise. Logits and losses are float32 in every precision. */
public interface Loss extends Technique {

  /**
   * The loss of every image.
   *
   * @param tf where the operations go
   * @param logits the model's outputs, {@code [batch, classes]}
   * @param targets what they should be, {@code [batch, classes]}
   * @return one loss for each image, {@code [batch]}
   */
  Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets);
}
