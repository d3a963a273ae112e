package dev.leaven.runtime.transform;

import static dev.leaven.runtime.transform.Operation.AUTO_CONTRAST;
import static dev.leaven.runtime.transform.Operation.COLOR;
import static dev.leaven.runtime.transform.Operation.CONTRAST;
import static dev.leaven.runtime.transform.Operation.EQUALIZE;
import static dev.leaven.runtime.transform.Operation.INVERT;
import static dev.leaven.runtime.transform.Operation.POSTERIZE;
import static dev.leaven.runtime.transform.Operation.ROTATE;
import static dev.leaven.runtime.transform.Operation.SHARPNESS;
import static dev.leaven.runtime.transform.Operation.SHEAR_X;
import static dev.leaven.runtime.transform.Operation.SOLARIZE;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * AutoAugment (Cubuk et al. 2018, "AutoAugment: Learning Augmentation Policies from Data") with the
 * policy that was learned for ImageNet: every image gets one of 25 pairs of operations, drawn
 * evenly, each with its own strength and probability.
 *
 * <p>Pairs, probabilities and strengths are torchvision's. Operations with two directions take
 * either with probability ½. See {@link Operation} for the differences in sampling. Effect:
 * regularization for long runs on photographs; {@link RandAugment} and {@link TrivialAugment} do as
 * well without a learned table. Cost: about one operation for each image and layer, a histogram for
 * the many that equalize. Measured at 1 % of a step of XResNet-50 at 128 px on a processor with
 * bfloat16.
 */
public record AutoAugment() implements Policy {

  private static final int BINS = 10;
  private static final int LAYERS = 2;

  /** What happens to an image with a probability; a step of 0 where a strength has no meaning. */
  record Step(Operation operation, double probability, int magnitude) {}

  /** The policy for ImageNet: two steps a line. */
  static final List<List<Step>> IMAGENET =
      List.of(
          pair(POSTERIZE, 0.4, 8, ROTATE, 0.6, 9),
          pair(SOLARIZE, 0.6, 5, AUTO_CONTRAST, 0.6, 0),
          pair(EQUALIZE, 0.8, 0, EQUALIZE, 0.6, 0),
          pair(POSTERIZE, 0.6, 7, POSTERIZE, 0.6, 6),
          pair(EQUALIZE, 0.4, 0, SOLARIZE, 0.2, 4),
          pair(EQUALIZE, 0.4, 0, ROTATE, 0.8, 8),
          pair(SOLARIZE, 0.6, 3, EQUALIZE, 0.6, 0),
          pair(POSTERIZE, 0.8, 5, EQUALIZE, 1.0, 0),
          pair(ROTATE, 0.2, 3, SOLARIZE, 0.6, 8),
          pair(EQUALIZE, 0.6, 0, POSTERIZE, 0.4, 6),
          pair(ROTATE, 0.8, 8, COLOR, 0.4, 0),
          pair(ROTATE, 0.4, 9, EQUALIZE, 0.6, 0),
          pair(EQUALIZE, 0.0, 0, EQUALIZE, 0.8, 0),
          pair(INVERT, 0.6, 0, EQUALIZE, 1.0, 0),
          pair(COLOR, 0.6, 4, CONTRAST, 1.0, 8),
          pair(ROTATE, 0.8, 8, COLOR, 1.0, 2),
          pair(COLOR, 0.8, 8, SOLARIZE, 0.8, 7),
          pair(SHARPNESS, 0.4, 7, INVERT, 0.6, 0),
          pair(SHEAR_X, 0.6, 5, EQUALIZE, 1.0, 0),
          pair(COLOR, 0.4, 0, EQUALIZE, 0.6, 0),
          pair(EQUALIZE, 0.4, 0, SOLARIZE, 0.2, 4),
          pair(SOLARIZE, 0.6, 5, AUTO_CONTRAST, 0.6, 0),
          pair(INVERT, 0.6, 0, EQUALIZE, 1.0, 0),
          pair(COLOR, 0.6, 4, CONTRAST, 1.0, 8),
          pair(EQUALIZE, 0.8, 0, EQUALIZE, 0.6, 0));

  private static List<Step> pair(
      Operation first, double p, int magnitude, Operation second, double q, int strength) {
    return List.of(new Step(first, p, magnitude), new Step(second, q, strength));
  }

  /** Five: which pair, and for each of its steps whether, and the sign. */
  @Override
  public int draws() {
    return 1 + 2 * LAYERS;
  }

  @Override
  public PolicyChoice choose(Ops tf, Operand<TFloat32> draws, Operand<TInt32> side) {
    Set<Operation> possible = EnumSet.of(Operation.IDENTITY);
    Operand<TInt32> pair = Choices.oneOf(tf, draws, 0, IMAGENET.size());
    List<PolicyChoice.Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      int[] operations = new int[IMAGENET.size()];
      float[] probabilities = new float[IMAGENET.size()];
      float[] strengths = new float[IMAGENET.size()];
      for (int i = 0; i < IMAGENET.size(); i++) {
        Step step = IMAGENET.get(i).get(layer);
        possible.add(step.operation());
        operations[i] = step.operation().ordinal();
        probabilities[i] = (float) step.probability();
        strengths[i] = (float) Magnitudes.usual(BINS).at(step.operation(), step.magnitude());
      }
      Operand<TInt32> drawn = tf.gather(tf.constant(operations), pair, tf.constant(0));
      Operand<TInt32> operation =
          tf.select(
              tf.math.less(
                  Matrices.column(tf, draws, 1 + 2 * layer),
                  tf.gather(tf.constant(probabilities), pair, tf.constant(0))),
              drawn,
              tf.constant(Operation.IDENTITY.ordinal()));
      Operand<TFloat32> strength = tf.gather(tf.constant(strengths), pair, tf.constant(0));
      layers.add(
          new PolicyChoice.Layer(
              operation, Choices.signed(tf, draws, 2 + 2 * layer, operation, strength)));
    }
    return new PolicyChoice(possible, layers);
  }

  @Override
  public String describe() {
    return "AutoAugment: one of the 25 pairs of operations learned for ImageNet for each image";
  }
}
