package dev.leaven.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source tree, and the texts in it that are written by a test. */
final class Repository {

  /** The folder that the README lies in; Maven starts tests in their module's folder. */
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private Repository() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }

  static List<Path> files(Path folder, String ending) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot list " + folder, e);
    }
  }

  /**
   * Compares a file with what it should say, or writes it.
   *
   * @param file the file
   * @param expected what it should say
   * @param property the property that makes it write: {@code -Dapi.update}
   * @param test the test that asks, which the message names
   */
  static void requireCurrent(Path file, String expected, String property, Class<?> test) {
    if (System.getProperty(property) != null) {
      write(file, expected);
      return;
    }
    String said = Files.exists(file) ? read(file) : "";
    assertThat(said)
        .as(
            "%s is out of date. If the change is meant, write it anew with%n"
                + "./mvnw -pl docs -am test -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -D%s",
            ROOT.relativize(file), test.getSimpleName(), property)
        .isEqualTo(expected);
  }

  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException("cannot write " + file, e);
    }
  }
}
