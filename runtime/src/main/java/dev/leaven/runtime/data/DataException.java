package dev.leaven.runtime.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** A user's data cannot be used. The message states what is wrong, where, and what to do. */
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

  /** A file or folder that exists, but that the operating system does not let us read. */
  static DataException unreadable(Path path, IOException cause) {
    String reason =
        cause instanceof AccessDeniedException
            ? "access is denied; change its permissions"
            : cause instanceof CharacterCodingException
                ? "it is not UTF-8 text; save it as UTF-8"
                : "the disk or network failed; copy the data again";
    return new DataException("%s: cannot be read, because %s".formatted(path, reason), cause);
  }
}
