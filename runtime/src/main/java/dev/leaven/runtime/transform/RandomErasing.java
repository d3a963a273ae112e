package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Randomness;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceAny;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Random erasing (Zhong et al. 2017, "Random Erasing Data Augmentation"): covers a rectangle of
 * normalised images, so that a model cannot rely on one part of the image.
 *
 * <p>For each image, as in timm: an area, evenly from {@code minArea} to {@code maxArea} of the
 * whole, and a ratio of height to width, evenly on a logarithmic scale from {@code minRatio} to
 * {@code 1/minRatio}, are drawn until the rectangle, in whole pixels, is narrower and lower than
 * the image, ten times at most; if none is, the image stays as it is. The place is drawn evenly.
 * fastai draws one rectangle and one decision for a whole batch. Defaults are timm's: half of the
 * images, an area from 0.02 to 1/3, ratios from 0.3, noise. Cost: random numbers for every pixel
 * with noise, almost none without.
 *
 * @param probability from 0 to 1, decided for each image
 * @param minArea the smallest fraction of the image, from 0 to {@code maxArea}
 * @param maxArea the largest fraction of the image, at most 1
 * @param minRatio the smallest ratio of height to width, above 0 and at most 1
 * @param fill what covers the rectangle
 */
public record RandomErasing(
    double probability, double minArea, double maxArea, double minRatio, Fill fill)
    implements Erasing {

  /** What covers an erased rectangle. */
  public enum Fill {
    /** For each value a number from the normal distribution of mean 0 and standard deviation 1. */
    NOISE,
    /**
     * The mean: 0 in normalised images. This is the constant 0 of timm and torchvision, which erase
     * after they have normalised.
     */
    MEAN,
    /** A pixel of zeros, which is black: {@code -mean/std} in normalised images. */
    ZEROS
  }

  private static final int ATTEMPTS = 10;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public RandomErasing {
    Check.range("erase", "probability", probability, 0, 1);
    Check.range("erase", "maxArea", maxArea, 0, 1);
    Check.range("erase", "minArea", minArea, 0, maxArea);
    Check.positive("erase", "minRatio", minRatio);
    Check.range("erase", "minRatio", minRatio, 0, 1);
    Objects.requireNonNull(fill, "fill");
  }

  /**
   * timm's rectangles, filled with noise.
   *
   * @param probability from 0 to 1
   */
  public RandomErasing(double probability) {
    this(probability, 0.02, 1.0 / 3, 0.3, Fill.NOISE);
  }

  /** timm's rectangles, in half of the images. */
  public RandomErasing() {
    this(0.5);
  }

  /**
   * How many random numbers an image needs besides the noise.
   *
   * @return one to decide, an area and a ratio for each attempt, two for the place
   */
  public int draws() {
    return 1 + 2 * ATTEMPTS + 2;
  }

  @Override
  public Operand<TFloat32> apply(
      Ops tf, Operand<TFloat32> images, Normalize normalize, Randomness randomness) {
    Operand<TInt32> shape = tf.shape(images);
    Operand<TInt32> batch = tf.gather(shape, tf.constant(0), tf.constant(0));
    Operand<TFloat32> draws =
        randomness.purpose("erase where").uniform(tf.stack(List.of(batch, tf.constant(draws()))));
    Operand<TFloat32> cover =
        switch (fill) {
          case NOISE -> randomness.purpose("erase noise").normal(shape);
          case MEAN -> tf.zerosLike(images);
          case ZEROS -> normalize.apply(tf, tf.zerosLike(images));
        };
    return apply(tf, images, draws, cover);
  }

  /**
   * Erases for given draws: a pure function of them.
   *
   * @param tf where the operations go
   * @param images {@code [batch, height, width, channels]}
   * @param draws numbers in [0, 1), {@code [batch, draws()]}
   * @param cover what is seen in the rectangles, of the shape of the images
   * @return the same shape
   */
  public Operand<TFloat32> apply(
      Ops tf, Operand<TFloat32> images, Operand<TFloat32> draws, Operand<TFloat32> cover) {
    Operand<TFloat32> height = Rectangles.pixels(tf, images, 1);
    Operand<TFloat32> width = Rectangles.pixels(tf, images, 2);

    Operand<TFloat32> share = spread(tf, part(tf, draws, 1), minArea, maxArea);
    Operand<TFloat32> area = tf.math.mul(share, tf.math.mul(height, width));
    double ratioEnd = -Math.log(minRatio);
    Operand<TFloat32> ratio =
        tf.math.exp(spread(tf, part(tf, draws, 1 + ATTEMPTS), -ratioEnd, ratioEnd));
    Operand<TFloat32> heights = tf.math.rint(tf.math.sqrt(tf.math.mul(area, ratio)));
    Operand<TFloat32> widths = tf.math.rint(tf.math.sqrt(tf.math.div(area, ratio)));
    Operand<TBool> fits =
        tf.math.logicalAnd(tf.math.less(heights, height), tf.math.less(widths, width));

    // The first attempt that fits: argMax finds the first of several equal values.
    Operand<TInt64> first = tf.math.argMax(tf.dtypes.cast(fits, TFloat32.class), tf.constant(1));
    Operand<TFloat32> tall = chosen(tf, heights, first);
    Operand<TFloat32> wide = chosen(tf, widths, first);
    Operand<TBool> erased =
        tf.math.logicalAnd(
            tf.reduceAny(fits, tf.constant(new int[] {1}), ReduceAny.keepDims(false)),
            tf.math.less(Matrices.column(tf, draws, 0), tf.constant((float) probability)));
    Operand<TBool> rows = within(tf, height, tall, Matrices.column(tf, draws, 1 + 2 * ATTEMPTS));
    Operand<TBool> columns = within(tf, width, wide, Matrices.column(tf, draws, 2 + 2 * ATTEMPTS));
    return Rectangles.cover(tf, images, cover, erased, rows, columns);
  }

  // Which of an axis' pixels lie within an extent at a place: of n pixels, the first is drawn
  // evenly from the n - extent + 1 at which the extent fits.
  private static Operand<TBool> within(
      Ops tf, Operand<TFloat32> pixels, Operand<TFloat32> extent, Operand<TFloat32> place) {
    Operand<TFloat32> room = tf.math.sub(pixels, extent);
    // A draw next to 1 could be rounded up to the place after the last.
    Operand<TFloat32> from =
        tf.math.minimum(
            tf.math.floor(tf.math.mul(place, tf.math.add(room, tf.constant(1f)))), room);
    Operand<TFloat32> to = tf.math.add(from, extent);
    return Rectangles.between(tf, pixels, from, to);
  }

  private static Operand<TFloat32> part(Ops tf, Operand<TFloat32> draws, int from) {
    return tf.slice(draws, tf.constant(new int[] {0, from}), tf.constant(new int[] {-1, ATTEMPTS}));
  }

  private static Operand<TFloat32> spread(
      Ops tf, Operand<TFloat32> draws, double low, double high) {
    return tf.math.add(
        tf.math.mul(draws, tf.constant((float) (high - low))), tf.constant((float) low));
  }

  private static Operand<TFloat32> chosen(Ops tf, Operand<TFloat32> values, Operand<TInt64> first) {
    Operand<TInt64> row = tf.range(tf.constant(0L), tf.size(first, TInt64.class), tf.constant(1L));
    return tf.gatherNd(values, tf.stack(List.of(row, first), Stack.axis(1L)));
  }

  @Override
  public boolean isNeutral() {
    return probability == 0;
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT,
        "random erasing: %.3g to %.3g of the area, of ratio %.3g to %.3g, %s, with probability %s",
        minArea,
        maxArea,
        minRatio,
        1 / minRatio,
        switch (fill) {
          case NOISE -> "filled with noise";
          case MEAN -> "filled with the mean";
          case ZEROS -> "filled with zeros, black";
        },
        Check.number(probability));
  }
}
