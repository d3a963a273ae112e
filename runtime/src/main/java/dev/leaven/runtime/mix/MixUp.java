package dev.leaven.runtime.mix;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Randomness;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * MixUp (Zhang et al. 2017, "mixup: Beyond Empirical Risk Minimization"): every image becomes a
 * weighted mean of itself and another of its batch, and its target becomes the same mean of both
 * targets.
 *
 * <p>As in fastai, each image has its own weight {@code λ} from Beta(α, α), replaced by {@code
 * max(λ, 1-λ)} so that its own label dominates. The paper's form, {@code new MixUp(0.4, true,
 * false)}, has one {@code λ} for all images of a batch and keeps it as it is. The partner is the
 * next image of the batch. This is random because batches are shuffled, and it works for every
 * batch size: a batch of one is mixed with itself and does not change. Effect: less overfitting in
 * runs of many epochs; short runs may get worse. Cost: one pass over the batch.
 *
 * @param alpha how strongly to mix: above 0 and at most 100; 0.4 is fastai's default
 * @param perBatch whether all images of a batch share one {@code λ}; false by default
 * @param symmetric whether {@code λ} is kept at 0.5 or more; true by default
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT) // recipes and their hashes omit defaults
public record MixUp(
    @JsonInclude(JsonInclude.Include.ALWAYS) double alpha, boolean perBatch, boolean symmetric)
    implements Mixing {

  /**
   * The random part of MixUp.
   *
   * @param lambda the weight of the image itself, {@code [batch]}, or {@code [1]} for all images
   *     alike; from 0.5 to 1 if symmetric, else from 0 to 1
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

  /**
   * MixUp with a weight for each image, kept at 0.5 or more.
   *
   * @param alpha how strongly to mix: above 0 and at most 100
   * @throws IllegalArgumentException when alpha is not above 0 and at most 100
   */
  public MixUp(double alpha) {
    this(alpha, false, true);
  }

  /** MixUp with fastai's alpha of 0.4. */
  public MixUp() {
    this(0.4);
  }

  @JsonCreator
  private static MixUp read(
      @JsonProperty("alpha") double alpha,
      @JsonProperty("perBatch") @Nullable Boolean perBatch,
      @JsonProperty("symmetric") @Nullable Boolean symmetric) {
    return new MixUp(alpha, perBatch != null && perBatch, symmetric == null || symmetric);
  }

  @Override
  public Batch mix(Ops tf, Batch batch, Randomness randomness) {
    Operand<TInt32> size = tf.gather(tf.shape(batch.targets()), tf.constant(0), tf.constant(0));
    return apply(tf, batch, draw(tf, size, randomness));
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
    Operand<TInt32> shape =
        perBatch ? tf.constant(new int[] {1}) : tf.expandDims(size, tf.constant(0));
    return new Draw(
        MixWeights.beta(tf, shape, alpha, symmetric, "mixup", randomness),
        MixWeights.next(tf, size));
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
    return mixWeights(tf, draw).mix(tf, batch);
  }

  MixWeights mixWeights(Ops tf, Draw draw) {
    Operand<TFloat32> ofPixels = tf.reshape(draw.lambda(), tf.constant(new int[] {-1, 1, 1, 1}));
    return new MixWeights(ofPixels, draw.lambda(), draw.partner());
  }

  @Override
  public String describe() {
    String a = Check.number(alpha);
    return "MixUp: λ from Beta(%s, %s) for each %s%s"
        .formatted(a, a, perBatch ? "batch" : "image", symmetric ? ", kept at 0.5 or more" : "");
  }
}
