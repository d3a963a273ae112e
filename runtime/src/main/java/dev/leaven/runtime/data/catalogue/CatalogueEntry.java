package dev.leaven.runtime.data.catalogue;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is known about a published data set.
 *
 * @param name what it goes by here, for instance {@code imagenette-160}
 * @param summary what is in it, in one line
 * @param files what is downloaded
 * @param root the folder inside the unpacked archives that holds the data; empty for the whole
 * @param layout how the files lie there
 * @param licence under which terms it may be used
 * @param origin the page of those who made it
 * @param texts small files that are added to the folder, such as the names of the classes: contents
 *     by name
 */
public record CatalogueEntry(
    String name,
    String summary,
    List<RemoteFile> files,
    String root,
    Layout layout,
    String licence,
    String origin,
    Map<String, String> texts) {

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException when there is no file, or the name is no name for a folder
   */
  public CatalogueEntry {
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "CatalogueEntry: name must be small letters, digits and '-', but is '%s'"
              .formatted(name));
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("CatalogueEntry: %s has no files".formatted(name));
    }
    files = List.copyOf(files);
    texts = Map.copyOf(texts);
  }

  /**
   * How much is downloaded.
   *
   * @return bytes; empty when the size of a file is not known
   */
  public OptionalLong size() {
    return files.stream().allMatch(file -> file.size().isPresent())
        ? OptionalLong.of(files.stream().mapToLong(file -> file.size().getAsLong()).sum())
        : OptionalLong.empty();
  }
}
