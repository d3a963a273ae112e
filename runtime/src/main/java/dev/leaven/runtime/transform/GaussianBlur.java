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
 * that is blurred. For every second image measured at 0.8 % of a step of XResNet-50 at 128 px on a
 * processor with bfloat16; it grows with the cube of the image size.
 *
 * @param minSigma the smallest standard deviation in pixels, above 0 and at most {@code maxSigma}
 * @param maxSigma the largest standard deviation in pixels, at most 5
 * @param probability from 0 to 1, decided for each image
 */
public record GaussianBlur(double minSigma, double maxSigma, double probability)
    implements Lighting {

  // Its kernel reaches 15 pixels, which is all that the smallest images, of 16, can reflect.
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

  private Operand<TFloat32> blur(Ops tf, Operand<TFloat32> images, Operand<TFloat32> sigma) {
    Operand<TInt32> exchanged = tf.constant(new int[] {0, 2, 1, 3});
    Operand<TFloat32> down = alongHeight(tf, images, sigma);
    Operand<TFloat32> across = alongHeight(tf, tf.linalg.transpose(down, exchanged), sigma);
    return tf.linalg.transpose(across, exchanged);
  }

  // A matrix of weights for each image times the image with its rows laid out: an image's pixels
  // are read once, not once for each weight.
  private Operand<TFloat32> alongHeight(Ops tf, Operand<TFloat32> images, Operand<TFloat32> sigma) {
    Operand<TInt32> shape = tf.shape(images);
    Operand<TInt32> batch = tf.gather(shape, tf.constant(0), tf.constant(0));
    Operand<TInt32> height = tf.gather(shape, tf.constant(1), tf.constant(0));
    Operand<TInt32> width = tf.gather(shape, tf.constant(2), tf.constant(0));
    Operand<TInt32> channels = tf.gather(shape, tf.constant(3), tf.constant(0));
    Operand<TFloat32> rows =
        tf.reshape(images, tf.stack(List.of(batch, height, tf.math.mul(width, channels))));
    Operand<TFloat32> weights = weights(tf, tf.dtypes.cast(height, TFloat32.class), sigma);
    return tf.reshape(tf.train.batchMatMul(weights, rows, TFloat32.class), shape);
  }

  /**
   * How much each pixel of a column is seen at each place of the result: itself, and its mirror
   * images beyond both ends, of which those on the border have none.
   *
   * @return {@code [batch, height, height]}
   */
  private Operand<TFloat32> weights(Ops tf, Operand<TFloat32> height, Operand<TFloat32> sigma) {
    Operand<TFloat32> zero = tf.constant(0f);
    Operand<TFloat32> places = tf.range(zero, height, tf.constant(1f));
    Operand<TFloat32> to = tf.expandDims(places, tf.constant(1));
    Operand<TFloat32> from = tf.expandDims(places, tf.constant(0));
    Operand<TFloat32> end = tf.math.sub(height, tf.constant(1f));
    Operand<TFloat32> beyond = tf.math.sub(tf.math.mul(end, tf.constant(2f)), from);
    Operand<TFloat32> width = tf.reshape(sigma, tf.constant(new int[] {-1, 1, 1}));
    Operand<TFloat32> all =
        tf.math.addN(
            List.of(
                gaussian(tf, tf.math.sub(to, from), width),
                tf.select(
                    tf.math.greater(from, zero), gaussian(tf, tf.math.add(to, from), width), zero),
                tf.select(
                    tf.math.less(from, end), gaussian(tf, tf.math.sub(beyond, to), width), zero)));
    return tf.math.div(
        all, tf.reduceSum(all, tf.constant(new int[] {2}), ReduceSum.keepDims(true)));
  }

  private Operand<TFloat32> gaussian(Ops tf, Operand<TFloat32> distance, Operand<TFloat32> sigma) {
    return tf.select(
        tf.math.lessEqual(tf.math.abs(distance), tf.constant((float) radius())),
        tf.math.exp(tf.math.mul(tf.math.square(tf.math.div(distance, sigma)), tf.constant(-0.5f))),
        tf.constant(0f));
  }

  private int radius() {
    return (int) Math.ceil(3 * maxSigma);
  }

  @Override
  public int order() {
    return 600;
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
