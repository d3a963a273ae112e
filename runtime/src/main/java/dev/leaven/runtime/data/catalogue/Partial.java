package dev.leaven.runtime.data.catalogue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that is not whole yet: its first bytes in {@code NAME.part} and, in {@code NAME.version},
 * where they are from and the mark by which the server tells that version from later ones.
 */
final class Partial {

  private final Path whole;
  private final Path part;
  private final Path version;

  /**
   * Nothing is read or written yet.
   *
   * @param whole the file that it will be
   */
  Partial(Path whole) {
    this.whole = whole;
    part = whole.resolveSibling(whole.getFileName() + ".part");
    version = whole.resolveSibling(whole.getFileName() + ".version");
  }

  /** The file with the bytes. */
  Path path() {
    return part;
  }

  /** How many bytes there are; 0 if they are from another address. */
  long size(URI url) throws IOException {
    return Files.isRegularFile(part) && line(0).equals(url.toString()) ? Files.size(part) : 0;
  }

  /** The version that the bytes are of, or null if the server did not say. */
  @Nullable String mark() throws IOException {
    String mark = line(1);
    return mark.isEmpty() ? null : mark;
  }

  /** Forgets the bytes and keeps the version of those that will come. */
  void begin(URI url, HttpHeaders headers) throws IOException {
    Files.deleteIfExists(part);
    Files.write(version, List.of(url.toString(), mark(headers)));
  }

  /** Forgets all of it. */
  void delete() throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(version);
  }

  /** Becomes the whole file, in one step. */
  void finish() throws IOException {
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(version);
  }

  private String line(int number) throws IOException {
    if (!Files.isRegularFile(version)) {
      return "";
    }
    List<String> lines = Files.readAllLines(version);
    return number < lines.size() ? lines.get(number) : "";
  }

  // HTTP allows no weak tag here: two files of the same weak tag may differ in bytes.
  private static String mark(HttpHeaders headers) {
    return headers
        .firstValue("ETag")
        .filter(tag -> tag.startsWith("\""))
        .or(() -> headers.firstValue("Last-Modified"))
        .orElse("");
  }
}
