package dev.leaven.runtime.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which Leaven keeps data that can be restored: published data sets and decoded
 * images.
 *
 * <p>It is {@code LEAVEN_HOME}; without this environment variable, {@code leaven} in {@code
 * XDG_CACHE_HOME}, or else in {@code ~/.cache}. The system property {@code leaven.home} takes
 * precedence over {@code LEAVEN_HOME}.
 */
public final class LeavenHome {

  private LeavenHome() {}

  /**
   * The folder of this process.
   *
   * @return a path, which may not exist
   */
  public static Path ofProcess() {
    return of(System.getenv());
  }

  /**
   * The folder that an environment names.
   *
   * @param environment variables by their names
   * @return a path, which may not exist
   */
  public static Path of(Map<String, String> environment) {
    String home = said("leaven.home", "LEAVEN_HOME", environment);
    if (home != null) {
      return Path.of(home);
    }
    String cache = environment.get("XDG_CACHE_HOME");
    return (cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache))
        .resolve("leaven");
  }

  /**
   * The value of a system property, or else of an environment variable.
   *
   * @param property the property's name
   * @param variable the variable's name
   * @param environment variables by their names
   * @return the value; null if neither is set
   */
  public static @Nullable String said(
      String property, String variable, Map<String, String> environment) {
    String value = System.getProperty(property, environment.get(variable));
    return value == null || value.isBlank() ? null : value;
  }

  /**
   * Deletes a folder with all that is in it.
   *
   * @param folder of no effect if it is not there
   * @throws IOException when something in it cannot be deleted
   */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }
}
