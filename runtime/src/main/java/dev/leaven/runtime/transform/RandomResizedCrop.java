package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceAny;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Shows a random part of an image, resized to the size of the stage (Szegedy et al. 2014, "Going
 * deeper with convolutions").
 *
 * <p>For each image an area, evenly from {@code minScale} to {@code maxScale} of the whole, and a
 * ratio of width to height, evenly on a logarithmic scale from {@code minRatio} to {@code
 * maxRatio}, are drawn until the box fits, ten times at most; then the largest centred box within
 * the ratios is taken. The box's place is drawn evenly. In validation nothing is random: the image
 * is resized to {@code size + ⌈size·validationExtra/8⌉·8} and its centre is taken.
 *
 * <p>Two settings have names. {@link #presized()} is the second half of fastai's presizing: areas
 * from 0.75, square boxes, the whole image in validation. {@link #from(double)} is fastai's {@code
 * RandomResizedCrop}: ratios from 3/4 to 4/3 and 14 % extra in validation.
 *
 * @param minScale the smallest area, above 0 and at most {@code maxScale}
 * @param maxScale the largest area, at most 1
 * @param minRatio the smallest width divided by height, above 0
 * @param maxRatio the largest width divided by height, at least {@code minRatio}
 * @param validationExtra how much larger than the centre the validation image is, from 0 to 1
 */
public record RandomResizedCrop(
    double minScale, double maxScale, double minRatio, double maxRatio, double validationExtra)
    implements Geometry {

  private static final int ATTEMPTS = 10;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public RandomResizedCrop {
    Check.range("randomResizedCrop", "maxScale", maxScale, 0, 1);
    Check.positive("randomResizedCrop", "minScale", minScale);
    Check.range("randomResizedCrop", "minScale", minScale, 0, maxScale);
    Check.positive("randomResizedCrop", "minRatio", minRatio);
    Check.positive("randomResizedCrop", "maxRatio", maxRatio);
    Check.range("randomResizedCrop", "minRatio", minRatio, 0, maxRatio);
    Check.range("randomResizedCrop", "validationExtra", validationExtra, 0, 1);
  }

  /**
   * fastai's presizing: areas from 0.75, square boxes, the whole image in validation.
   *
   * @return the default of every recipe
   */
  public static RandomResizedCrop presized() {
    return new RandomResizedCrop(0.75, 1, 1, 1, 0);
  }

  /**
   * fastai's RandomResizedCrop: ratios from 3/4 to 4/3, and 14 % extra in validation.
   *
   * @param minScale the smallest area, above 0 and at most 1; 0.08 for long, 0.35 for short
   *     training
   * @return a crop
   */
  public static RandomResizedCrop from(double minScale) {
    return new RandomResizedCrop(minScale, 1, 3.0 / 4, 4.0 / 3, 0.14);
  }

  /**
   * The height and width that an image needs before this crop so that no box is enlarged.
   *
   * @param size the height and width after the crop, in pixels
   * @return {@code ⌈size/√minScale⌉} pixels
   */
  public int presize(int size) {
    // The tolerance keeps a quotient that should be whole from being rounded up by its last bit.
    return (int) Math.ceil(size / Math.sqrt(minScale) - 1e-9);
  }

  /**
   * The size to which an image is resized in validation before its centre is cropped.
   *
   * @param size the height and width of the centre crop, in pixels
   * @return {@code size + ⌈size·validationExtra/8⌉·8} pixels
   */
  public int validationSide(int size) {
    return size + (int) Math.ceil(size * validationExtra / 8 - 1e-9) * 8;
  }

  @Override
  public int draws() {
    return 2 * ATTEMPTS + 2;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> areas =
        tf.math.add(
            tf.math.mul(part(tf, draws, 0, ATTEMPTS), constant(tf, maxScale - minScale)),
            constant(tf, minScale));
    Operand<TFloat32> ratios =
        tf.math.exp(
            tf.math.add(
                tf.math.mul(
                    part(tf, draws, ATTEMPTS, ATTEMPTS),
                    constant(tf, Math.log(maxRatio) - Math.log(minRatio))),
                constant(tf, Math.log(minRatio))));
    Operand<TFloat32> widths = tf.math.sqrt(tf.math.mul(areas, ratios));
    Operand<TFloat32> heights = tf.math.sqrt(tf.math.div(areas, ratios));
    Operand<TFloat32> one = constant(tf, 1);
    Operand<TBool> fits =
        tf.math.logicalAnd(tf.math.lessEqual(widths, one), tf.math.lessEqual(heights, one));

    // The first attempt that fits: argMax finds the first of several equal values.
    Operand<TInt64> first = tf.math.argMax(tf.dtypes.cast(fits, TFloat32.class), tf.constant(1));
    Operand<TBool> any = tf.reduceAny(fits, tf.constant(new int[] {1}), ReduceAny.keepDims(false));
    double fallbackWidth = Math.min(1, maxRatio);
    double fallbackHeight = Math.min(1, 1 / minRatio);
    Operand<TFloat32> width = chosen(tf, widths, first, any, fallbackWidth);
    Operand<TFloat32> height = chosen(tf, heights, first, any, fallbackHeight);

    Operand<TFloat32> centred = constant(tf, 0.5);
    Operand<TFloat32> placeX = Matrices.column(tf, draws, 2 * ATTEMPTS);
    Operand<TFloat32> placeY = Matrices.column(tf, draws, 2 * ATTEMPTS + 1);
    Operand<TFloat32> half = tf.math.add(tf.zerosLike(placeX), centred);
    return Matrices.scaleAndShift(
        tf,
        width,
        shift(tf, tf.select(any, placeX, half), width),
        height,
        shift(tf, tf.select(any, placeY, half), height));
  }

  private static Operand<TFloat32> constant(Ops tf, double value) {
    return tf.constant((float) value);
  }

  private static Operand<TFloat32> part(Ops tf, Operand<TFloat32> draws, int from, int count) {
    return tf.slice(draws, tf.constant(new int[] {0, from}), tf.constant(new int[] {-1, count}));
  }

  private static Operand<TFloat32> chosen(
      Ops tf,
      Operand<TFloat32> values,
      Operand<TInt64> first,
      Operand<TBool> any,
      double fallback) {
    Operand<TInt64> row = tf.range(tf.constant(0L), tf.size(first, TInt64.class), tf.constant(1L));
    Operand<TFloat32> value = tf.gatherNd(values, tf.stack(List.of(row, first), Stack.axis(1L)));
    Operand<TFloat32> otherwise = tf.math.add(tf.zerosLike(value), constant(tf, fallback));
    return tf.select(any, value, otherwise);
  }

  // A box of width w whose left edge is at place·(1-w) of the free space has its centre, in
  // coordinates from -1 to 1, at (2·place - 1)·(1 - w).
  private static Operand<TFloat32> shift(
      Ops tf, Operand<TFloat32> place, Operand<TFloat32> extent) {
    Operand<TFloat32> signed = tf.math.sub(tf.math.mul(place, constant(tf, 2)), constant(tf, 1));
    return tf.math.mul(signed, tf.math.sub(constant(tf, 1), extent));
  }

  @Override
  public String describe() {
    String ratio =
        minRatio == maxRatio
            ? minRatio == 1 ? "square" : "of ratio " + Check.number(minRatio)
            : String.format(Locale.ROOT, "of ratio %.3g to %.3g", minRatio, maxRatio);
    return "random resized crop: %s to %s of the area, %s"
        .formatted(percent(minScale), percent(maxScale), ratio);
  }

  private static String percent(double share) {
    return Check.number(Math.round(share * 1000) / 10.0) + " %";
  }
}
