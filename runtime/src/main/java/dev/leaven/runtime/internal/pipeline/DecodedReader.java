package dev.leaven.runtime.internal.pipeline;

import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Prod;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * The function that turns an index into a square of a decoded image and its target, inside the
 * graph: the counterpart of {@link Loader} for {@link DecodedImages}. The square begins at a whole
 * pixel, so nothing is interpolated.
 */
final class DecodedReader {

  private final int channels;

  DecodedReader(int channels) {
    this.channels = channels;
  }

  /**
   * The placeholders for {@link DecodedImages} in the training graph.
   *
   * @return placeholders for pixels, starts and sizes
   */
  static List<Operand<?>> placeholders(Ops tf) {
    return List.of(
        tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1))),
        tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(-1))),
        tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, 2))));
  }

  /**
   * The function: it maps index, targets, side, random place, key, pixels, starts and sizes, in
   * this order, to image and target.
   */
  ConcreteFunction function() {
    return ConcreteFunction.create(
        tf -> {
          Placeholder<TInt64> index = scalar(tf, TInt64.class);
          Placeholder<TFloat32> targets =
              tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1)));
          Placeholder<TInt32> side = scalar(tf, TInt32.class);
          Placeholder<TBool> randomPlace = scalar(tf, TBool.class);
          Placeholder<TInt64> key = scalar(tf, TInt64.class);
          List<Operand<?>> decoded = placeholders(tf);
          Operand<TFloat32> place = Loader.place(tf, index, randomPlace, key);
          return Signature.builder("read")
              .input("a_index", index)
              .input("b_targets", targets)
              .input("c_side", side)
              .input("d_random", randomPlace)
              .input("e_key", key)
              .input("f_pixels", decoded.get(0))
              .input("g_starts", decoded.get(1))
              .input("h_sizes", decoded.get(2))
              .output("a_image", square(tf, decoded, index, side, place))
              .output("b_target", tf.gather(targets, index, tf.constant(0)))
              .build();
        });
  }

  private Operand<TUint8> square(
      Ops tf,
      List<Operand<?>> decoded,
      Operand<TInt64> index,
      Operand<TInt32> side,
      Operand<TFloat32> place) {
    Operand<TUint8> pixels = decoded.get(0).asOutput().expect(TUint8.class);
    Operand<TInt64> starts = decoded.get(1).asOutput().expect(TInt64.class);
    Operand<TInt32> sizes = decoded.get(2).asOutput().expect(TInt32.class);
    Operand<TInt32> size = tf.gather(sizes, index, tf.constant(0));
    Operand<TInt32> shape = tf.concat(List.of(size, tf.array(channels)), tf.constant(0));
    Operand<TInt64> bytes =
        tf.dtypes.cast(tf.prod(shape, tf.array(0), Prod.keepDims(true)), TInt64.class);
    Operand<TInt64> start = tf.expandDims(tf.gather(starts, index, tf.constant(0)), tf.constant(0));
    Operand<TUint8> image = tf.reshape(tf.slice(pixels, start, bytes), shape);

    Operand<TInt32> room = tf.math.sub(size, side);
    Operand<TFloat32> places = tf.dtypes.cast(tf.math.add(room, tf.constant(1)), TFloat32.class);
    Operand<TInt32> drawn =
        tf.dtypes.cast(
            tf.math.floor(tf.math.mul(tf.reverse(place, tf.array(0)), places)), TInt32.class);
    Operand<TInt32> corner = tf.math.minimum(drawn, room);
    return tf.slice(
        image,
        tf.concat(List.of(corner, tf.array(0)), tf.constant(0)),
        tf.concat(List.of(tf.stack(List.of(side, side)), tf.array(channels)), tf.constant(0)));
  }

  private static <T extends TType> Placeholder<T> scalar(Ops tf, Class<T> type) {
    return tf.placeholder(type, Placeholder.shape(Shape.scalar()));
  }
}
