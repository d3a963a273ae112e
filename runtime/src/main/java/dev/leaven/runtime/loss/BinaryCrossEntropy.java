package dev.leaven.runtime.loss;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.Task;
import dev.leaven.runtime.internal.tensorflow.Values;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Binary cross-entropy on logits: every class is a separate yes-or-no question, {@code -w·t·log
 * σ(z) - (1-t)·log(1-σ(z))}, averaged over the classes.
 *
 * <p>It is the loss for images with any number of classes, and the default where a data source
 * delivers such images. On images with one class each it trains a classifier that may also predict
 * "none of them" (Wightman et al. 2021, "ResNet strikes back"). Without a threshold it is linear in
 * the targets, so that mixing targets is the same as mixing losses. Predictions are the sigmoids of
 * the logits. Softplus, {@code log(1 + exp z)}, keeps it exact for logits of any size.
 *
 * @param positiveWeights {@code w}, the weight of a present class: one for each class, or one for
 *     all; none, the default, is 1
 * @param threshold targets above it become 1 and the others 0, so that a mixed image has both of
 *     its classes in full, as in timm; from 0 to below 1; null, the default, keeps them as they are
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BinaryCrossEntropy(List<Double> positiveWeights, @Nullable Double threshold)
    implements Loss {

  private static final float SMALLEST = 1e-7f;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public BinaryCrossEntropy {
    // JSON omits defaults.
    positiveWeights = positiveWeights == null ? List.of() : List.copyOf(positiveWeights);
    positiveWeights.forEach(w -> Check.positive("binaryCrossEntropy", "positive weight", w));
    if (threshold != null) {
      Check.range("binaryCrossEntropy", "threshold", threshold, 0, 0.999999);
    }
  }

  /** Without weights or threshold. */
  public BinaryCrossEntropy() {
    this(List.of(), null);
  }

  @Override
  public Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    Operand<TFloat32> there = targets;
    if (threshold != null) {
      there =
          tf.dtypes.cast(
              tf.math.greater(targets, tf.constant(threshold.floatValue())), TFloat32.class);
    }
    Operand<TFloat32> yes = tf.math.mul(there, tf.math.softplus(tf.math.neg(logits)));
    if (!positiveWeights.isEmpty()) {
      yes = tf.math.mul(yes, tf.constant(Values.floats(positiveWeights)));
    }
    Operand<TFloat32> no =
        tf.math.mul(tf.math.sub(tf.constant(1f), there), tf.math.softplus(logits));
    return tf.math.mean(tf.math.add(yes, no), tf.constant(new int[] {1}));
  }

  @Override
  public Set<Task> tasks() {
    return Set.of(Task.CLASSIFICATION, Task.MULTI_LABEL);
  }

  @Override
  public void check(int outputs) {
    if (positiveWeights.size() > 1 && positiveWeights.size() != outputs) {
      throw new IllegalArgumentException(
          "binaryCrossEntropy: there are %d positive weights, but %d classes; give one for each"
              .formatted(positiveWeights.size(), outputs));
    }
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
    String weights =
        switch (positiveWeights.size()) {
          case 0 -> "";
          case 1 -> ", what is there weighted with " + Check.number(positiveWeights.get(0));
          default -> ", what is there weighted for each class";
        };
    String binary =
        threshold == null ? "" : ", targets above %s as 1".formatted(Check.number(threshold));
    return "binary cross-entropy, the mean over the classes" + weights + binary;
  }
}
