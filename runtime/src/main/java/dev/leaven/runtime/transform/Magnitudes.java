package dev.leaven.runtime.transform;

/**
 * How strong each operation is at each of a number of steps: torchvision's tables, evenly from no
 * change to a largest one.
 *
 * @param bins the number of steps
 * @param shear the largest lean
 * @param translate the largest translation, in the unit of the policy
 * @param degrees the largest angle
 * @param enhance the largest change of brightness, colour, contrast and sharpness
 * @param lostBits the most bits that posterizing takes away
 */
record Magnitudes(
    int bins, double shear, double translate, double degrees, double enhance, int lostBits) {

  /**
   * The table of RandAugment and AutoAugment, with translations as a fraction of the image size.
   */
  static Magnitudes usual(int bins) {
    return new Magnitudes(bins, 0.3, 150.0 / 331, 30, 0.9, 4);
  }

  /** The table of TrivialAugmentWide, translating by pixels. */
  static Magnitudes wide(int bins) {
    return new Magnitudes(bins, 0.99, 32, 135, 0.99, 6);
  }

  /** The strength of an operation at a step, from 0 to {@code bins - 1}. */
  double at(Operation operation, int step) {
    double share = (double) step / (bins - 1);
    return switch (operation) {
      case IDENTITY, AUTO_CONTRAST, EQUALIZE, INVERT -> 0;
      case SHEAR_X, SHEAR_Y -> share * shear;
      case TRANSLATE_X, TRANSLATE_Y -> share * translate;
      case ROTATE -> share * degrees;
      case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> share * enhance;
      case POSTERIZE -> 8 - Math.rint(share * lostBits);
      case SOLARIZE -> 255 * (1 - share);
    };
  }
}
