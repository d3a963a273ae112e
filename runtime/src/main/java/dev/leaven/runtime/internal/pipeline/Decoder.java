package dev.leaven.runtime.internal.pipeline;

import dev.leaven.runtime.data.FileDamage;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Case;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Turns the bytes of an image file into pixels, inside the graph: JPEG, PNG, GIF (its first frame)
 * and BMP. Training, validation and an exported model decode with this same code.
 *
 * <p>A JPEG is decoded at 1/2, 1/4 or 1/8 of its size where it is at least that many times larger
 * than needed, which saves much of the work. It is rotated and mirrored according to its EXIF
 * orientation. 16 bits per channel are scaled to 8 and rounded. Transparent pixels show the colour
 * that the file has there, as in Pillow's {@code convert("RGB")}; where one channel is requested,
 * colours become {@code 0.299 R + 0.587 G + 0.114 B}. Embedded colour profiles are not applied.
 *
 * <p>An image of more than {@link FileDamage#MOST_PIXELS} is refused by its header, before memory
 * is allocated.
 */
public final class Decoder {

  private Decoder() {}

  /**
   * Decodes one image.
   *
   * @param tf where the operations go
   * @param content the bytes of a file, a scalar
   * @param channels 3 for colour, 1 for grey; other images are converted to it
   * @param needed the fewest pixels that the shorter and the longer side must keep, {@code [2]}; a
   *     smaller image stays as it is, infinity requests all pixels
   * @return {@code [height, width, channels]}, values 0 to 255
   */
  public static Operand<TUint8> apply(
      Ops tf, Operand<TString> content, int channels, Operand<TFloat32> needed) {
    FileBytes head = FileBytes.head(tf, content);
    return either(
        tf,
        Jpeg.isPlain(tf, head),
        content,
        plain -> Jpeg.decode(tf, plain, channels, needed),
        rest ->
            choose(
                tf,
                tf.dtypes.cast(head.begins(0, Jpeg.MARK), TInt32.class),
                rest,
                needed,
                List.of(
                    function("decode_raster", (in, file, n) -> Raster.decode(in, file, channels)),
                    function(
                        "decode_photograph",
                        (in, file, n) ->
                            Orientation.apply(
                                in,
                                Jpeg.decode(in, file, channels, n),
                                Orientation.of(in, FileBytes.all(in, file)))))));
  }

  /** One way to decode. */
  interface Branch {
    Operand<TUint8> decode(Ops tf, Operand<TString> content, Operand<TFloat32> needed);
  }

  /** A way to decode as a function, which costs nothing where it is not chosen. */
  static ConcreteFunction function(String name, Branch branch) {
    return ConcreteFunction.create(
        tf -> {
          Placeholder<TString> content =
              tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
          Placeholder<TFloat32> needed =
              tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
          return Signature.builder(name)
              .input("a_content", content)
              .input("b_needed", needed)
              .output("image", branch.decode(tf, content, needed))
              .build();
        });
  }

  /**
   * Decodes in one of two ways, of which only one is run. It is used for the most common formats:
   * it calls no function, which would take a tenth of the time of a small JPEG.
   */
  static Operand<TUint8> either(
      Ops tf,
      Operand<TBool> condition,
      Operand<TString> content,
      UnaryDecoder ifTrue,
      UnaryDecoder ifFalse) {
    SwitchCond<TString> to = tf.switchCond(content, condition);
    return tf.merge(List.of(ifTrue.decode(to.outputTrue()), ifFalse.decode(to.outputFalse())))
        .output();
  }

  /** An operation on the bytes of a file. */
  interface UnaryDecoder {
    Operand<TUint8> decode(Operand<TString> content);
  }

  /** Decodes with one of several functions. */
  static Operand<TUint8> choose(
      Ops tf,
      Operand<TInt32> which,
      Operand<TString> content,
      Operand<TFloat32> needed,
      List<ConcreteFunction> functions) {
    Case chosen =
        tf.caseOp(
            which,
            List.of(content, needed),
            List.of(TUint8.class),
            functions,
            Case.outputShapes(Shape.of(-1, -1, -1)));
    return chosen.output().get(0).expect(TUint8.class);
  }

  /** Passes a file's bytes on if the image size in its header is not too large. */
  static Operand<TString> checked(Ops tf, Operand<TString> content, Operand<TInt64> pixels) {
    Operand<TBool> fits = tf.math.lessEqual(pixels, tf.constant(FileDamage.MOST_PIXELS));
    Op check = tf.assertThat(fits, List.of(tf.constant("too many pixels:"), pixels));
    return tf.withControlDependencies(check).identity(content);
  }

  /** Converts colours to one channel of grey, with the weights and the rounding of Pillow. */
  static Operand<TUint8> grey(Ops tf, Operand<TUint8> colour) {
    Operand<TInt32> weighted =
        tf.math.mul(
            tf.dtypes.cast(colour, TInt32.class), tf.constant(new int[] {19595, 38470, 7471}));
    Operand<TInt32> sum =
        tf.reduceSum(weighted, tf.constant(2), org.tensorflow.op.core.ReduceSum.keepDims(true));
    Operand<TInt32> rounded =
        tf.math.div(tf.math.add(sum, tf.constant(1 << 15)), tf.constant(1 << 16));
    return tf.dtypes.cast(rounded, TUint8.class);
  }
}
