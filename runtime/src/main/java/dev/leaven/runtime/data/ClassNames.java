package dev.leaven.runtime.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Readable class names, from the small text files next to a data set. */
final class ClassNames {

  private ClassNames() {}

  /**
   * Replaces the names of folders by those in a {@code folder,name} table, where it has one.
   *
   * @param table the file, which need not exist; lines about other folders are ignored, as is a
   *     line with titles
   * @param folders the names of the class folders
   * @return a name for each folder, in the same order
   * @throws DataException when the file cannot be read or gives two folders the same name
   */
  static List<String> ofFolders(Path table, List<String> folders) {
    if (!Files.isRegularFile(table)) {
      return folders;
    }
    Map<String, String> titles = new HashMap<>();
    for (String line : lines(table)) {
      int comma = line.indexOf(',');
      if (comma > 0) {
        String title = unquoted(line.substring(comma + 1));
        if (!title.isEmpty()) {
          titles.put(unquoted(line.substring(0, comma)), title);
        }
      }
    }
    Map<String, String> seen = new HashMap<>();
    return folders.stream()
        .map(
            folder -> {
              String title = titles.getOrDefault(folder, folder);
              String other = seen.putIfAbsent(title, folder);
              if (other != null) {
                throw new DataException(
                    ("%s: the folders '%s' and '%s' are both named '%s';"
                            + " give each class its own name")
                        .formatted(table, other, folder, title));
              }
              return title;
            })
        .toList();
  }

  /**
   * Reads one name a line, without blank lines.
   *
   * @throws DataException when the file cannot be read
   */
  static List<String> lines(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8)
          // Spreadsheets begin a text file with an invisible mark, which is not part of a name.
          .replace("\ufeff", "")
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private static String unquoted(String text) {
    String plain = text.strip();
    return plain.length() >= 2 && plain.startsWith("\"") && plain.endsWith("\"")
        ? plain.substring(1, plain.length() - 1).replace("\"\"", "\"")
        : plain;
  }
}
