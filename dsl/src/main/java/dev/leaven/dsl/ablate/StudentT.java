package dev.leaven.dsl.ablate;

/**
 * Student's t distribution with a whole number of degrees of freedom.
 *
 * <p>Its distribution function is a finite sum in the angle {@code atan(t / √ν)}: Abramowitz and
 * Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
 */
final class StudentT {

  private StudentT() {}

  /** The fraction of the distribution below t. */
  static double below(double t, int degrees) {
    double angle = Math.atan(t / Math.sqrt(degrees));
    double cosine = Math.cos(angle);
    boolean odd = degrees % 2 == 1;
    double term = odd ? cosine : 1;
    double sum = 0;
    for (int k = odd ? 1 : 0; k <= degrees - 2; k += 2) {
      sum += term;
      term *= cosine * cosine * (k + 1) / (k + 2);
    }
    double between = odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
    return (1 + between) / 2;
  }

  /** The t with this fraction of the distribution below it; the fraction is from 0.5 to below 1. */
  static double quantile(double share, int degrees) {
    double low = 0;
    double high = 1;
    while (below(high, degrees) < share) {
      high *= 2;
    }
    // Halves the interval until only neighbouring numbers are left.
    while (true) {
      double middle = (low + high) / 2;
      if (middle <= low || middle >= high) {
        return high;
      }
      if (below(middle, degrees) < share) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }
}
