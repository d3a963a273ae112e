package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;

/**
 * Takes a random fraction of every class for validation.
 *
 * <p>Of a class with {@code n} images {@code round(n · fraction)} are for validation, but at least
 * one, and at least one stays for training; a class with a single image is for training. Which ones
 * depends on the seed, the class and its number of images, and on no other class. Images with
 * several classes, or with numbers, are drawn regardless of their targets.
 *
 * @param fraction above 0 and below 1; default 0.2
 */
public record FractionSplit(double fraction) implements Split {

  static final FractionSplit USUAL = new FractionSplit(0.2);

  /**
   * Checks the fraction.
   *
   * @throws IllegalArgumentException when it is outside its range
   */
  public FractionSplit {
    check("FractionSplit", "fraction", fraction);
  }

  @Override
  public int[] valid(Listing images, long seed) {
    return StratifiedSplit.of(images.strata(), fraction, seed).valid();
  }

  @Override
  public String describe() {
    return "FractionSplit: %s of each class for validation".formatted(Check.number(fraction));
  }

  static double check(String where, String name, double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "%s: %s must be above 0 and below 1, but is %s"
              .formatted(where, name, Check.number(fraction)));
    }
    return fraction;
  }
}
