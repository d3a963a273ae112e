package dev.leaven.runtime.optimize;

/** The curves that schedules consist of. */
final class Curve {

  // Fractions of steps are rounded quotients, rounded once more for each enclosing schedule. Steps
  // are further apart than this tolerance in a run of any length.
  private static final double ROUNDING = 1e-12;

  private Curve() {}

  /** From one value to another along half a cosine. */
  static double cosine(double from, double to, double part) {
    return from + (1 + Math.cos(Math.PI * (1 - part))) * (to - from) / 2;
  }

  /** Whether a fraction of the steps is reached, up to rounding. */
  static boolean reached(double progress, double boundary) {
    return progress >= boundary - ROUNDING;
  }
}
