package dev.leaven.runtime.data;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Image files whose names contain their class, for instance {@code great_pyrenees_12.jpg}: {@code
 * FilesByName.of("images", "^(.+)_\\d+\\.jpg$")}.
 *
 * <p>Images are found in the folder at any depth, by their name: jpg, jpeg, png, gif or bmp in any
 * case of letters; hidden files are ignored. Files that are not images are skipped and reported, up
 * to 1 %. Classes are numbered in the alphabetical order of their names.
 *
 * @param path the folder, made absolute
 * @param pattern a regular expression with one group in parentheses that captures the class; it is
 *     searched in the name of each file, without its folders
 * @param split which images are for validation; default 20 % of each class
 */
public record FilesByName(Path path, String pattern, Split split) implements DataSource {

  /**
   * Checks the parameters, not yet the folder.
   *
   * @throws IllegalArgumentException when one is missing, or the pattern is not a regular
   *     expression with one group
   */
  public FilesByName {
    if (path == null || pattern == null || split == null) { // a JSON text may lack them
      throw new IllegalArgumentException(
          "FilesByName: %s is missing"
              .formatted(path == null ? "path" : pattern == null ? "pattern" : "split"));
    }
    GroupSplit.compiled("FilesByName", "pattern", pattern);
    path = path.toAbsolutePath().normalize();
  }

  /**
   * Files labelled by a part of their names; 20 % of every class for validation.
   *
   * @param path the folder
   * @param pattern a regular expression with one group in parentheses
   * @return the files as a data source
   */
  public static FilesByName of(Path path, String pattern) {
    return new FilesByName(path, pattern, FractionSplit.USUAL);
  }

  /**
   * Files labelled by a part of their names; 20 % of every class for validation.
   *
   * @param path the folder
   * @param pattern a regular expression with one group in parentheses
   * @return the files as a data source
   */
  public static FilesByName of(String path, String pattern) {
    return of(Path.of(path), pattern);
  }

  /**
   * The same files divided in another way.
   *
   * @param split for instance {@code new KFold(5, 0)}
   * @return a new value
   */
  public FilesByName split(Split split) {
    return new FilesByName(path, pattern, split);
  }

  /**
   * The same files with another fraction for validation.
   *
   * @param validFraction above 0 and below 1
   * @return a new value
   */
  public FilesByName validFraction(double validFraction) {
    return split(
        new FractionSplit(FractionSplit.check("FilesByName", "validFraction", validFraction)));
  }

  @Override
  public Optional<Path> root() {
    return Optional.of(path);
  }

  /**
   * Lists the files, labels them, checks their first bytes and divides them.
   *
   * @throws DataException when the folder does not exist or has no images, the pattern does not fit
   *     a name, there is one class only, or more than 1 % of the files are not images
   */
  @Override
  public ImageData load(long seed) {
    Pattern compiled = Pattern.compile(pattern);
    Function<Path, String> label =
        file -> {
          Matcher matcher = compiled.matcher(file.getFileName().toString());
          if (!matcher.find() || matcher.group(1) == null || matcher.group(1).isEmpty()) {
            throw new DataException(
                "%s: the pattern '%s' finds no class in this name; change it so that it fits every file"
                    .formatted(file, pattern));
          }
          return matcher.group(1);
        };
    return Labelling.load(this, path, label, split, seed);
  }

  @Override
  public String describe() {
    return "FilesByName: %s, classes named by %s, divided by %s"
        .formatted(path, pattern, split.describe());
  }
}
