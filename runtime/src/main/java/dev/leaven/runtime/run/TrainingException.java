package dev.leaven.runtime.run;

import org.jspecify.annotations.Nullable;

/** A run failed on the way. The message says at which step, why, and what to try. */
public final class TrainingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception with its sentence.
   *
   * @param message what failed, where, and what to try
   * @param cause the failure underneath, if there is one
   */
  public TrainingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
