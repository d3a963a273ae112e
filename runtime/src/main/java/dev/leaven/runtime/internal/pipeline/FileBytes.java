package dev.leaven.runtime.internal.pipeline;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceAll;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Reads numbers from a file's bytes, inside the graph. Positions before the first and after the
 * last byte are allowed: their value is zero.
 *
 * @param tf where the operations go
 * @param bytes the bytes, followed by a zero
 */
record FileBytes(Ops tf, Operand<TUint8> bytes) {

  // Up to the colour masks of a BMP, the last header field that is read.
  private static final int HEAD = 66;

  /** The first bytes of a file, enough for most headers. */
  static FileBytes head(Ops tf, Operand<TString> content) {
    return new FileBytes(tf, tf.io.decodePaddedRaw(content, tf.constant(HEAD + 1), TUint8.class));
  }

  /** All bytes of a file. */
  static FileBytes all(Ops tf, Operand<TString> content) {
    Operand<TInt32> size = tf.strings.stringLength(content);
    return new FileBytes(
        tf, tf.io.decodePaddedRaw(content, tf.math.add(size, tf.constant(1)), TUint8.class));
  }

  /** The byte at each of some positions. */
  Operand<TInt32> at(Operand<TInt32> places) {
    Operand<TInt32> zero = tf.constant(0);
    Operand<TInt32> last = tf.math.sub(tf.size(bytes), tf.constant(1));
    Operand<TInt32> outside = tf.select(tf.math.less(places, zero), last, places);
    Operand<TInt32> within = tf.math.minimum(outside, last);
    return tf.dtypes.cast(tf.gather(bytes, within, zero), TInt32.class);
  }

  /** The byte at one position of the head. */
  Operand<TInt32> at(int place) {
    return tf.dtypes.cast(tf.gather(bytes, tf.constant(place), tf.constant(0)), TInt32.class);
  }

  /** The number in two bytes at each of some positions. */
  Operand<TInt32> two(Operand<TInt32> places, Operand<TBool> littleEndian) {
    Operand<TInt32> first = at(places);
    Operand<TInt32> second = at(tf.math.add(places, tf.constant(1)));
    Operand<TInt32> high = tf.constant(256);
    return tf.select(
        littleEndian,
        tf.math.add(tf.math.mul(second, high), first),
        tf.math.add(tf.math.mul(first, high), second));
  }

  /** The number in four bytes at each of some positions; one from 2³¹ up is below zero. */
  Operand<TInt32> four(Operand<TInt32> places, Operand<TBool> littleEndian) {
    Operand<TInt32> first = two(places, littleEndian);
    Operand<TInt32> second = two(tf.math.add(places, tf.constant(2)), littleEndian);
    Operand<TInt32> high = tf.constant(65536);
    return tf.select(
        littleEndian,
        tf.math.add(tf.math.mul(second, high), first),
        tf.math.add(tf.math.mul(first, high), second));
  }

  /** The unsigned number in some bytes of the head, the first byte the most significant. */
  Operand<TInt64> number(int... places) {
    Operand<TInt64> number = tf.constant(0L);
    for (int place : places) {
      number =
          tf.math.add(
              tf.math.mul(number, tf.constant(256L)), tf.dtypes.cast(at(place), TInt64.class));
    }
    return number;
  }

  /** Whether these bytes are at a position of the head. */
  Operand<TBool> begins(int place, int... mark) {
    byte[] expected = new byte[mark.length];
    for (int i = 0; i < mark.length; i++) {
      expected[i] = (byte) mark[i];
    }
    Operand<TUint8> found =
        tf.slice(bytes, tf.constant(new int[] {place}), tf.constant(new int[] {mark.length}));
    Operand<TUint8> wanted = tf.dtypes.cast(tf.constant(mark), TUint8.class);
    return tf.reduceAll(
        tf.math.equal(found, wanted), tf.constant(new int[] {0}), ReduceAll.keepDims(false));
  }
}
