package dev.leaven.runtime.mix;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Randomness;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * MixUp (Zhang et al. 2017, "mixup: Beyond Empirical Risk Minimization"): every image becomes a
 * weighted mean of itself and another of its batch, and its target the same mean of both targets.
 *
 * <p>As in fastai, each image has its own weight {@code λ} from Beta(α, α), replaced by {@code
 * max(λ, 1-λ)} so that its own label dominates. The partner is the next image of the batch, which
 * is as random as any because batches are shuffled, and which works for every batch size: a batch
 * of one is mixed with itself and does not change. Effect: less overfitting in runs of many epochs;
 * short runs may lose. Cost: one pass over the batch.
 *
 * @param alpha how strongly to mix: above 0 and at most 100; 0.4 is fastai's default
 */
public record MixUp(double alpha) implements Mixing {

  /**
   * The random part of MixUp.
   *
   * @param lambda the weight of the image itself, {@code [batch]}, from 0.5 to 1
   * @param partner the number of the other image, {@code [batch]}
   */
  public record Draw(Operand<TFloat32> lambda, Operand<TInt32> partner) {}

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when alpha is not above 0 and at most 100
   */
  public MixUp {
    Check.positive("mixup", "alpha", alpha);
    Check.range("mixup", "alpha", alpha, 0, 100);
  }

  /** MixUp with fastai's alpha of 0.4. */
  public MixUp() {
    this(0.4);
  }

  @Override
  public Batch mix(Ops tf, Batch batch, Randomness randomness) {
    return apply(tf, batch, draw(tf, size(tf, batch.targets()), randomness));
  }

  /**
   * Draws weights and partners for a batch.
   *
   * @param tf where the operations go
   * @param size the number of images, a scalar
   * @param randomness the random numbers of this step
   * @return a draw for {@code size} images
   */
  public Draw draw(Ops tf, Operand<TInt32> size, Randomness randomness) {
    Operand<TInt32> shape = tf.expandDims(size, tf.constant(0));
    // Beta(α, α) is G₁ / (G₁ + G₂) for two independent Gamma(α, 1). A tiny alpha can give two
    // zeros; then λ is 1, which is where such a Beta has nearly all of its mass after max(λ, 1-λ).
    Operand<TFloat64> first = randomness.purpose("mixup first").gamma(shape, alpha);
    Operand<TFloat64> second = randomness.purpose("mixup second").gamma(shape, alpha);
    Operand<TFloat64> sum = tf.math.add(first, second);
    Operand<TFloat64> larger = tf.math.maximum(first, second);
    Operand<TFloat64> lambda =
        tf.select(
            tf.math.greater(sum, tf.constant(0.0)),
            tf.math.divNoNan(larger, sum),
            tf.onesLike(sum));
    Operand<TInt32> index = tf.range(tf.constant(0), size, tf.constant(1));
    return new Draw(
        tf.dtypes.cast(lambda, TFloat32.class),
        tf.math.floorMod(tf.math.add(index, tf.constant(1)), size));
  }

  /**
   * Mixes: {@code λ·x + (1-λ)·x[partner]} for images and for targets.
   *
   * @param tf where the operations go
   * @param batch the batch
   * @param draw weights and partners for as many images
   * @return a batch of the same shapes
   */
  public Batch apply(Ops tf, Batch batch, Draw draw) {
    return new Batch(
        mixed(tf, batch.images(), draw, new int[] {-1, 1, 1, 1}),
        mixed(tf, batch.targets(), draw, new int[] {-1, 1}));
  }

  private static Operand<TFloat32> mixed(
      Ops tf, Operand<TFloat32> values, Draw draw, int[] lambdaShape) {
    Operand<TFloat32> lambda = tf.reshape(draw.lambda(), tf.constant(lambdaShape));
    Operand<TFloat32> partners = tf.gather(values, draw.partner(), tf.constant(0));
    Operand<TFloat32> rest = tf.math.sub(tf.constant(1f), lambda);
    return tf.math.addN(List.of(tf.math.mul(lambda, values), tf.math.mul(rest, partners)));
  }

  private static Operand<TInt32> size(Ops tf, Operand<TFloat32> values) {
    return tf.gather(tf.shape(values), tf.constant(0), tf.constant(0));
  }

  @Override
  public String describe() {
    String a = Check.number(alpha);
    return "MixUp: λ from Beta(%s, %s) for each image, kept at 0.5 or more".formatted(a, a);
  }
}
