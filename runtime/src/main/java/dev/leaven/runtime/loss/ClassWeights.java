package dev.leaven.runtime.loss;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.internal.tensorflow.Values;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * How much an image of each class counts in training, for rare classes.
 *
 * <p>An image's weight is that of its true class, before smoothing; for a mixed image it is the
 * mean of both classes' weights, weighted by their fractions. The loss of a batch is {@code Σ
 * wᵢ·lossᵢ / Σ wᵢ}, so weights change the relative importance of images and not the size of a step.
 * Validation is not weighted. Effect: rare classes are found more often, common ones missed more
 * often. Cost: none.
 *
 * @param weights above 0, in the order of the classes; none to weigh every class so that together
 *     its images count as much as those of any other; these weights are computed when the data is
 *     known
 */
public record ClassWeights(List<Double> weights) implements Technique {

  private static final int MOST_NAMED = 10;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a weight is not above 0
   */
  public ClassWeights {
    weights = List.copyOf(weights);
    weights.forEach(weight -> Check.positive("classWeights", "weight", weight));
  }

  /**
   * Weights that follow from the data: every class counts as much as any other.
   *
   * @return weights to be settled by {@link #settled}
   */
  public static ClassWeights balanced() {
    return new ClassWeights(List.of());
  }

  /**
   * The weights for some training images, with scikit-learn's rule for balanced ones: {@code images
   * / (classes · images of the class)}.
   *
   * @param labels the class of every training image
   * @param classes how many classes there are
   * @return these weights if they are given, else those that balance the classes
   * @throws IllegalArgumentException when they are given, but not one for each class
   */
  public ClassWeights settled(int[] labels, int classes) {
    if (!weights.isEmpty()) {
      if (weights.size() != classes) {
        throw new IllegalArgumentException(
            "classWeights: there are %d weights, but %d classes; give one for each class"
                .formatted(weights.size(), classes));
      }
      return this;
    }
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    return new ClassWeights(
        Arrays.stream(counts)
            .mapToObj(count -> labels.length / ((double) classes * Math.max(1, count)))
            .toList());
  }

  /**
   * The loss of a batch.
   *
   * @param tf where the operations go
   * @param losses of each image, {@code [batch]}
   * @param targets mixed but not smoothed, {@code [batch, classes]}
   * @return the weighted mean, a scalar
   */
  public Operand<TFloat32> mean(Ops tf, Operand<TFloat32> losses, Operand<TFloat32> targets) {
    Operand<TFloat32> ofImages =
        tf.sum(
            tf.math.mul(targets, tf.constant(Values.floats(weights))), tf.constant(new int[] {1}));
    Operand<TFloat32> weighted = tf.sum(tf.math.mul(losses, ofImages), tf.constant(new int[] {0}));
    return tf.math.div(weighted, tf.sum(ofImages, tf.constant(new int[] {0})));
  }

  @Override
  public String describe() {
    if (weights.isEmpty()) {
      return "class weights that give every class the same share";
    }
    String shown =
        weights.stream()
            .limit(MOST_NAMED)
            .map(weight -> "%.3g".formatted(weight))
            .collect(Collectors.joining(", "));
    return "class weights %s%s".formatted(shown, weights.size() > MOST_NAMED ? ", …" : "");
  }
}
