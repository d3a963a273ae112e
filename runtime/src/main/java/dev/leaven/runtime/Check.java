package dev.leaven.runtime;

/** The error messages for technique parameters: who, which parameter, the value, the range. */
public final class Check {

  private Check() {}

  /**
   * Refuses numbers outside {@code [low, high]}.
   *
   * @param where the technique or method, as its user wrote it, for instance {@code labelSmoothing}
   * @param name the parameter
   * @param value the value given
   * @param low the smallest allowed value
   * @param high the largest allowed value
   * @return {@code value}
   * @throws IllegalArgumentException when the value is not in the range, or not a number
   */
  public static double range(String where, String name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          "%s: %s must be between %s and %s, but is %s"
              .formatted(where, name, number(low), number(high), number(value)));
    }
    return value;
  }

  /**
   * Refuses numbers that are not above zero and finite.
   *
   * @param where the technique or method that was given it
   * @param name the parameter
   * @param value the value given
   * @return {@code value}
   * @throws IllegalArgumentException when the value is zero, negative, infinite or not a number
   */
  public static double positive(String where, String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: %s must be above 0, but is %s".formatted(where, name, number(value)));
    }
    return value;
  }

  /**
   * Refuses whole numbers below {@code low}.
   *
   * @param where the technique or method that was given it
   * @param name the parameter
   * @param value the value given
   * @param low the smallest that is allowed
   * @return {@code value}
   * @throws IllegalArgumentException when the value is too small
   */
  public static int atLeast(String where, String name, int value, int low) {
    if (value < low) {
      throw new IllegalArgumentException(
          "%s: %s must be at least %d, but is %d".formatted(where, name, low, value));
    }
    return value;
  }

  /**
   * Writes a number as its user would: {@code 1} rather than {@code 1.0}, {@code 0.1} as it is.
   *
   * @param value any number
   * @return its shortest decimal form
   */
  public static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
