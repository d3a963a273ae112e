package dev.leaven.runtime.transform;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What a {@link Policy} can do to an image: the operations of AutoAugment (Cubuk et al. 2018) and
 * its successors, as in torchvision.
 *
 * <p>Each takes one number, its strength. The five that move pixels become matrices and are sampled
 * with the crop, between four pixels; what comes into view is the image's reflection. torchvision
 * takes the nearest pixel, moves by whole pixels and shows black there. The others work on values
 * from 0 to 1 as torchvision's do on floating point; on bytes it rounds, which differs by about a
 * level of 1/255. Those that count or cut levels work on {@code round(255·x)}.
 */
public enum Operation {
  /** Nothing. */
  IDENTITY(false, Pixels::same),
  /** Leans upright lines about the upper left corner: {@code x + strength·y} is seen at x. */
  SHEAR_X(true, Pixels::same),
  /** Leans level lines about the upper left corner: {@code y + strength·x} is seen at y. */
  SHEAR_Y(true, Pixels::same),
  /** Moves to the right, by a fraction of the image size. */
  TRANSLATE_X(true, Pixels::same),
  /** Moves down, by a fraction of the image size. */
  TRANSLATE_Y(true, Pixels::same),
  /** Turns about the centre, by degrees against the clock. */
  ROTATE(true, Pixels::same),
  /** Away from black: {@code x + strength·x}, clipped. */
  BRIGHTNESS(true, Enhance::brightness),
  /** Away from the image's own grey, 0.2989·red + 0.587·green + 0.114·blue, and clipped. */
  COLOR(true, Enhance::color),
  /** Away from the mean of the image's grey, and clipped. */
  CONTRAST(true, Enhance::contrast),
  /** Away from the image blurred over 3×3 pixels, except for its border, and clipped. */
  SHARPNESS(true, Enhance::sharpness),
  /** Keeps the number of the 8 bits given by the strength, from 0 to 8. */
  POSTERIZE(false, PillowOps::posterize),
  /** Inverts the levels from the strength on, from 0 to 255. */
  SOLARIZE(false, PillowOps::solarize),
  /** Stretches each channel from its darkest and lightest value to 0 and 1. */
  AUTO_CONTRAST(false, Enhance::autoContrast),
  /** Makes all levels of each channel equally frequent, as Pillow does. */
  EQUALIZE(false, PillowOps::equalize),
  /** {@code 1 - x}. */
  INVERT(false, Enhance::invert);

  /**
   * A pure function of images, {@code [n, height, width, channels]}, and strengths, {@code [n]}.
   */
  @FunctionalInterface
  private interface Pixels {
    Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength);

    static Operand<TFloat32> same(Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength) {
      return images;
    }
  }

  private final boolean signed;
  private final Pixels pixels;

  Operation(boolean signed, Pixels pixels) {
    this.signed = signed;
    this.pixels = pixels;
  }

  /**
   * Whether its strength can have either sign, so that a policy draws the sign at random.
   *
   * @return false where a strength has no opposite
   */
  public boolean signed() {
    return signed;
  }

  /**
   * Whether it moves pixels, and so is a matrix.
   *
   * @return true for the shears, the translations and the rotation
   */
  public boolean moves() {
    return ordinal() >= SHEAR_X.ordinal() && ordinal() <= ROTATE.ordinal();
  }

  /**
   * Changes the values of images in place.
   *
   * @param tf where the operations go
   * @param images values from 0 to 1, {@code [n, height, width, channels]}, of 1 or 3 channels; n
   *     may be 0
   * @param strength {@code [n]}
   * @return values from 0 to 1, of the same shape; the images themselves if this moves pixels
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Operand<TFloat32> strength) {
    return pixels.apply(tf, images, strength);
  }
}
