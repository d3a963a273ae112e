package dev.leaven.runtime.run;

import org.jspecify.annotations.Nullable;

/** A run directory cannot be used as requested. The message names the problem and what to do. */
public final class RunException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception with a message.
   *
   * @param message the problem, where it is, and what to do
   * @param cause the failure underneath, if there is one
   */
  public RunException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
