package dev.leaven.runtime.transform;

import java.util.List;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * TrivialAugment (Müller, Hutter 2021, "TrivialAugment: Tuning-free Yet State-of-the-Art Data
 * Augmentation"), with its wide range of strengths: every image gets one operation, drawn evenly
 * from 14, of a strength drawn evenly from 31.
 *
 * <p>Operations and strengths are those of torchvision's {@code TrivialAugmentWide}: nothing,
 * shears up to 0.99, translations up to 32 pixels, rotation up to 135°, brightness, colour,
 * contrast and sharpness changed by up to 0.99, posterizing from 8 to 2 bits, solarizing from a
 * threshold of 255 to 0, auto contrast, equalization. Operations with two directions take either
 * with probability ½. See {@link Operation} for the differences in sampling. Effect: as strong as
 * searched policies, without a parameter. Cost: about one operation for each second image; moving
 * pixels costs nothing, because it is sampled with the crop. Measured at 0.6 % of a step of
 * XResNet-50 at 128 px on a processor with bfloat16.
 */
public record TrivialAugment() implements Policy {

  private static final int BINS = 31;

  /** Three: which operation, how strong, and its sign. */
  @Override
  public int draws() {
    return 3;
  }

  @Override
  public PolicyChoice choose(Ops tf, Operand<TFloat32> draws, Operand<TInt32> side) {
    List<Operation> choices = Choices.FOURTEEN;
    float[] table = new float[choices.size() * BINS];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) Magnitudes.wide(BINS).at(choices.get(i / BINS), i % BINS);
    }
    Operand<TInt32> operation = Choices.oneOf(tf, draws, 0, choices.size());
    Operand<TInt32> place =
        tf.math.add(tf.math.mul(operation, tf.constant(BINS)), Choices.oneOf(tf, draws, 1, BINS));
    Operand<TFloat32> strength = tf.gather(tf.constant(table), place, tf.constant(0));
    Operand<TFloat32> signed = Choices.signed(tf, draws, 2, operation, strength);
    return new PolicyChoice(
        Set.copyOf(choices),
        List.of(new PolicyChoice.Layer(operation, shares(tf, operation, signed, side))));
  }

  // Translations are in pixels here.
  private static Operand<TFloat32> shares(
      Ops tf, Operand<TInt32> operation, Operand<TFloat32> strength, Operand<TInt32> side) {
    return tf.select(
        tf.math.logicalOr(
            tf.math.equal(operation, tf.constant(Operation.TRANSLATE_X.ordinal())),
            tf.math.equal(operation, tf.constant(Operation.TRANSLATE_Y.ordinal()))),
        tf.math.div(strength, tf.dtypes.cast(side, TFloat32.class)),
        strength);
  }

  @Override
  public String describe() {
    return "TrivialAugment: one of 14 operations for each image, of any of 31 strengths";
  }
}
