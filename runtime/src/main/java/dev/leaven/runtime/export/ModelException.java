package dev.leaven.runtime.export;

import org.jspecify.annotations.Nullable;

/**
 * An exported model, or an image for it, cannot be used as requested. The message names the problem
 * and what to do.
 */
public final class ModelException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception with a message.
   *
   * @param message the problem, where it is, and what to do
   * @param cause the failure underneath, if there is one
   */
  public ModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
