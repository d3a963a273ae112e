package dev.leaven.runtime.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Image files that a function of the program labels: {@code LabelledFiles.of("scans", file ->
 * file.getParent().getFileName().toString())}.
 *
 * <p>Images are found as {@link FilesByName} finds them, and divided by a {@link Split}. The JSON
 * form is the name alone, because a function has none: a run on such files is resumed by passing
 * them once more. Two are equal only if they are the same.
 */
public final class LabelledFiles implements DataSource {

  @JsonIgnore private final @Nullable Path path;
  @JsonIgnore private final @Nullable Function<Path, String> label;
  @JsonIgnore private final Split split;

  private LabelledFiles(@Nullable Path path, @Nullable Function<Path, String> label, Split split) {
    this.path = path;
    this.label = label;
    this.split = split;
  }

  @JsonCreator
  private static LabelledFiles elsewhere() {
    return new LabelledFiles(null, null, FractionSplit.USUAL);
  }

  /**
   * Files labelled by a function; 20 % of every class for validation.
   *
   * @param path the folder
   * @param label gives the class of a file, from its absolute path; always the same for the same
   *     file
   * @return the files as a data source
   */
  public static LabelledFiles of(Path path, Function<Path, String> label) {
    return new LabelledFiles(path.toAbsolutePath().normalize(), label, FractionSplit.USUAL);
  }

  /**
   * Files labelled by a function; 20 % of every class for validation.
   *
   * @param path the folder
   * @param label gives the class of a file, from its absolute path; always the same for the same
   *     file
   * @return the files as a data source
   */
  public static LabelledFiles of(String path, Function<Path, String> label) {
    return of(Path.of(path), label);
  }

  /**
   * The same files divided in another way.
   *
   * @param split for instance {@code new KFold(5, 0)}
   * @return a new value
   */
  public LabelledFiles split(Split split) {
    return new LabelledFiles(path, label, split);
  }

  /**
   * Lists the files, labels them, checks their first bytes and divides them.
   *
   * @throws DataException when the folder does not exist or has no images, a file gets no label,
   *     there is one class only, more than 1 % of the files are not images, or the function was in
   *     another program
   */
  @Override
  public ImageData load(long seed) {
    if (path == null || label == null) {
      throw new DataException(
          "LabelledFiles: this run's files were labelled by the program that began it;"
              + " pass them to resume");
    }
    Function<Path, String> given = label;
    Function<Path, String> checked =
        file -> {
          String said = given.apply(file);
          if (said == null || said.isBlank()) {
            throw new DataException(
                "%s: the function gives this file no label; let it give every file one"
                    .formatted(file));
          }
          return said;
        };
    return Labelling.load(this, path, checked, split, seed);
  }

  @Override
  public String describe() {
    return path == null
        ? "LabelledFiles: labelled by another program"
        : "LabelledFiles: %s, divided by %s".formatted(path, split.describe());
  }
}
