package dev.leaven.runtime.internal.tensorflow;

/**
 * Distinguishes TensorFlow's failures from others. They have no common type: an invalid argument,
 * for instance, is an {@link IllegalArgumentException} and could be taken for a user's mistake.
 */
public final class TensorFlowErrors {

  private static final String PACKAGE = "org.tensorflow.exceptions";

  private TensorFlowErrors() {}

  /**
   * Whether TensorFlow's native code threw an exception.
   *
   * @param failure any exception
   * @return true if it did
   */
  public static boolean isOne(RuntimeException failure) {
    return failure.getClass().getPackageName().equals(PACKAGE);
  }
}
