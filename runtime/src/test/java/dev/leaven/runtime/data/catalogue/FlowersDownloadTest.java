package dev.leaven.runtime.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.MatBytes;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data set of several files, one of them an archive, as the 102 flowers are published. */
class FlowersDownloadTest {

  @TempDir Path home;

  private FileServer server;
  private byte[] archive;
  private byte[] labels;
  private byte[] split;

  @BeforeEach
  void startAServer() throws IOException {
    // Random, so that the archive stays long enough to be cut.
    byte[] photograph = new byte[100_000];
    new Random(1).nextBytes(photograph);
    System.arraycopy(
        new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0}, 0, photograph, 0, 4);
    archive =
        Archives.tgz(
            Map.of(
                "jpg/image_00001.jpg", photograph,
                "jpg/image_00002.jpg", photograph,
                "jpg/image_00003.jpg", photograph));
    labels = new MatBytes(ByteOrder.LITTLE_ENDIAN).compressed("labels", 2, 77, 1, 77).bytes();
    split =
        new MatBytes(ByteOrder.LITTLE_ENDIAN)
            .compressed("trnid", 4, 2, 3)
            .compressed("valid", 4, 1)
            .compressed("tstid", 4)
            .bytes();
    server =
        new FileServer()
            .put("102flowers.tgz", archive)
            .put("imagelabels.mat", labels)
            .put("setid.mat", split);
  }

  @AfterEach
  void stopTheServer() {
    server.close();
  }

  @Test
  void downloadsThreeFilesAndReadsThem() {
    Path folder = fetch(entry());
    assertThat(server.requests).containsExactly("102flowers.tgz", "imagelabels.mat", "setid.mat");
    ImageData data = entry().layout().at(folder).load(1);
    assertThat(data.train().labels()).containsExactly(0, 76);
    assertThat(data.valid().labels()).containsExactly(76);
    assertThat(home.resolve("downloads/flowers102/102flowers.tgz")).doesNotExist();
  }

  @Test
  void goesOnWhereTheConnectionWasCut() {
    server.cutAfter = 150_000;
    server.cuts = 1;
    Path folder = fetch(entry());
    assertThat(server.requests).hasSize(4);
    assertThat(server.requests.get(1)).matches("102flowers.tgz bytes=[1-9]\\d*- if \"one\"");
    assertThat(entry().layout().at(folder).load(1).train().size()).isEqualTo(2);
  }

  @Test
  void refusesAWrongChecksumAndKeepsTheFilesThatAreSound() {
    byte[] forged = labels.clone();
    forged[labels.length - 1] ^= 1;
    server.put("imagelabels.mat", forged);
    assertThatThrownBy(() -> fetch(entry()))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining(
            "has MD5 %s instead of %s"
                .formatted(Archives.digest("MD5", forged), Archives.digest("MD5", labels)));
    assertThat(home.resolve("datasets/flowers102")).doesNotExist();
    assertThat(home.resolve("downloads/flowers102/imagelabels.mat")).doesNotExist();
    server.put("imagelabels.mat", labels);
    server.requests.clear();
    fetch(entry());
    assertThat(server.requests).containsExactly("imagelabels.mat", "setid.mat");
  }

  @Test
  void thePublishedEntryRefusesOtherFiles() throws IOException {
    System.setProperty("leaven.home", home.toString());
    System.setProperty("leaven.mirror", server.url("").toString());
    try {
      Path local = home.resolve("downloads/flowers102/102flowers.tgz");
      Files.createDirectories(local.getParent());
      Files.write(local, archive);
      assertThatThrownBy(() -> Datasets.flowers102().load(1))
          .hasMessage(
              "%s: has %d bytes instead of 344862509; put the right file there or delete it",
              local, archive.length);
    } finally {
      System.clearProperty("leaven.home");
      System.clearProperty("leaven.mirror");
    }
  }

  private Path fetch(CatalogueEntry entry) {
    return new DatasetStore(
            home, Optional.empty(), new Download(Duration.ofMillis(1), Duration.ofSeconds(10)))
        .fetch(entry, DownloadListener.SILENT);
  }

  /** The entry of the catalogue, but with the made-up files. */
  private CatalogueEntry entry() {
    CatalogueEntry published = Datasets.flowers102().entry();
    List<byte[]> contents = List.of(archive, labels, split);
    List<RemoteFile> files =
        published.files().stream()
            .map(
                file -> {
                  byte[] content = contents.get(published.files().indexOf(file));
                  return new RemoteFile(
                      file.name(),
                      server.url(file.fileName()),
                      OptionalLong.of(content.length),
                      Optional.of(Checksum.md5(Archives.digest("MD5", content))),
                      file.kind());
                })
            .toList();
    return new CatalogueEntry(
        published.name(),
        published.summary(),
        files,
        published.root(),
        published.layout(),
        published.licence(),
        published.origin(),
        published.texts());
  }
}
