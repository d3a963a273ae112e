package dev.leaven.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the directory that was probably meant when a directory above or below it was named. */
public final class Suggestions {

  private Suggestions() {}

  /**
   * A question to append to an error message about a wrong directory.
   *
   * @param directory the directory that was named
   * @param mark a file that the right directory has
   * @return for instance {@code "; did you mean models/pets/1?"}, where several are below it the
   *     last by name; empty if none is near
   */
  public static String didYouMean(Path directory, String mark) {
    Path parent = directory.toAbsolutePath().normalize().getParent();
    if (parent != null && Files.isRegularFile(parent.resolve(mark))) {
      Path named = directory.resolveSibling(".").normalize();
      return "; did you mean %s?".formatted(named.toString().isEmpty() ? parent : named);
    }
    try (Stream<Path> below = Files.list(directory)) {
      Optional<Path> last =
          below.filter(entry -> Files.isRegularFile(entry.resolve(mark))).max(Path::compareTo);
      return last.map("; did you mean %s?"::formatted).orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
