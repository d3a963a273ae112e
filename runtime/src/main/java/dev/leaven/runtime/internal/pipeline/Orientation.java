package dev.leaven.runtime.internal.pipeline;

import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceAll;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * The orientation of a camera by the EXIF data of a JPEG, and the image rotated and mirrored by it.
 *
 * <p>EXIF data is read where its standard puts it, among the segments before the tables of the
 * image. Only the first directory of its tags describes the image; a thumbnail has the second. EXIF
 * data that is not understood leaves the image as it is.
 */
final class Orientation {

  private static final int[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private Orientation() {}

  /**
   * Whether there can be EXIF data: whether another application segment, or a comment, follows the
   * beginning of a JPEG and the usual JFIF segment. Most files without EXIF data are not examined
   * further.
   */
  static Operand<TBool> isPossible(Ops tf, FileBytes head) {
    Operand<TBool> usual = head.begins(2, 0xff, 0xe0, 0, 16);
    Operand<TInt32> marker = tf.select(usual, head.at(21), head.at(3));
    return isSegment(tf, marker);
  }

  // APP0 to APP15 and COM; the tables of the image have other markers.
  private static Operand<TBool> isSegment(Ops tf, Operand<TInt32> marker) {
    return tf.math.logicalOr(
        tf.math.equal(tf.math.floorDiv(marker, tf.constant(16)), tf.constant(0xe)),
        tf.math.equal(marker, tf.constant(0xfe)));
  }

  /**
   * The orientation.
   *
   * @return 1 to 8, where 1 is upright
   */
  static Operand<TInt32> of(Ops tf, FileBytes file) {
    List<Operand<?>> state = List.of(file.bytes(), tf.constant(2));
    var found =
        tf.whileOp(
                state,
                ConcreteFunction.create(Orientation::goesOn),
                ConcreteFunction.create(Orientation::next))
            .output();
    Operand<TInt32> segment = found.get(1).expect(TInt32.class);
    return orientation(tf, file, segment);
  }

  private static Signature goesOn(Ops tf) {
    Placeholder<TUint8> bytes = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1)));
    Placeholder<TInt32> place = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    FileBytes file = new FileBytes(tf, bytes);
    Operand<TBool> mark = tf.math.equal(file.at(place), tf.constant(0xff));
    Operand<TBool> segment = isSegment(tf, file.at(tf.math.add(place, tf.constant(1))));
    Operand<TBool> other = tf.math.logicalNot(isExif(tf, file, place));
    return Signature.builder("exif_elsewhere")
        .input("a_bytes", bytes)
        .input("b_place", place)
        .output("on", tf.math.logicalAnd(tf.math.logicalAnd(mark, segment), other))
        .build();
  }

  private static Signature next(Ops tf) {
    Placeholder<TUint8> bytes = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1)));
    Placeholder<TInt32> place = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    Operand<TInt32> two = tf.constant(2);
    Operand<TInt32> length =
        new FileBytes(tf, bytes).two(tf.math.add(place, two), tf.constant(false));
    return Signature.builder("exif_next_segment")
        .input("a_bytes", bytes)
        .input("b_place", place)
        .output("a_bytes_again", tf.identity(bytes))
        .output("b_next", tf.math.add(place, tf.math.add(length, two)))
        .build();
  }

  private static Operand<TBool> isExif(Ops tf, FileBytes file, Operand<TInt32> segment) {
    Operand<TInt32> marker = file.at(tf.math.add(segment, tf.constant(1)));
    Operand<TInt32> name = tf.math.add(segment, tf.constant(new int[] {4, 5, 6, 7, 8, 9}));
    return tf.math.logicalAnd(
        tf.math.equal(marker, tf.constant(0xe1)),
        tf.reduceAll(
            tf.math.equal(file.at(name), tf.constant(EXIF)),
            tf.constant(new int[] {0}),
            ReduceAll.keepDims(false)));
  }

  // The segment holds a TIFF file: a header that leads to a directory of entries of 12 bytes.
  private static Operand<TInt32> orientation(Ops tf, FileBytes file, Operand<TInt32> segment) {
    Operand<TInt32> zero = tf.constant(0);
    Operand<TInt32> only = tf.constant(new int[] {0});
    Operand<TInt32> tiff = tf.math.add(segment, tf.constant(4 + EXIF.length));
    Operand<TInt32> order = file.two(tiff, tf.constant(false));
    Operand<TBool> little = tf.math.equal(order, tf.constant('I' * 256 + 'I'));
    Operand<TBool> ordered =
        tf.math.logicalOr(little, tf.math.equal(order, tf.constant('M' * 256 + 'M')));
    Operand<TBool> marked =
        tf.math.equal(file.two(tf.math.add(tiff, tf.constant(2)), little), tf.constant(42));
    Operand<TInt32> directory =
        tf.math.add(tiff, file.four(tf.math.add(tiff, tf.constant(4)), little));
    Operand<TInt32> end =
        tf.math.add(
            tf.math.add(segment, tf.constant(2)),
            file.two(tf.math.add(segment, tf.constant(2)), tf.constant(false)));
    Operand<TInt32> count = file.two(directory, little);
    Operand<TInt32> entries =
        tf.math.add(
            tf.math.add(directory, tf.constant(2)),
            tf.math.mul(tf.range(zero, count, tf.constant(1)), tf.constant(12)));
    Operand<TInt32> type = file.two(tf.math.add(entries, tf.constant(2)), little);
    Operand<TInt32> values = file.four(tf.math.add(entries, tf.constant(4)), little);
    Operand<TInt32> place = tf.math.add(entries, tf.constant(8));
    Operand<TBool> isShort = tf.math.equal(type, tf.constant(SHORT));
    Operand<TInt32> value = tf.select(isShort, file.two(place, little), file.four(place, little));
    Operand<TBool> valid =
        all(
            tf,
            tf.math.equal(file.two(entries, little), tf.constant(TAG)),
            tf.math.logicalOr(isShort, tf.math.equal(type, tf.constant(LONG))),
            tf.math.equal(values, tf.constant(1)),
            tf.math.greater(entries, segment),
            tf.math.lessEqual(tf.math.add(place, tf.constant(4)), end),
            tf.math.logicalAnd(
                tf.math.greaterEqual(value, tf.constant(1)),
                tf.math.lessEqual(value, tf.constant(8))));
    // The first valid entry; a zero after all entries stands for no valid entry.
    Operand<TInt32> said =
        tf.concat(List.of(tf.math.mul(value, tf.dtypes.cast(valid, TInt32.class)), only), zero);
    Operand<TInt32> first =
        tf.math.argMax(
            tf.dtypes.cast(tf.math.greater(said, zero), TInt32.class), zero, TInt32.class);
    Operand<TBool> understood = all(tf, isExif(tf, file, segment), ordered, marked);
    Operand<TInt32> trusted =
        tf.math.mul(tf.gather(said, first, zero), tf.dtypes.cast(understood, TInt32.class));
    return tf.math.maximum(trusted, tf.constant(1));
  }

  @SafeVarargs
  private static Operand<TBool> all(Ops tf, Operand<TBool> first, Operand<TBool>... more) {
    Operand<TBool> all = first;
    for (Operand<TBool> next : more) {
      all = tf.math.logicalAnd(all, next);
    }
    return all;
  }

  /**
   * Rotates and mirrors the image upright.
   *
   * @param image {@code [height, width, channels]}
   * @param orientation 1 to 8: as it is, mirrored left to right, rotated by 180°, mirrored top to
   *     bottom, and the same four of the image with rows and columns exchanged: 5, 6, 8 and 7
   * @return {@code [height, width, channels]}, from 5 on with height and width exchanged
   */
  static Operand<TUint8> apply(Ops tf, Operand<TUint8> image, Operand<TInt32> orientation) {
    Operand<TInt32> axes =
        tf.gather(
            tf.constant(new int[][] {{0, 1, 2}, {1, 0, 2}}),
            row(tf, orientation, 0, 0, 0, 0, 1, 1, 1, 1),
            tf.constant(0));
    Operand<TInt32> steps =
        tf.stack(
            List.of(
                row(tf, orientation, 1, 1, -1, -1, 1, 1, -1, -1),
                row(tf, orientation, 1, -1, -1, 1, 1, -1, -1, 1),
                tf.constant(1)));
    Operand<TInt32> unsaid = tf.constant(new int[] {0, 0, 0});
    return tf.stridedSlice(
        tf.linalg.transpose(image, axes),
        unsaid,
        unsaid,
        steps,
        StridedSlice.beginMask(0b111L),
        StridedSlice.endMask(0b111L));
  }

  private static Operand<TInt32> row(Ops tf, Operand<TInt32> orientation, int... values) {
    return tf.gather(tf.constant(values), tf.math.sub(orientation, tf.constant(1)), tf.constant(0));
  }
}
