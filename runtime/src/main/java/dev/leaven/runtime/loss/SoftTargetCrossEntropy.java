package dev.leaven.runtime.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Cross-entropy against a distribution: {@code -Σₖ qₖ·log softmax(logits)ₖ}.
 *
 * <p>The targets may be one-hot, smoothed, mixed, or both; because the loss is linear in them, this
 * is the same as mixing the losses of two labels. It is the loss of every classifier with one label
 * for each image.
 */
public record SoftTargetCrossEntropy() implements Loss {

  @Override
  public Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    return tf.nn.softmaxCrossEntropyWithLogits(logits, targets).loss();
  }

  @Override
  public String describe() {
    return "cross-entropy on soft targets";
  }
}
