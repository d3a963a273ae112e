package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.DynamicPartition;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Blurs an image with a Gaussian whose standard deviation is drawn evenly from {@code minSigma} to
 * {@code maxSigma} pixels, as torchvision's {@code GaussianBlur} and SimCLR (Chen et al. 2020) do.
 *
 * <p>With {@code r = ⌈3·maxSigma⌉}, the weights of the {@code 2r + 1} nearest pixels of each axis
 * are {@code exp(-d²/2σ²)} for a distance of d, divided by their sum; beyond the border lies the
 * image's reflection. torchvision's kernel size is {@code 2r + 1} here. fastai's {@code
 * aug_transforms} has none. Defaults: 0.1 to 2 pixels, as in torchvision and SimCLR, for half of
 * the images. Effect: a model relies less on fine texture. Cost: two matrix products for each image
 * that is blurred.
 *
 * @param minSigma the smallest standard deviation in pixels, above 0 and at most {@code maxSigma}
 * @param maxSigma the largest standard deviation in pixels, at most 5
 * @param probability from 0 to 1, decided for each image
 */
public record GaussianBlur(double minSigma, double maxSigma, double probability)
    implements Lighting {

  // A reflection of 15 pixels is all that the smallest images, of 16, have.
  private static final double LARGEST = 5;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public GaussianBlur {
    Check.positive("gaussianBlur", "minSigma", minSigma);
    Check.range("gaussianBlur", "maxSigma", maxSigma, 0, LARGEST);
    Check.range("gaussianBlur", "minSigma", minSigma, 0, maxSigma);
    Check.range("gaussianBlur", "probability", probability, 0, 1);
  }

  /**
   * Blurs every second image.
   *
   * @param maxSigma the largest standard deviation in pixels, from 0.1 to 5
   */
  public GaussianBlur(double maxSigma) {
    this(0.1, maxSigma, 0.5);
  }

  /** Blurs every second image with a standard deviation of 0.1 to 2 pixels. */
  public GaussianBlur() {
    this(2);
  }

  /** Two: whether, and how far. */
  @Override
  public int draws() {
    return 2;
  }

  @Override
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Operand<TFloat32> draws) {
    Operand<TFloat32> coins = Matrices.column(tf, draws, 0);
    Operand<TInt32> blurred =
        tf.dtypes.cast(tf.math.less(coins, tf.constant((float) probability)), TInt32.class);
    Operand<TInt32> numbers = tf.range(tf.constant(0), tf.size(blurred), tf.constant(1));
    // Those that stay sharp are left alone.
    DynamicPartition<TFloat32> parts = tf.dynamicPartition(images, blurred, 2L);
    DynamicPartition<TInt32> places = tf.dynamicPartition(numbers, blurred, 2L);
    Operand<TFloat32> sigma =
        tf.dynamicPartition(Draws.between(tf, draws, 1, minSigma, maxSigma), blurred, 2L)
            .outputs()
            .get(1);
    return tf.dynamicStitch(
        List.of(places.outputs().get(0), places.outputs().get(1)),
        List.of(parts.outputs().get(0), blur(tf, parts.outputs().get(1), sigma)));
  }

  /**
   * Blurs all images.
   *
   * @param sigma in pixels, {@code [batch]}
   */
  private Operand<TFloat32> blur(Ops tf, Operand<TFloat32> images, Operand<TFloat32> sigma) {
    int r = radius();
    Operand<TFloat32> padded =
        tf.mirrorPad(images, tf.constant(new int[][] {{0, 0}, {r, r}, {r, r}, {0, 0}}), "REFLECT");
    Operand<TInt32> exchanged = tf.constant(new int[] {0, 2, 1, 3});
    Operand<TFloat32> down = alongHeight(tf, padded, sigma);
    Operand<TFloat32> across = alongHeight(tf, tf.linalg.transpose(down, exchanged), sigma);
    return tf.linalg.transpose(across, exchanged);
  }

  // A band matrix of weights for each image times the image with its rows laid out: an image's
  // pixels are read once, not once for each weight.
  private Operand<TFloat32> alongHeight(Ops tf, Operand<TFloat32> padded, Operand<TFloat32> sigma) {
    Operand<TInt32> shape = tf.shape(padded);
    Operand<TInt32> from = tf.gather(shape, tf.constant(1), tf.constant(0));
    Operand<TInt32> to = tf.math.sub(from, tf.constant(2 * radius()));
    Operand<TFloat32> source = tf.expandDims(places(tf, from), tf.constant(0));
    Operand<TFloat32> target =
        tf.math.add(tf.expandDims(places(tf, to), tf.constant(1)), tf.constant((float) radius()));
    Operand<TFloat32> distance = tf.math.abs(tf.math.sub(source, target));
    Operand<TFloat32> scaled =
        tf.math.div(distance, tf.reshape(sigma, tf.constant(new int[] {-1, 1, 1})));
    Operand<TFloat32> weights =
        tf.select(
            tf.math.lessEqual(distance, tf.constant((float) radius())),
            tf.math.exp(tf.math.mul(tf.math.square(scaled), tf.constant(-0.5f))),
            tf.constant(0f));
    Operand<TFloat32> band =
        tf.math.div(
            weights, tf.reduceSum(weights, tf.constant(new int[] {2}), ReduceSum.keepDims(true)));
    Operand<TInt32> batch = tf.gather(shape, tf.constant(0), tf.constant(0));
    Operand<TInt32> width = tf.gather(shape, tf.constant(2), tf.constant(0));
    Operand<TInt32> channels = tf.gather(shape, tf.constant(3), tf.constant(0));
    Operand<TFloat32> rows =
        tf.reshape(padded, tf.stack(List.of(batch, from, tf.math.mul(width, channels))));
    return tf.reshape(
        tf.train.batchMatMul(band, rows, TFloat32.class),
        tf.stack(List.of(batch, to, width, channels)));
  }

  private static Operand<TFloat32> places(Ops tf, Operand<TInt32> count) {
    return tf.range(tf.constant(0f), tf.dtypes.cast(count, TFloat32.class), tf.constant(1f));
  }

  private int radius() {
    return (int) Math.ceil(3 * maxSigma);
  }

  @Override
  public boolean isNeutral() {
    return probability == 0;
  }

  @Override
  public String describe() {
    return "Gaussian blur of %s to %s px with probability %s"
        .formatted(Check.number(minSigma), Check.number(maxSigma), Check.number(probability));
  }
}
