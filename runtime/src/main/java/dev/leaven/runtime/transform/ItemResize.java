package dev.leaven.runtime.transform;

import dev.leaven.runtime.Technique;
import java.util.List;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * How an image of any shape becomes square while it is loaded, as fastai's {@code Resize} does: its
 * largest square is cut out, or the rest of a square is filled around it, or its aspect ratio is
 * lost.
 *
 * <p>Cutting out is the default and usually best, because nothing is distorted and no pixel is
 * wasted; where important content can be at the edge of long images, one of the other methods shows
 * all of it. All use the filter of {@link SquareCrop}. A padded image begins at a whole pixel of
 * the result. Cost: with padding, fewer pixels are resized than with cropping; squishing costs the
 * same.
 *
 * @param method what is done
 * @param padding what padding shows; reflection for methods without padding
 */
public record ItemResize(Method method, Padding padding) implements Technique {

  /** How an image becomes square. */
  public enum Method {
    /** The largest square, at a random place in training and at the centre otherwise. */
    CROP,
    /** The whole image with its aspect ratio, at a random place in training, else at the centre. */
    PAD,
    /** The whole image without its aspect ratio: width and height are resized separately. */
    SQUISH
  }

  /** What is shown next to a padded image. */
  public enum Padding {
    /** The image mirrored at its edges; the row or column at the edge is not repeated. */
    REFLECTION,
    /** Black. */
    ZEROS,
    /** The row or column at the edge, repeated. */
    BORDER
  }

  // In float32 a size that lies between two whole numbers may be rounded to either number.
  private static final float ROUNDING = 0.499f;

  /**
   * Checks that the parameters fit together.
   *
   * @throws IllegalArgumentException when there is a padding other than reflection for a method
   *     that pads nothing
   */
  public ItemResize {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(padding, "padding");
    if (method != Method.PAD && padding != Padding.REFLECTION) {
      throw new IllegalArgumentException(
          "resize: padding must be REFLECTION where the method is %s, but is %s"
              .formatted(method, padding));
    }
  }

  /** Cuts out the largest square: the default. */
  public ItemResize() {
    this(Method.CROP, Padding.REFLECTION);
  }

  /**
   * The whole image, with padding next to it.
   *
   * @param padding what the padding shows
   * @return a way to resize
   */
  public static ItemResize pad(Padding padding) {
    return new ItemResize(Method.PAD, padding);
  }

  /**
   * The whole image without its aspect ratio.
   *
   * @return a way to resize
   */
  public static ItemResize squish() {
    return new ItemResize(Method.SQUISH, Padding.REFLECTION);
  }

  /**
   * The fewest pixels of an image's sides from which nothing is enlarged.
   *
   * @param tf where the operations go
   * @param side the result's height and width in pixels, a scalar
   * @param share the shown fraction of the square, a scalar
   * @return of the shorter and of the longer side, {@code [2]}
   */
  public Operand<TFloat32> needed(Ops tf, Operand<TInt32> side, Operand<TFloat32> share) {
    Operand<TFloat32> needed = SquareCrop.needed(tf, side, share);
    // Padded, only the longer side fills the square.
    return method == Method.PAD ? tf.math.mul(needed, tf.constant(new float[] {0, 1})) : needed;
  }

  /**
   * Resizes one image: a pure function of the image and the place.
   *
   * @param tf where the operations go
   * @param image {@code [height, width, channels]}, values 0 to 255
   * @param side the result's height and width in pixels, a scalar
   * @param share the shown fraction of the square's side, a scalar in (0, 1]
   * @param place where the square lies, x and y from 0 to 1, {@code [2]}
   * @return {@code [side, side, channels]}, rounded to the nearest value
   */
  public Operand<TUint8> apply(
      Ops tf,
      Operand<TUint8> image,
      Operand<TInt32> side,
      Operand<TFloat32> share,
      Operand<TFloat32> place) {
    if (method == Method.CROP) {
      return SquareCrop.apply(tf, image, side, share, place);
    }
    Operand<TFloat32> size = Antialiased.size(tf, image);
    Operand<TFloat32> target = tf.dtypes.cast(side, TFloat32.class);
    Operand<TFloat32> yx = tf.reverse(place, tf.constant(new int[] {0}));
    Operand<TFloat32> whole =
        method == Method.SQUISH ? size : tf.reduceMax(size, tf.constant(new int[] {0}));
    // A line of pixels stays one.
    Operand<TFloat32> scale =
        tf.math.maximum(
            tf.math.div(target, tf.math.mul(whole, share)), tf.math.div(tf.constant(1f), size));
    Operand<TFloat32> shown = tf.math.mul(size, scale);
    Operand<TFloat32> begin = tf.math.mul(tf.math.sub(target, shown), yx);
    if (method == Method.SQUISH) {
      return resized(tf, image, side, scale, begin);
    }
    Operand<TFloat32> aligned = tf.math.rint(begin);
    Operand<TUint8> resized = resized(tf, image, side, scale, aligned);
    if (padding == Padding.ZEROS) {
      return resized;
    }
    Operand<TInt32> first = tf.dtypes.cast(aligned, TInt32.class);
    Operand<TInt32> count =
        tf.dtypes.cast(
            tf.math.maximum(
                tf.math.floor(tf.math.add(shown, tf.constant(ROUNDING))), tf.constant(1f)),
            TInt32.class);
    Operand<TUint8> rows = tf.gather(resized, sources(tf, side, first, count, 0), tf.constant(0));
    return tf.gather(rows, sources(tf, side, first, count, 1), tf.constant(1));
  }

  private static Operand<TUint8> resized(
      Ops tf,
      Operand<TUint8> image,
      Operand<TInt32> side,
      Operand<TFloat32> scale,
      Operand<TFloat32> begin) {
    return Antialiased.resize(
        tf,
        image,
        tf.stack(List.of(side, side)),
        tf.math.add(scale, tf.constant(new float[] {0, 0})),
        begin);
  }

  /** Which line of the resized image each line of the result shows, along one axis. */
  private Operand<TInt32> sources(
      Ops tf, Operand<TInt32> side, Operand<TInt32> firsts, Operand<TInt32> counts, int axis) {
    Operand<TInt32> zero = tf.constant(0);
    Operand<TInt32> one = tf.constant(1);
    Operand<TInt32> first = tf.gather(firsts, tf.constant(axis), zero);
    Operand<TInt32> count = tf.gather(counts, tf.constant(axis), zero);
    Operand<TInt32> lines = tf.math.sub(tf.range(zero, side, one), first);
    Operand<TInt32> last = tf.math.sub(count, one);
    Operand<TInt32> shown;
    if (padding == Padding.BORDER) {
      shown = tf.math.minimum(tf.math.maximum(lines, zero), last);
    } else {
      Operand<TInt32> period = tf.math.maximum(tf.math.mul(last, tf.constant(2)), one);
      Operand<TInt32> there = tf.math.floorMod(lines, period);
      Operand<TBool> forth = tf.math.lessEqual(there, last);
      shown = tf.select(forth, there, tf.math.sub(period, there));
    }
    return tf.math.add(shown, first);
  }

  @Override
  public String describe() {
    return switch (method) {
      case CROP -> "the largest square";
      case SQUISH -> "the whole image, squished to a square";
      case PAD ->
          "the whole image, padded to a square with "
              + switch (padding) {
                case REFLECTION -> "its reflection";
                case ZEROS -> "black";
                case BORDER -> "its border";
              };
    };
  }
}
