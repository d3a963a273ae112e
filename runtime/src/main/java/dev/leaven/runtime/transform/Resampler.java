package dev.leaven.runtime.transform;

import dev.leaven.runtime.graph.Randomness;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.ImageProjectiveTransformV3;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Samples a batch once for all of a recipe's geometry: the matrices of every technique are
 * multiplied into one for each image, and each pixel of the result is interpolated from four of the
 * source. Places outside of the image show its reflection.
 *
 * @param geometry the techniques, the first one nearest to the source image
 */
public record Resampler(List<Geometry> geometry) {

  /** Keeps its own copy. */
  public Resampler {
    geometry = List.copyOf(geometry);
  }

  /**
   * Draws for every technique and samples.
   *
   * @param tf where the operations go
   * @param images values from 0 to 1, {@code [batch, height, width, channels]}
   * @param side the result's height and width in pixels, a scalar
   * @param randomness the random numbers of this step
   * @return {@code [batch, side, side, channels]}
   */
  public Operand<TFloat32> apply(
      Ops tf, Operand<TFloat32> images, Operand<TInt32> side, Randomness randomness) {
    return apply(tf, images, side, randomness, List.of());
  }

  /**
   * Draws for every technique, and samples with further matrices after theirs.
   *
   * @param tf where the operations go
   * @param images values from 0 to 1, {@code [batch, height, width, channels]}
   * @param side the result's height and width in pixels, a scalar
   * @param randomness the random numbers of this step
   * @param further from result to source, each {@code [batch, 3, 3]}
   * @return {@code [batch, side, side, channels]}
   */
  public Operand<TFloat32> apply(
      Ops tf,
      Operand<TFloat32> images,
      Operand<TInt32> side,
      Randomness randomness,
      List<Operand<TFloat32>> further) {
    Operand<TInt32> batch = tf.gather(tf.shape(images), tf.constant(0), tf.constant(0));
    Operand<TFloat32> matrices = null;
    for (int i = 0; i < geometry.size(); i++) {
      Geometry technique = geometry.get(i);
      Operand<TFloat32> draws =
          randomness
              .purpose("geometry %d %s".formatted(i, technique.getClass().getSimpleName()))
              .uniform(tf.stack(List.of(batch, tf.constant(technique.draws()))));
      matrices = then(tf, matrices, technique.matrices(tf, draws));
    }
    for (Operand<TFloat32> next : further) {
      matrices = then(tf, matrices, next);
    }
    if (matrices == null) {
      matrices =
          tf.tile(
              tf.constant(new float[][][] {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}),
              tf.stack(List.of(batch, tf.constant(1), tf.constant(1))));
    }
    return sample(tf, images, matrices, side);
  }

  private static Operand<TFloat32> then(
      Ops tf, @Nullable Operand<TFloat32> matrices, Operand<TFloat32> next) {
    return matrices == null ? next : tf.train.batchMatMul(matrices, next, TFloat32.class);
  }

  /**
   * Samples with given matrices.
   *
   * @param tf where the operations go
   * @param images {@code [batch, height, width, channels]}
   * @param matrices from result to source, {@code [batch, 3, 3]}
   * @param side the result's height and width in pixels, a scalar
   * @return {@code [batch, side, side, channels]}
   */
  public static Operand<TFloat32> sample(
      Ops tf, Operand<TFloat32> images, Operand<TFloat32> matrices, Operand<TInt32> side) {
    Operand<TFloat32> height = size(tf, images, 1);
    Operand<TFloat32> width = size(tf, images, 2);
    Operand<TFloat32> target = tf.dtypes.cast(side, TFloat32.class);

    // TensorFlow counts pixels by their centres: pixel j of n lies at (2j+1)/n - 1.
    Operand<TFloat32> toResult = pixelToPlace(tf, target);
    Operand<TFloat32> toSource = placeToPixel(tf, width, height);
    Operand<TFloat32> pixels =
        tf.train.batchMatMul(
            tf.train.batchMatMul(toSource, matrices, TFloat32.class), toResult, TFloat32.class);
    Operand<TFloat32> flat = tf.reshape(pixels, tf.constant(new int[] {-1, 9}));
    Operand<TFloat32> last =
        tf.slice(flat, tf.constant(new int[] {0, 8}), tf.constant(new int[] {-1, 1}));
    Operand<TFloat32> eight =
        tf.math.div(
            tf.slice(flat, tf.constant(new int[] {0, 0}), tf.constant(new int[] {-1, 8})), last);
    return tf.image.imageProjectiveTransformV3(
        images,
        eight,
        tf.stack(List.of(side, side)),
        tf.constant(0f),
        "BILINEAR",
        ImageProjectiveTransformV3.fillMode("REFLECT"));
  }

  private static Operand<TFloat32> size(Ops tf, Operand<TFloat32> images, int axis) {
    return tf.dtypes.cast(
        tf.gather(tf.shape(images), tf.constant(axis), tf.constant(0)), TFloat32.class);
  }

  private static Operand<TFloat32> pixelToPlace(Ops tf, Operand<TFloat32> side) {
    Operand<TFloat32> scale = tf.math.div(tf.constant(2f), side);
    Operand<TFloat32> shift = tf.math.sub(tf.math.div(tf.constant(1f), side), tf.constant(1f));
    return one(tf, scale, shift, scale, shift);
  }

  private static Operand<TFloat32> placeToPixel(
      Ops tf, Operand<TFloat32> width, Operand<TFloat32> height) {
    return one(
        tf, half(tf, width, 0), half(tf, width, -1), half(tf, height, 0), half(tf, height, -1));
  }

  private static Operand<TFloat32> half(Ops tf, Operand<TFloat32> size, float plus) {
    return tf.math.mul(tf.math.add(size, tf.constant(plus)), tf.constant(0.5f));
  }

  private static Operand<TFloat32> one(
      Ops tf,
      Operand<TFloat32> scaleX,
      Operand<TFloat32> shiftX,
      Operand<TFloat32> scaleY,
      Operand<TFloat32> shiftY) {
    Operand<TInt32> first = tf.constant(0);
    return Matrices.scaleAndShift(
        tf,
        tf.expandDims(scaleX, first),
        tf.expandDims(shiftX, first),
        tf.expandDims(scaleY, first),
        tf.expandDims(shiftY, first));
  }
}
