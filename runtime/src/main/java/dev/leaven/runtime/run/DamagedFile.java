package dev.leaven.runtime.run;

import java.nio.file.Path;
import java.util.Locale;

/**
 * A file that turned out to be damaged when a run loaded it. In training another image takes its
 * place; in validation it is left out of the scores.
 *
 * @param part where it belongs
 * @param index its number in that part, from 0
 * @param file where it lies
 * @param problem what is wrong, as the end of a sentence about the file
 */
public record DamagedFile(Part part, int index, Path file, String problem) {

  /** A part of the data. */
  public enum Part {
    /** Images to train on. */
    TRAINING,
    /** Images to validate on. */
    VALIDATION;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Says what is wrong.
   *
   * @return for instance {@code photos/a/7.jpg is damaged or cut off}
   */
  public String describe() {
    return "%s %s".formatted(file, problem);
  }
}
