package dev.leaven.runtime.run;

import java.nio.file.Path;
import java.util.Locale;

/**
 * A file that was found to be damaged when a run loaded it. In training another image replaces it;
 * in validation it is left out of the scores.
 *
 * @param part the part of the data it belongs to
 * @param index its number in that part, from 0
 * @param file its path
 * @param problem the problem, as the end of a sentence about the file
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
   * Describes the problem.
   *
   * @return for instance {@code photos/a/7.jpg is damaged or cut off}
   */
  public String describe() {
    return "%s %s".formatted(file, problem);
  }
}
