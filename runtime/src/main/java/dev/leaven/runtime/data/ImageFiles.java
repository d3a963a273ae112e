package dev.leaven.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds image files by their names, without labels. */
public final class ImageFiles {

  private ImageFiles() {}

  /**
   * The image files in a folder and in all folders below it.
   *
   * @param folder where to look
   * @return those whose names end as those of JPEG, PNG, GIF and BMP files do, and do not begin
   *     with a dot, in the order of their paths; empty if there are none
   * @throws DataException when a folder cannot be read
   */
  public static List<Path> under(Path folder) {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(file -> isImage(file.getFileName().toString()) && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new DataException("%s cannot be read: %s".formatted(folder, e.getMessage()));
    }
  }

  private static boolean isImage(String name) {
    return FileCheck.isImageName(name) && !name.startsWith(".");
  }
}
