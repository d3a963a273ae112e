package dev.leaven.runtime.data;

/** A user's data cannot be used. The message says what is wrong, where, and what to do. */
public final class DataException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception with its sentence.
   *
   * @param message what is wrong, where, and what to do
   */
  public DataException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its sentence and what led to it.
   *
   * @param message what is wrong, where, and what to do
   * @param cause the failure underneath
   */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
