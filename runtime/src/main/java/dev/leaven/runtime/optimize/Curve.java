package dev.leaven.runtime.optimize;

/** The curves that schedules are put together from. */
final class Curve {

  // Shares of steps are quotients that were rounded, once more for each schedule around another.
  // Steps themselves are further apart than this in a run of any length.
  private static final double ROUNDING = 1e-12;

  private Curve() {}

  /** From one value to another along half a cosine. */
  static double cosine(double from, double to, double part) {
    return from + (1 + Math.cos(Math.PI * (1 - part))) * (to - from) / 2;
  }

  /** Whether a share of the steps is there, but for what rounding took from it. */
  static boolean reached(double progress, double boundary) {
    return progress >= boundary - ROUNDING;
  }
}
