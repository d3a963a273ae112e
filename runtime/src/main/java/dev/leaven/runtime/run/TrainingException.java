package dev.leaven.runtime.run;

import org.jspecify.annotations.Nullable;

/** A run failed. The message names the step, the reason, and what to try. */
public final class TrainingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception with a message.
   *
   * @param message what failed, where, and what to try
   * @param cause the failure underneath, if there is one
   */
  public TrainingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
