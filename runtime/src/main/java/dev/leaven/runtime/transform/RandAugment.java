package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * RandAugment (Cubuk et al. 2019, "RandAugment: Practical automated data augmentation with a
 * reduced search space"): every image gets {@code numOps} operations, each drawn evenly from 14,
 * all of one magnitude.
 *
 * <p>Operations and strengths are torchvision's: nothing, shears up to 0.3, translations up to
 * 150/331 of the image size, rotation up to 30°, brightness, colour, contrast and sharpness changed
 * by up to 0.9, posterizing from 8 to 4 bits, solarizing from a threshold of 255 to 0, auto
 * contrast, equalization; {@code magnitude} is the step of 30 towards the largest. Operations with
 * two directions take either with probability ½. See {@link Operation} for the differences in
 * sampling. Effect: strong regularization without tuning, for long runs. Cost: about one operation
 * for each image and layer; moving pixels first costs nothing, because it is sampled with the crop.
 * Two layers were measured at 1.2 % of a step of XResNet-50 at 128 px on a processor with bfloat16.
 *
 * @param numOps operations for each image, from 1 to 10; 2 is torchvision's default
 * @param magnitude from 0 to 30; 9 is torchvision's default
 */
public record RandAugment(int numOps, int magnitude) implements Policy {

  private static final int BINS = 31;
  private static final int MOST = 10;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public RandAugment {
    Check.range("randAugment", "numOps", numOps, 1, MOST);
    Check.range("randAugment", "magnitude", magnitude, 0, BINS - 1);
  }

  /** Two operations of magnitude 9. */
  public RandAugment() {
    this(2, 9);
  }

  /** Two for each operation: which, and its sign. */
  @Override
  public int draws() {
    return 2 * numOps;
  }

  @Override
  public PolicyChoice choose(Ops tf, Operand<TFloat32> draws, Operand<TInt32> side) {
    List<Operation> choices = Choices.FOURTEEN;
    float[] table = new float[Operation.values().length];
    for (Operation operation : choices) {
      table[operation.ordinal()] = (float) Magnitudes.usual(BINS).at(operation, magnitude);
    }
    List<PolicyChoice.Layer> layers = new ArrayList<>();
    for (int i = 0; i < numOps; i++) {
      Operand<TInt32> operation = Choices.oneOf(tf, draws, 2 * i, choices.size());
      Operand<TFloat32> strength = tf.gather(tf.constant(table), operation, tf.constant(0));
      layers.add(
          new PolicyChoice.Layer(
              operation, Choices.signed(tf, draws, 2 * i + 1, operation, strength)));
    }
    return new PolicyChoice(Set.copyOf(choices), layers);
  }

  @Override
  public String describe() {
    return "RandAugment: %d of 14 operations for each image, of magnitude %d of 30"
        .formatted(numOps, magnitude);
  }
}
