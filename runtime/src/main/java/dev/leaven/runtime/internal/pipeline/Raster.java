package dev.leaven.runtime.internal.pipeline;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.op.image.DecodePng;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;

/**
 * Decodes PNG, GIF and BMP, in full size. Where TensorFlow's decoder gives pixels that differ from
 * the file, this class decodes correctly or refuses: it rounds 16 bits and does not cut them off,
 * it looks up the colours of a BMP with a palette, and it refuses other variants of BMP.
 */
final class Raster {

  private static final int BMP_FILE_HEADER = 14;
  private static final int PALETTE = 256 * 4;

  private Raster() {}

  /** Decodes; a file of no known format fails with TensorFlow's message. */
  static Operand<TUint8> decode(Ops tf, Operand<TString> content, int channels) {
    FileBytes head = FileBytes.head(tf, content);
    Operand<TBool> png = head.begins(0, 0x89, 'P', 'N', 'G');
    Operand<TBool> gif = head.begins(0, 'G', 'I', 'F', '8');
    Operand<TBool> bmp = head.begins(0, 'B', 'M');
    Operand<TBool> deep = tf.math.logicalAnd(png, tf.math.equal(head.at(24), tf.constant(16)));
    Operand<TBool> palette = tf.math.logicalAnd(bmp, tf.math.equal(head.at(28), tf.constant(8)));
    Operand<TInt64> pixels =
        tf.select(
            png,
            area(tf, head, new int[] {16, 17, 18, 19}, new int[] {20, 21, 22, 23}),
            tf.select(gif, area(tf, head, new int[] {7, 6}, new int[] {9, 8}), tf.constant(0L)));
    Operand<TInt32> way =
        tf.math.add(
            tf.dtypes.cast(deep, TInt32.class),
            tf.math.mul(tf.dtypes.cast(palette, TInt32.class), tf.constant(2)));
    Op plainBmp =
        tf.assertThat(
            tf.math.logicalOr(tf.math.logicalNot(bmp), isUsual(tf, head)),
            List.of(tf.constant("an unusual kind of BMP")));
    Operand<TString> small = Decoder.checked(tf.withControlDependencies(plainBmp), content, pixels);
    Operand<TFloat32> unused = tf.constant(new float[] {0, 0});
    Operand<TUint8> colour =
        Decoder.choose(
            tf,
            way,
            small,
            unused,
            List.of(
                Decoder.function("decode_raster_plain", (in, bytes, n) -> plain(in, bytes, 3)),
                Decoder.function("decode_png_deep", (in, bytes, n) -> deep(in, bytes)),
                Decoder.function("decode_bmp_palette", (in, bytes, n) -> palette(in, bytes))));
    return channels == 1 ? Decoder.grey(tf, colour) : colour;
  }

  // The decoder ignores these fields and would give a different image.
  private static Operand<TBool> isUsual(Ops tf, FileBytes head) {
    Operand<TBool> modern = tf.math.greaterEqual(head.number(17, 16, 15, 14), tf.constant(40L));
    Operand<TBool> masks =
        tf.math.logicalAnd(
            head.begins(30, 3, 0, 0, 0),
            head.begins(54, 0, 0, 0xff, 0, 0, 0xff, 0, 0, 0xff, 0, 0, 0));
    return tf.math.logicalAnd(modern, tf.math.logicalOr(head.begins(30, 0, 0, 0, 0), masks));
  }

  // The width and height of a PNG have 31 bits, and its decoder refuses more: the product cannot
  // overflow.
  private static Operand<TInt64> area(Ops tf, FileBytes head, int[] width, int[] height) {
    return tf.math.mul(head.number(width), head.number(height));
  }

  private static Operand<TUint8> plain(Ops tf, Operand<TString> content, long channels) {
    return tf.image.decodeImage(
        content, TUint8.class, DecodeImage.channels(channels), DecodeImage.expandAnimations(false));
  }

  private static Operand<TUint8> deep(Ops tf, Operand<TString> content) {
    Operand<TInt32> values =
        tf.dtypes.cast(
            tf.image.decodePng(content, TUint16.class, DecodePng.channels(3L)), TInt32.class);
    Operand<TInt32> half = tf.constant(128);
    return tf.dtypes.cast(tf.math.div(tf.math.add(values, half), tf.constant(257)), TUint8.class);
  }

  private static Operand<TUint8> palette(Ops tf, Operand<TString> content) {
    FileBytes head = FileBytes.head(tf, content);
    Operand<TInt32> start =
        tf.math.add(
            tf.constant(BMP_FILE_HEADER), tf.dtypes.cast(head.number(15, 14), TInt32.class));
    Operand<TUint8> table =
        tf.reshape(
            tf.io.decodePaddedRaw(
                tf.strings.substr(content, start, tf.constant(PALETTE)),
                tf.constant(PALETTE),
                TUint8.class),
            tf.constant(new int[] {-1, 4}));
    Operand<TUint8> colours = tf.gather(table, tf.constant(new int[] {2, 1, 0}), tf.constant(1));
    Operand<TUint8> numbers = tf.squeeze(plain(tf, content, 0), Squeeze.axis(List.of(2L)));
    return tf.gather(colours, tf.dtypes.cast(numbers, TInt32.class), tf.constant(0));
  }
}
