package dev.leaven.runtime.data.catalogue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file of a published data set.
 *
 * @param name what it is called in the cache and on a mirror, unique among all data sets, with
 *     slashes where they have files of the same name: {@code mnist/t10k-labels-idx1-ubyte.gz}
 * @param url where it is published, by http or https
 * @param size its bytes, where they are known for certain
 * @param checksum its digest, where one is published
 * @param kind how it is packed
 */
public record RemoteFile(
    String name, URI url, OptionalLong size, Optional<Checksum> checksum, ArchiveKind kind) {

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException when the name leads elsewhere, the address is not http or
   *     https, or the size is not above 0
   */
  public RemoteFile {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")) {
      throw new IllegalArgumentException(
          "RemoteFile: name must be letters, digits, '.', '_' and '-', but is '%s'"
              .formatted(name));
    }
    if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
      throw new IllegalArgumentException(
          "RemoteFile: url must begin with http:// or https://, but is %s".formatted(url));
    }
    if (size.isPresent() && size.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "RemoteFile: size must be above 0, but is %d".formatted(size.getAsLong()));
    }
  }

  /** What is wrong with a file that is to be this one, as the end of a sentence about it. */
  Optional<String> problem(Path local) throws IOException {
    long bytes = Files.size(local);
    if (size.isPresent() && size.getAsLong() != bytes) {
      return Optional.of("has %d bytes instead of %d".formatted(bytes, size.getAsLong()));
    }
    if (checksum.isPresent()) {
      Checksum found = checksum.get().of(local);
      if (!found.equals(checksum.get())) {
        return Optional.of("has %s instead of %s".formatted(found, checksum.get().hex()));
      }
    }
    return Optional.empty();
  }

  /** The last part of the name. */
  String fileName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
