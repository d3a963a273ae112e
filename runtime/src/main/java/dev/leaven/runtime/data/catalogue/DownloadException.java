package dev.leaven.runtime.data.catalogue;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A data set could not be fetched, for a reason that lies outside of the program: no connection, a
 * server that refuses, a full disk. The message says what to do.
 */
public final class DownloadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception with its sentence.
   *
   * @param message what is wrong, where, and what to do
   */
  public DownloadException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its sentence and what led to it.
   *
   * @param message what is wrong, where, and what to do
   * @param cause the failure underneath
   */
  public DownloadException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The disk refuses what is to be kept. */
  static DownloadException unwritable(Path path, IOException cause) {
    return new DownloadException(
        "%s: cannot be written (%s); make room, or set LEAVEN_HOME to a folder on another disk"
            .formatted(path, cause.getMessage()),
        cause);
  }
}
