package dev.leaven.runtime.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The images for validation by name, one on each line of a text file.
 *
 * <p>A name is the path of an image below the folder of the data, with slashes, for instance {@code
 * cat/17.jpg}. Blank lines are ignored, and a name may come twice. A name that is not an image of
 * the data is an error, because otherwise a list that does not fit its data would go unnoticed.
 *
 * @param file the list, in UTF-8, made absolute
 */
public record ListSplit(Path file) implements Split {

  /**
   * Makes the path absolute; the file is not read yet.
   *
   * @throws IllegalArgumentException when there is no path
   */
  public ListSplit {
    if (file == null) { // may be missing in JSON
      throw new IllegalArgumentException("ListSplit: file is missing");
    }
    file = file.toAbsolutePath().normalize();
  }

  /**
   * A list of the images for validation.
   *
   * @param file a text file with one name on each line
   * @return the split
   */
  public static ListSplit of(String file) {
    return new ListSplit(Path.of(file));
  }

  @Override
  public int[] valid(Listing images, long seed) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < images.size(); i++) {
      positions.put(images.name(i), i);
    }
    List<String> lines = lines();
    boolean[] listed = new boolean[images.size()];
    int count = 0;
    for (int line = 0; line < lines.size(); line++) {
      String name = name(lines.get(line));
      if (name.isEmpty()) {
        continue;
      }
      Integer position = positions.get(name);
      if (position == null) {
        throw new DataException(
            "%s line %d: '%s' is no image of %s; write paths as they are below that folder"
                .formatted(file, line + 1, name, images.root()));
      }
      count += listed[position] ? 0 : 1;
      listed[position] = true;
    }
    if (count == 0 || count == images.size()) {
      throw new DataException(
          "%s: the list names %s of the %d images; name those for validation, and leave some to train"
              .formatted(file, count == 0 ? "none" : "all", images.size()));
    }
    return IntStream.range(0, listed.length).filter(i -> listed[i]).toArray();
  }

  @Override
  public String describe() {
    return "ListSplit: the images that %s names for validation".formatted(file);
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new DataException("%s: there is no such list; check the path".formatted(file), e);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private static String name(String line) {
    String name = line.replace("\ufeff", "").strip();
    return name.startsWith("./") ? name.substring(2) : name;
  }
}
