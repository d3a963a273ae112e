package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Turns an image's colours about the grey axis by a part of a full turn drawn evenly from {@code
 * -maxChange} to {@code maxChange}.
 *
 * <p>A rotation matrix on red, green and blue, not a change of H in HSV: it is linear, so it
 * combines with {@link Saturation} into one matrix, and leaves greys and the mean of the three
 * channels as they are. At every third of a turn both agree: the channels are exchanged. fastai and
 * torchvision change H; torchvision draws in the same way, fastai from another distribution around
 * a full turn. Default: 0.1, as theirs, with a probability of 0.75.
 *
 * @param maxChange in full turns, from 0 to 0.5
 * @param probability from 0 to 1, decided for each image
 */
public record Hue(double maxChange, double probability) implements Colour {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Hue {
    Check.range("hue", "maxChange", maxChange, 0, 0.5);
    Check.range("hue", "probability", probability, 0, 1);
  }

  /**
   * Changes three images of four.
   *
   * @param maxChange in full turns, from 0 to 0.5
   */
  public Hue(double maxChange) {
    this(maxChange, 0.75);
  }

  /** Changes three images of four by up to a tenth of a turn. */
  public Hue() {
    this(0.1);
  }

  /** Two: whether, and how far. */
  @Override
  public int draws() {
    return 2;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> angle =
        Draws.sometimes(
            tf, draws, 0, probability, Draws.eitherWay(tf, draws, 1, 2 * Math.PI * maxChange), 0);
    // Rodrigues' formula for the axis (1, 1, 1)/√3.
    Operand<TFloat32> cos = tf.math.cos(angle);
    Operand<TFloat32> third =
        tf.math.mul(tf.math.sub(tf.constant(1f), cos), tf.constant((float) (1.0 / 3)));
    Operand<TFloat32> sin =
        tf.math.mul(tf.math.sin(angle), tf.constant((float) Math.sqrt(1.0 / 3)));
    Operand<TFloat32> own = tf.math.add(cos, third);
    Operand<TFloat32> before = tf.math.add(third, sin);
    Operand<TFloat32> after = tf.math.sub(third, sin);
    return Matrices.rows(
        tf,
        List.of(
            List.of(own, after, before), List.of(before, own, after), List.of(after, before, own)));
  }

  @Override
  public int order() {
    return 400;
  }

  @Override
  public boolean isNeutral() {
    return maxChange == 0 || probability == 0;
  }

  @Override
  public String describe() {
    return "hue turned by up to %s of a full turn with probability %s"
        .formatted(Check.number(maxChange), Check.number(probability));
  }
}
