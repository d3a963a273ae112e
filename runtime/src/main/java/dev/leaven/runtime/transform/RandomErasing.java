package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
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
 * normalised images, so that a model cannot rely on one part of what it sees.
 *
 * <p>For each image, as in timm: an area, evenly from {@code minArea} to {@code maxArea} of the
 * whole, and a ratio of height to width, evenly on a logarithmic scale from {@code minRatio} to
 * {@code 1/minRatio}, are drawn until the rectangle, in whole pixels, is narrower and lower than
 * the image, ten times at most; if none is, the image stays as it is. The place is drawn evenly.
 * fastai draws one rectangle and one coin for a whole batch. Defaults are timm's: half of the
 * images, an area from 0.02 to 1/3, ratios from 0.3, noise. Cost: random numbers for every pixel
 * with noise, next to nothing without.
 *
 * @param probability from 0 to 1, decided for each image
 * @param minArea the smallest share of the image, from 0 to {@code maxArea}
 * @param maxArea the largest share of the image, at most 1
 * @param minRatio the smallest ratio of height to width, above 0 and at most 1
 * @param fill what covers the rectangle
 */
public record RandomErasing(
    double probability, double minArea, double maxArea, double minRatio, Fill fill)
    implements Technique {

  /** What covers an erased rectangle. */
  public enum Fill {
    /** For each value a number from the normal distribution of mean 0 and standard deviation 1. */
    NOISE,
    /** 0, which is the mean of normalised images. */
    MEAN
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

  /**
   * Draws and erases.
   *
   * @param tf where the operations go
   * @param images normalised images, {@code [batch, height, width, channels]}
   * @param randomness the random numbers of this step
   * @return the same shape
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Randomness randomness) {
    Operand<TInt32> shape = tf.shape(images);
    Operand<TFloat32> draws =
        randomness
            .purpose("erase where")
            .uniform(tf.stack(List.of(size(tf, shape, 0), tf.constant(draws()))));
    Operand<TFloat32> cover =
        fill == Fill.NOISE ? randomness.purpose("erase noise").normal(shape) : tf.zerosLike(images);
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
    Operand<TInt32> shape = tf.shape(images);
    Operand<TFloat32> height = tf.dtypes.cast(size(tf, shape, 1), TFloat32.class);
    Operand<TFloat32> width = tf.dtypes.cast(size(tf, shape, 2), TFloat32.class);

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
    Operand<TBool> mask =
        tf.math.logicalAnd(
            tf.math.logicalAnd(
                tf.reshape(erased, tf.constant(new int[] {-1, 1, 1, 1})),
                tf.expandDims(tf.expandDims(rows, tf.constant(2)), tf.constant(3))),
            tf.expandDims(tf.expandDims(columns, tf.constant(1)), tf.constant(3)));
    return tf.select(mask, cover, images);
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
    Operand<TFloat32> at =
        tf.expandDims(tf.range(tf.constant(0f), pixels, tf.constant(1f)), tf.constant(0));
    return tf.math.logicalAnd(
        tf.math.greaterEqual(at, tf.expandDims(from, tf.constant(1))),
        tf.math.less(at, tf.expandDims(to, tf.constant(1))));
  }

  private static Operand<TInt32> size(Ops tf, Operand<TInt32> shape, int axis) {
    return tf.gather(shape, tf.constant(axis), tf.constant(0));
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
  public String describe() {
    return String.format(
        Locale.ROOT,
        "random erasing: %.3g to %.3g of the area, of ratio %.3g to %.3g, %s, with probability %s",
        minArea,
        maxArea,
        minRatio,
        1 / minRatio,
        fill == Fill.NOISE ? "filled with noise" : "filled with the mean",
        Check.number(probability));
  }
}
