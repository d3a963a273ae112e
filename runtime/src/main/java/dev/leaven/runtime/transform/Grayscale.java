package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Takes the colours from an image, which keeps its three channels: each is {@code 0.2989·red +
 * 0.587·green + 0.114·blue}, as in torchvision's {@code RandomGrayscale}, whose default probability
 * is 0.1.
 *
 * @param probability from 0 to 1, decided for each image
 */
public record Grayscale(double probability) implements Colour {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the probability is not between 0 and 1
   */
  public Grayscale {
    Check.range("grayscale", "probability", probability, 0, 1);
  }

  /** Takes the colours from every tenth image. */
  public Grayscale() {
    this(0.1);
  }

  @Override
  public int draws() {
    return 1;
  }

  @Override
  public Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> draws) {
    Operand<TFloat32> none = tf.zerosLike(Matrices.column(tf, draws, 0));
    return Matrices.towardsGrey(tf, Draws.sometimes(tf, draws, 0, probability, none, 1));
  }

  @Override
  public int order() {
    return 500;
  }

  @Override
  public boolean isNeutral() {
    return probability == 0;
  }

  @Override
  public String describe() {
    return "without colours with probability " + Check.number(probability);
  }
}
