package dev.leaven.runtime.data.catalogue;

import dev.leaven.runtime.data.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Unpacks archives that nobody has looked into: only regular files and folders, only below the
 * folder given, and no more than the limits allow.
 */
final class Extraction {

  private static final int BUFFER = 1 << 16;

  /**
   * How much an archive may unpack to.
   *
   * @param bytes in all
   * @param entries files and folders
   * @param ratio how many times the archive's own size; the first MiB is free
   */
  record Limits(long bytes, int entries, int ratio) {

    /** Ten times what the largest data set of the catalogue needs. */
    static final Limits USUAL = new Limits(16L << 30, 500_000, 100);

    long bytes(long packed) {
      return Math.min(bytes, Math.max(1 << 20, packed * ratio));
    }
  }

  private final Path archive;
  private final Path folder;
  private final Limits limits;
  private int entries;

  private Extraction(Path archive, Path folder, Limits limits) {
    this.archive = archive;
    this.folder = folder;
    this.limits = limits;
  }

  /**
   * Unpacks an archive. What it has written before it fails stays there.
   *
   * @param archive the file
   * @param kind how it is packed
   * @param folder an existing folder; absolute and normalized
   * @param limits how much it may hold
   * @throws DataException when the archive is damaged, leads out of the folder, holds links or
   *     devices, or exceeds the limits
   */
  static void unpack(Path archive, ArchiveKind kind, Path folder, Limits limits) {
    Extraction extraction = new Extraction(archive, folder, limits);
    try {
      Meter meter = new Meter(archive, limits.bytes(Files.size(archive)));
      if (kind == ArchiveKind.ZIP) {
        extraction.zip(meter);
      } else {
        extraction.tar(kind, meter);
      }
    } catch (DataException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          "%s: is not a sound archive (%s); download it again".formatted(archive, e.getMessage()),
          e);
    }
  }

  private void tar(ArchiveKind kind, Meter meter) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), BUFFER);
        InputStream plain =
            meter.count(kind == ArchiveKind.TGZ ? new GZIPInputStream(file, BUFFER) : file);
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        boolean special =
            entry.isSymbolicLink()
                || entry.isLink()
                || entry.isBlockDevice()
                || entry.isCharacterDevice()
                || entry.isFIFO();
        put(entry.getName(), entry.isDirectory(), special, tar);
      }
      // gzip's checksum is at its very end, after all that tar wants to read.
      plain.transferTo(OutputStream.nullOutputStream());
    }
  }

  private void zip(Meter meter) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(meter.count(zip.getInputStream(entry)), crc)) {
          put(entry.getName(), entry.isDirectory(), entry.isUnixSymlink(), in);
        }
        if (!entry.isDirectory() && crc.getValue() != entry.getCrc()) {
          throw new IOException("the checksum of " + entry.getName() + " is wrong");
        }
      }
    }
  }

  private void put(String name, boolean directory, boolean special, InputStream content)
      throws IOException {
    if (++entries > limits.entries()) {
      throw new DataException(
          "%s: holds more than %d files and folders; it is not unpacked, for it may be made to fill"
                  .formatted(archive, limits.entries())
              + " the disk");
    }
    if (special) {
      throw new DataException(
          "%s: holds '%s', which is neither a file nor a folder; it is not unpacked"
              .formatted(archive, name));
    }
    Path target = target(name);
    if (directory) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    try (OutputStream out = Files.newOutputStream(target)) {
      copy(content, out, target);
    }
  }

  private Path target(String name) {
    try {
      Path relative = Path.of(name);
      Path target = folder.resolve(relative).normalize();
      boolean climbs = false;
      for (Path part : relative) {
        climbs |= part.toString().equals("..");
      }
      // A backslash separates folders on some systems and is never meant otherwise.
      if (!climbs
          && !relative.isAbsolute()
          && name.indexOf('\\') < 0
          && target.startsWith(folder)) {
        return target;
      }
    } catch (InvalidPathException e) {
      // No system has such a file; refused below.
    }
    throw new DataException(
        "%s: holds '%s', which leads out of its folder; it is not unpacked"
            .formatted(archive, name));
  }

  private static void copy(InputStream from, OutputStream to, Path target) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      try {
        to.write(buffer, 0, count);
      } catch (IOException e) {
        throw DownloadException.unwritable(target, e);
      }
    }
  }
}
