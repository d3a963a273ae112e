package dev.leaven.runtime.data.catalogue;

import dev.leaven.runtime.data.DataException;
import dev.leaven.runtime.data.LeavenHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder in which data sets are kept: each in {@code datasets/NAME}, which appears in one step
 * when it is whole, its files meanwhile in {@code downloads}. Two processes that want the same data
 * set wait for each other.
 *
 * <p>It is {@code LEAVEN_HOME}; without this variable of the environment {@code leaven} in {@code
 * XDG_CACHE_HOME}, or else in {@code ~/.cache}. The system properties {@code leaven.home} and
 * {@code leaven.mirror} take precedence over {@code LEAVEN_HOME} and {@code LEAVEN_MIRROR}.
 */
public final class DatasetStore {

  // Hidden, so that no reader of folders takes it for data.
  private static final String MARK = ".leaven-dataset";

  private final Path home;
  private final Optional<URI> mirror;
  private final Download download;

  DatasetStore(Path home, Optional<URI> mirror, Download download) {
    this.home = home.toAbsolutePath().normalize();
    this.mirror = mirror;
    this.download = download;
  }

  /**
   * The store that this process's environment and system properties name.
   *
   * @return the store
   * @throws IllegalArgumentException when {@code LEAVEN_MIRROR} is no address
   */
  public static DatasetStore ofProcess() {
    String mirror = LeavenHome.said("leaven.mirror", "LEAVEN_MIRROR", System.getenv());
    return new DatasetStore(
        LeavenHome.ofProcess(),
        Optional.ofNullable(mirror).map(DatasetStore::address),
        new Download(Duration.ofSeconds(1), Duration.ofSeconds(30)));
  }

  static URI address(String mirror) {
    if (!mirror.matches("https?://[^\\s?#]+")) {
      throw new IllegalArgumentException(
          "LEAVEN_MIRROR: must begin with http:// or https:// and name a folder, but is '%s'"
              .formatted(mirror));
    }
    return URI.create(mirror.endsWith("/") ? mirror : mirror + "/");
  }

  /**
   * Where a data set is or will be.
   *
   * @param entry which
   * @return an absolute path
   */
  public Path folder(CatalogueEntry entry) {
    return home.resolve("datasets").resolve(entry.name());
  }

  /**
   * Whether a data set is there, whole.
   *
   * @param entry which
   * @return whether it is
   */
  public boolean has(CatalogueEntry entry) {
    return isWhole(entry, folder(entry));
  }

  /**
   * Downloads and unpacks a data set, unless it is there.
   *
   * @param entry which
   * @param listener hears how far it is
   * @return its folder
   * @throws DownloadException when it cannot be downloaded or written
   * @throws DataException when an archive is damaged or unsafe
   */
  public Path fetch(CatalogueEntry entry, DownloadListener listener) {
    return fetch(entry, folder(entry), listener);
  }

  /**
   * Downloads and unpacks a data set into a folder of the user's, unless it is there.
   *
   * @param entry which
   * @param folder empty, missing, or holding this data set from an earlier call
   * @param listener hears how far it is
   * @return the folder, as an absolute path
   * @throws DownloadException when it cannot be downloaded or written
   * @throws DataException when the folder holds something else, or an archive is damaged or unsafe
   */
  public Path fetch(CatalogueEntry entry, Path folder, DownloadListener listener) {
    Path target = folder.toAbsolutePath().normalize();
    if (isWhole(entry, target)) {
      return target;
    }
    ProcessLock lock = ProcessLock.take(home.resolve("locks").resolve(entry.name()));
    try {
      // Another process may have finished it meanwhile.
      if (!isWhole(entry, target)) {
        refuseFull(entry, target);
        build(entry, target, listener);
      }
      return target;
    } catch (IOException e) {
      throw DownloadException.unwritable(target, e);
    } finally {
      lock.close();
    }
  }

  private void build(CatalogueEntry entry, Path target, DownloadListener listener)
      throws IOException {
    Map<RemoteFile, Path> files = new LinkedHashMap<>();
    List<Path> downloaded = new ArrayList<>();
    for (RemoteFile file : entry.files()) {
      Path local = home.resolve("downloads").resolve(file.name());
      URI url = mirror.map(base -> base.resolve(file.name())).orElse(file.url());
      if (download.fetch(file, url, local, listener)) {
        downloaded.add(local);
      }
      files.put(file, local);
    }
    Path unfinished =
        target.resolveSibling(".%s.%s.unfinished".formatted(target.getFileName(), entry.name()));
    // What a process left that was ended in the middle.
    LeavenHome.delete(unfinished);
    Files.createDirectories(unfinished);
    try {
      for (Map.Entry<RemoteFile, Path> file : files.entrySet()) {
        listener.onUnpack(file.getKey().fileName());
        place(file.getKey(), file.getValue(), unfinished);
      }
      finish(entry, unfinished, target);
    } catch (DataException e) {
      // Unsound archives are to be downloaded anew; when the disk was full they are kept.
      discard(downloaded);
      throw e;
    } finally {
      LeavenHome.delete(unfinished);
    }
    discard(downloaded);
  }

  private static void discard(List<Path> files) throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  private static void finish(CatalogueEntry entry, Path unfinished, Path target)
      throws IOException {
    Path root = unfinished.resolve(entry.root()).normalize();
    if (!Files.isDirectory(root)) {
      throw new DataException(
          "%s: there is no folder '%s' in its archive; the publisher has changed it"
              .formatted(entry.name(), entry.root()));
    }
    for (Map.Entry<String, String> text : entry.texts().entrySet()) {
      Files.writeString(root.resolve(text.getKey()), text.getValue());
    }
    Files.write(root.resolve(MARK), List.of(entry.name(), entry.origin(), entry.licence()));
    Files.deleteIfExists(target);
    Files.move(root, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void place(RemoteFile file, Path local, Path folder) throws IOException {
    if (file.kind() == ArchiveKind.NONE) {
      Files.copy(local, folder.resolve(file.fileName()));
    } else {
      Extraction.unpack(local, file.kind(), folder, Extraction.Limits.USUAL);
    }
  }

  private static boolean isWhole(CatalogueEntry entry, Path folder) {
    try (Stream<String> lines = Files.lines(folder.resolve(MARK))) {
      return lines.findFirst().filter(entry.name()::equals).isPresent();
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static void refuseFull(CatalogueEntry entry, Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    boolean empty = false;
    if (Files.isDirectory(target)) {
      try (Stream<Path> files = Files.list(target)) {
        empty = files.findAny().isEmpty();
      }
    }
    if (!empty) {
      throw new DataException(
          "%s: is there already and is not %s; name another folder or delete it"
              .formatted(target, entry.name()));
    }
  }
}
