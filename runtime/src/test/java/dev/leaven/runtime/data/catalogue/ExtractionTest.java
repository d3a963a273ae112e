package dev.leaven.runtime.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractionTest {

  private static final byte[] TEXT = {'t', 'e', 'x', 't'};

  @TempDir Path root;

  private Path folder;
  private Path archive;

  @BeforeEach
  void makeAFolder() throws IOException {
    folder = Files.createDirectory(root.resolve("folder"));
    archive = root.resolve("archive");
  }

  @ParameterizedTest
  @EnumSource(
      value = ArchiveKind.class,
      names = {"TAR", "TGZ", "ZIP"})
  void unpacksFilesAndFolders(ArchiveKind kind) throws IOException {
    Map<String, byte[]> files =
        new TreeMap<>(Map.of("a/", new byte[0], "a/b.txt", TEXT, "./c/d/e", new byte[70_000]));
    unpack(pack(kind, files), kind);
    assertThat(folder.resolve("a/b.txt")).hasBinaryContent(TEXT);
    assertThat(folder.resolve("c/d/e")).hasBinaryContent(new byte[70_000]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../out", "a/../../out", "/tmp/out", "a/..", "..\\out", "C:\\out"})
  void refusesNamesThatLeadOutOfTheFolder(String name) throws IOException {
    for (ArchiveKind kind : new ArchiveKind[] {ArchiveKind.TGZ, ArchiveKind.ZIP}) {
      // The zip writer turns backslashes around by itself.
      String written = kind == ArchiveKind.ZIP ? name.replace('\\', '/') : name;
      if (written.equals("C:/out")) {
        continue;
      }
      refuses(
          pack(kind, Map.of(name, TEXT)),
          kind,
          "%s: holds '" + written + "', which leads out of its folder; it is not unpacked");
    }
    assertThat(folder).isEmptyDirectory();
    assertThat(root.resolve("out")).doesNotExist();
  }

  @Test
  void refusesLinks() throws IOException {
    String sentence = "%s: holds 'a', which is neither a file nor a folder; it is not unpacked";
    refuses(Archives.link("a", TarConstants.LF_SYMLINK, "/etc"), ArchiveKind.TAR, sentence);
    refuses(Archives.link("a", TarConstants.LF_LINK, "../b"), ArchiveKind.TAR, sentence);
    refuses(Archives.link("a", TarConstants.LF_FIFO, ""), ArchiveKind.TAR, sentence);
    refuses(Archives.zipLink("a", "/etc"), ArchiveKind.ZIP, sentence);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesWhatUnpacksToManyTimesItsSize() throws IOException {
    byte[] zeros = new byte[8 << 20];
    byte[] bomb = Archives.tgz(Map.of("zeros", zeros));
    String sentence =
        "%s: unpacks to more than 1048576 bytes; it is not unpacked, for it may be made to fill the"
            + " disk";
    refuses(bomb, ArchiveKind.TGZ, sentence);
    refuses(Archives.zip(Map.of("zeros", zeros)), ArchiveKind.ZIP, sentence);
  }

  @Test
  void refusesMoreBytesAndMoreFilesThanAllowed() throws IOException {
    Files.write(archive, Archives.tar(Map.of("a", new byte[3000])));
    assertThatThrownBy(
            () ->
                Extraction.unpack(
                    archive, ArchiveKind.TAR, folder, new Extraction.Limits(2000, 9, 9)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "%s: unpacks to more than 2000 bytes; it is not unpacked, for it may be made to fill the"
                + " disk",
            archive);
    Files.write(archive, Archives.tar(Map.of("a", TEXT, "b", TEXT, "c", TEXT)));
    assertThatThrownBy(
            () ->
                Extraction.unpack(
                    archive, ArchiveKind.TAR, folder, new Extraction.Limits(1 << 20, 2, 9)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "%s: holds more than 2 files and folders; it is not unpacked, for it may be made to fill"
                + " the disk",
            archive);
  }

  @Test
  void refusesADamagedArchive() throws IOException {
    byte[] sound = Archives.tgz(Map.of("a", TEXT));
    byte[] wrongSum = sound.clone();
    wrongSum[sound.length - 8]++;
    refuses(
        wrongSum,
        ArchiveKind.TGZ,
        "%s: is not a sound archive (Corrupt GZIP trailer); download it again");
    refuses(
        Arrays.copyOf(sound, sound.length - 12),
        ArchiveKind.TGZ,
        "%s: is not a sound archive (Unexpected end of ZLIB input stream); download it again");
    refuses(
        TEXT,
        ArchiveKind.TGZ,
        "%s: is not a sound archive (Not in GZIP format); download it again");
  }

  @Test
  void refusesAFileOfAZipWithAnotherChecksum() throws IOException {
    byte[] zip = Archives.stored("a", TEXT);
    // The content begins after a header of 30 bytes and the name.
    zip[31]++;
    refuses(
        zip,
        ArchiveKind.ZIP,
        "%s: is not a sound archive (the checksum of a is wrong); download it again");
  }

  private byte[] pack(ArchiveKind kind, Map<String, byte[]> files) throws IOException {
    return switch (kind) {
      case TAR -> Archives.tar(files);
      case TGZ -> Archives.tgz(files);
      default -> Archives.zip(files);
    };
  }

  private void unpack(byte[] content, ArchiveKind kind) throws IOException {
    Files.write(archive, content);
    Extraction.unpack(archive, kind, folder, Extraction.Limits.USUAL);
  }

  private void refuses(byte[] content, ArchiveKind kind, String message) {
    assertThatThrownBy(() -> unpack(content, kind))
        .isInstanceOf(DataException.class)
        .hasMessage(message.formatted(archive));
  }
}
