package dev.leaven.runtime.mix;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Randomness;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * CutMix (Yun et al. 2019, "CutMix: Regularization Strategy to Train Strong Classifiers with
 * Localizable Features"): a box of every image is replaced by the same box of another of its batch,
 * and its target becomes the mean of both targets, weighted by the visible area of each.
 *
 * <p>As in fastai, {@code λ} is from Beta(α, α) and the box has sides of {@code √(1-λ)} of the
 * image's, and every pixel is equally likely to be its centre. The part outside the image is cut
 * off, and the target follows the remaining area: {@code λ' = 1 - area / (W·H)}. All images of a
 * batch have one box, unless {@code perImage}. The partner is the next image of the batch; a batch
 * of one is its own partner and does not change. Effect: unlike MixUp, CutMix shows natural pixels,
 * and the model learns to use every part of an object; like MixUp it needs many epochs. Cost: one
 * pass over the batch.
 *
 * @param alpha above 0 and at most 100; 1, the default of paper and fastai, makes every fraction
 *     equally likely, smaller values make boxes tiny or huge, larger values make them similar
 * @param perImage whether each image has its own box; false by default
 * @param corrected whether the target follows the remaining area of the box; if not, it follows λ
 *     as drawn, which has been reported to work better on birds (timm, issue 8); true by default
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT) // recipes without the last field keep their hashes
public record CutMix(
    @JsonInclude(JsonInclude.Include.ALWAYS) double alpha,
    @JsonInclude(JsonInclude.Include.ALWAYS) boolean perImage,
    boolean corrected)
    implements Mixing {

  private static final int HEIGHT = 1;
  private static final int WIDTH = 2;

  /**
   * The random part of CutMix. All but the partner have the shape {@code [batch]}, or {@code [1]}
   * for all images alike.
   *
   * @param lambda the fraction that an image keeps, if the box lies inside of it; from 0 to 1
   * @param x the column of the box's centre, from 0 to the width less 1
   * @param y the row of the box's centre, from 0 to the height less 1
   * @param partner the number of the other image, {@code [batch]}
   */
  public record Draw(
      Operand<TFloat32> lambda,
      Operand<TFloat32> x,
      Operand<TFloat32> y,
      Operand<TInt32> partner) {}

  /**
   * Boxes in whole pixels, which float32 holds exactly; each of the shape of the draw.
   *
   * @param left the first column
   * @param top the first row
   * @param right the column after the last
   * @param bottom the row after the last
   * @param lambda the fraction of the image outside of the box: λ'
   */
  public record Box(
      Operand<TFloat32> left,
      Operand<TFloat32> top,
      Operand<TFloat32> right,
      Operand<TFloat32> bottom,
      Operand<TFloat32> lambda) {}

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when alpha is not above 0 and at most 100
   */
  public CutMix {
    Check.positive("cutmix", "alpha", alpha);
    Check.range("cutmix", "alpha", alpha, 0, 100);
  }

  /**
   * CutMix whose targets follow the remaining area of the box.
   *
   * @param alpha above 0 and at most 100
   * @param perImage whether each image has its own box
   * @throws IllegalArgumentException when alpha is not above 0 and at most 100
   */
  public CutMix(double alpha, boolean perImage) {
    this(alpha, perImage, true);
  }

  /**
   * CutMix with one box for each batch.
   *
   * @param alpha above 0 and at most 100
   * @throws IllegalArgumentException when alpha is not above 0 and at most 100
   */
  public CutMix(double alpha) {
    this(alpha, false);
  }

  /** CutMix with one box for each batch and an alpha of 1, as in fastai. */
  public CutMix() {
    this(1);
  }

  @JsonCreator
  private static CutMix read(
      @JsonProperty("alpha") double alpha,
      @JsonProperty("perImage") boolean perImage,
      @JsonProperty("corrected") @Nullable Boolean corrected) {
    return new CutMix(alpha, perImage, corrected == null || corrected);
  }

  @Override
  public Batch mix(Ops tf, Batch batch, Randomness randomness) {
    return apply(tf, batch, draw(tf, tf.shape(batch.images()), randomness));
  }

  /**
   * Draws boxes and partners for a batch.
   *
   * @param tf where the operations go
   * @param shape of the images, {@code [batch, height, width, channels]}
   * @param randomness the random numbers of this step
   * @return a draw for such images
   */
  public Draw draw(Ops tf, Operand<TInt32> shape, Randomness randomness) {
    Operand<TInt32> size = tf.gather(shape, tf.constant(0), tf.constant(0));
    Operand<TInt32> count =
        perImage ? tf.expandDims(size, tf.constant(0)) : tf.constant(new int[] {1});
    Operand<TFloat32> u = randomness.purpose("cutmix x").uniform(count);
    Operand<TFloat32> v = randomness.purpose("cutmix y").uniform(count);
    return new Draw(
        MixWeights.beta(tf, count, alpha, false, "cutmix", randomness),
        tf.math.floor(tf.math.mul(u, side(tf, shape, WIDTH))),
        tf.math.floor(tf.math.mul(v, side(tf, shape, HEIGHT))),
        MixWeights.next(tf, size));
  }

  /**
   * Finds the boxes of a draw, by fastai's rule to the pixel.
   *
   * @param tf where the operations go
   * @param shape of the images, {@code [batch, height, width, channels]}
   * @param draw their draw
   * @return boxes inside of the images; one with no pixel for {@code λ = 1}
   */
  public Box box(Ops tf, Operand<TInt32> shape, Draw draw) {
    Operand<TFloat32> width = side(tf, shape, WIDTH);
    Operand<TFloat32> height = side(tf, shape, HEIGHT);
    Operand<TFloat32> share = tf.math.sqrt(tf.math.sub(tf.constant(1f), draw.lambda()));
    Operand<TFloat32> halfWidth = half(tf, width, share);
    Operand<TFloat32> halfHeight = half(tf, height, share);
    Operand<TFloat32> left = inside(tf, tf.math.sub(draw.x(), halfWidth), width);
    Operand<TFloat32> right = inside(tf, tf.math.add(draw.x(), halfWidth), width);
    Operand<TFloat32> top = inside(tf, tf.math.sub(draw.y(), halfHeight), height);
    Operand<TFloat32> bottom = inside(tf, tf.math.add(draw.y(), halfHeight), height);
    Operand<TFloat32> area = tf.math.mul(tf.math.sub(right, left), tf.math.sub(bottom, top));
    Operand<TFloat32> lambda =
        tf.math.sub(tf.constant(1f), tf.math.div(area, tf.math.mul(width, height)));
    return new Box(left, top, right, bottom, lambda);
  }

  // Half of the rounded side, rounded down, so that an odd side loses a pixel; halves go to even.
  private static Operand<TFloat32> half(Ops tf, Operand<TFloat32> side, Operand<TFloat32> share) {
    Operand<TFloat32> whole = tf.math.rint(tf.math.mul(side, share));
    return tf.math.floor(tf.math.mul(whole, tf.constant(0.5f)));
  }

  private static Operand<TFloat32> inside(Ops tf, Operand<TFloat32> edge, Operand<TFloat32> side) {
    return tf.math.minimum(tf.math.maximum(edge, tf.constant(0f)), side);
  }

  private static Operand<TFloat32> side(Ops tf, Operand<TInt32> shape, int axis) {
    return tf.dtypes.cast(tf.gather(shape, tf.constant(axis), tf.constant(0)), TFloat32.class);
  }

  /**
   * Mixes: {@code x[partner]} inside of the box and {@code x} outside; {@code λ'·t +
   * (1-λ')·t[partner]} for targets, with λ for λ' if it is not corrected.
   *
   * @param tf where the operations go
   * @param batch the batch
   * @param draw boxes and partners for such images
   * @return a batch of the same shapes
   */
  public Batch apply(Ops tf, Batch batch, Draw draw) {
    return mixWeights(tf, tf.shape(batch.images()), draw).mix(tf, batch);
  }

  MixWeights mixWeights(Ops tf, Operand<TInt32> shape, Draw draw) {
    Box box = box(tf, shape, draw);
    Operand<TBool> cut =
        tf.math.logicalAnd(
            between(tf, shape, HEIGHT, box.top(), box.bottom()),
            between(tf, shape, WIDTH, box.left(), box.right()));
    // A fraction of exactly 0 or 1 gives the pixels of one image, without any rounding.
    Operand<TFloat32> kept = tf.dtypes.cast(tf.math.logicalNot(cut), TFloat32.class);
    return new MixWeights(kept, corrected ? box.lambda() : draw.lambda(), draw.partner());
  }

  private static Operand<TBool> between(
      Ops tf, Operand<TInt32> shape, int axis, Operand<TFloat32> from, Operand<TFloat32> to) {
    int[] along = {1, 1, 1, 1};
    along[axis] = -1;
    Operand<TFloat32> places =
        tf.reshape(
            tf.range(tf.constant(0f), side(tf, shape, axis), tf.constant(1f)), tf.constant(along));
    Operand<TInt32> each = tf.constant(new int[] {-1, 1, 1, 1});
    return tf.math.logicalAnd(
        tf.math.greaterEqual(places, tf.reshape(from, each)),
        tf.math.less(places, tf.reshape(to, each)));
  }

  @Override
  public String describe() {
    String a = Check.number(alpha);
    return "CutMix: a box of 1-λ of the area from another image, λ from Beta(%s, %s) for each %s%s"
        .formatted(
            a,
            a,
            perImage ? "image" : "batch",
            corrected ? "" : "; targets by λ even where the box is cut off");
  }
}
