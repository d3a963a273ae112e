package dev.leaven.runtime.mix;

import dev.leaven.runtime.graph.Randomness;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * The weight that each image keeps; its partner contributes the rest. MixUp and CutMix differ only
 * in these weights, so a choice between them is a choice between weights and the batch is mixed
 * once.
 *
 * @param ofPixels from 0 to 1, of a shape that broadcasts to the images
 * @param ofTargets from 0 to 1, {@code [batch]}, or {@code [1]} for all images alike
 * @param partner the number of the other image, {@code [batch]}
 */
record MixWeights(
    Operand<TFloat32> ofPixels, Operand<TFloat32> ofTargets, Operand<TInt32> partner) {

  private static final int[] COLUMN = {-1, 1};

  /** Mixes: {@code weight · x + (1 - weight) · x[partner]} for images and for targets. */
  Batch mix(Ops tf, Batch batch) {
    Operand<TFloat32> targets = tf.reshape(ofTargets, tf.constant(COLUMN));
    return new Batch(mixed(tf, batch.images(), ofPixels), mixed(tf, batch.targets(), targets));
  }

  private Operand<TFloat32> mixed(Ops tf, Operand<TFloat32> values, Operand<TFloat32> weight) {
    Operand<TFloat32> partners = tf.gather(values, partner, tf.constant(0));
    Operand<TFloat32> rest = tf.math.sub(tf.constant(1f), weight);
    return tf.math.addN(List.of(tf.math.mul(weight, values), tf.math.mul(rest, partners)));
  }

  /** These weights where a scalar is true, else the others; both are of one batch. */
  MixWeights orElse(Ops tf, Operand<TBool> these, MixWeights others) {
    return new MixWeights(
        tf.select(these, ofPixels, others.ofPixels),
        tf.select(these, ofTargets, others.ofTargets),
        partner);
  }

  /**
   * The next image of the batch, the first for the last. It is random because batches are shuffled,
   * and works for every batch size: one image alone is its own partner.
   */
  static Operand<TInt32> next(Ops tf, Operand<TInt32> size) {
    Operand<TInt32> index = tf.range(tf.constant(0), size, tf.constant(1));
    return tf.math.floorMod(tf.math.add(index, tf.constant(1)), size);
  }

  /**
   * Draws λ from Beta(α, α).
   *
   * @param shape how many, as a vector
   * @param alpha above 0
   * @param symmetric whether λ is replaced by {@code max(λ, 1-λ)}
   * @param name determines the purpose of their random numbers
   */
  static Operand<TFloat32> beta(
      Ops tf,
      Operand<TInt32> shape,
      double alpha,
      boolean symmetric,
      String name,
      Randomness randomness) {
    // Beta(α, α) is G₁ / (G₁ + G₂) for two independent Gamma(α, 1). A tiny alpha can give two
    // zeros; then λ is 1. Such a Beta has nearly all of its mass at 0 and 1, which mix nothing.
    Operand<TFloat64> first = randomness.purpose(name + " first").gamma(shape, alpha);
    Operand<TFloat64> second = randomness.purpose(name + " second").gamma(shape, alpha);
    Operand<TFloat64> sum = tf.math.add(first, second);
    Operand<TFloat64> own = symmetric ? tf.math.maximum(first, second) : first;
    Operand<TFloat64> lambda =
        tf.select(
            tf.math.greater(sum, tf.constant(0.0)), tf.math.divNoNan(own, sum), tf.onesLike(sum));
    return tf.dtypes.cast(lambda, TFloat32.class);
  }
}
