package dev.leaven.runtime.loss;

import dev.leaven.runtime.Task;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Binary cross-entropy on logits: every class is a question of its own, {@code -t·log σ(z) -
 * (1-t)·log(1-σ(z))}, averaged over the classes.
 *
 * <p>It is the loss of images with any number of classes, and the default where a data source
 * delivers such. On images with one class each it trains a classifier that may also say "none of
 * them" (Wightman et al. 2021, "ResNet strikes back"). It is linear in the targets, so that mixing
 * targets is the same as mixing losses. Answers are the sigmoids of the logits. The form {@code
 * max(z, 0) - z·t + log(1 + exp(-|z|))} is exact for logits of any size.
 */
public record BinaryCrossEntropy() implements Loss {

  private static final float SMALLEST = 1e-7f;

  @Override
  public Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    Operand<TFloat32> each =
        tf.math.add(
            tf.math.sub(tf.nn.relu(logits), tf.math.mul(logits, targets)),
            tf.math.log1p(tf.math.exp(tf.math.neg(tf.math.abs(logits)))));
    return tf.math.mean(each, tf.constant(new int[] {1}));
  }

  @Override
  public Set<Task> tasks() {
    return Set.of(Task.CLASSIFICATION, Task.MULTI_LABEL);
  }

  @Override
  public Operand<TFloat32> answers(Ops tf, Operand<TFloat32> logits) {
    return tf.math.sigmoid(logits);
  }

  @Override
  public Operand<TFloat32> logits(Ops tf, Operand<TFloat32> answers) {
    Operand<TFloat32> inside =
        tf.clipByValue(answers, tf.constant(SMALLEST), tf.constant(1 - SMALLEST));
    return tf.math.sub(tf.math.log(inside), tf.math.log1p(tf.math.neg(inside)));
  }

  @Override
  public String describe() {
    return "binary cross-entropy, the mean over the classes";
  }
}
