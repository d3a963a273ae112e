package dev.leaven.runtime.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.DataException;
import dev.leaven.runtime.data.LeavenHome;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetStoreTest {

  @TempDir Path home;

  private FileServer server;

  @BeforeEach
  void startAServer() throws IOException {
    server =
        new FileServer()
            .put("pets.tgz", Archives.tgz(Map.of("pets2/train/cat/1.jpg", text("cat"))))
            .put("notes.txt", text("notes"));
  }

  @AfterEach
  void stopTheServer() {
    server.close();
  }

  @Test
  void unpacksADataSetAndLeavesNothingElse() throws IOException {
    Path folder = store().fetch(entry(), DownloadListener.SILENT);
    assertThat(folder).isEqualTo(home.resolve("datasets/pets"));
    assertThat(folder.resolve("train/cat/1.jpg")).hasContent("cat");
    assertThat(folder.resolve("labels.csv")).hasContent("cat,Cat");
    assertThat(folder.resolve(".leaven-dataset")).hasContent("pets\nhttps://pets.org\nMIT");
    assertThat(names(home.resolve("datasets"))).containsExactly("pets");
    assertThat(names(home.resolve("downloads"))).isEmpty();
    assertThat(store().has(entry())).isTrue();
  }

  @Test
  void doesNotTouchTheNetworkASecondTime() {
    store().fetch(entry(), DownloadListener.SILENT);
    server.close();
    server.requests.clear();
    assertThat(store().fetch(entry(), DownloadListener.SILENT))
        .isEqualTo(home.resolve("datasets/pets"));
    assertThat(server.requests).isEmpty();
  }

  @Test
  void twoAtOnceDownloadItOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Path>> folders =
          IntStream.range(0, 4)
              .mapToObj(i -> threads.submit(() -> store().fetch(entry(), DownloadListener.SILENT)))
              .toList();
      for (Future<Path> folder : folders) {
        assertThat(folder.get().resolve("train/cat/1.jpg")).hasContent("cat");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.requests).containsExactly("pets.tgz");
  }

  @Test
  void takesFilesFromAMirrorByTheirNames() throws IOException {
    RemoteFile file =
        new RemoteFile(
            "more/notes.txt",
            URI.create("http://127.0.0.1:1/elsewhere/notes"),
            OptionalLong.empty(),
            Optional.empty(),
            ArchiveKind.NONE);
    server.put("mirror/more/notes.txt", text("mirrored"));
    URI mirror = DatasetStore.address(server.url("mirror").toString());
    Path folder = store(Optional.of(mirror)).fetch(entry("", file), DownloadListener.SILENT);
    assertThat(folder.resolve("notes.txt")).hasContent("mirrored");
    assertThat(server.requests).containsExactly("mirror/more/notes.txt");
  }

  @Test
  void usesAFileThatWasPutThereByHandAndLeavesIt() throws IOException {
    Path local = home.resolve("downloads/pets.tgz");
    Files.createDirectories(local.getParent());
    Files.write(local, Archives.tgz(Map.of("pets2/train/dog/1.jpg", text("dog"))));
    Path folder = store().fetch(entry(), DownloadListener.SILENT);
    assertThat(folder.resolve("train/dog/1.jpg")).hasContent("dog");
    assertThat(local).exists();
    assertThat(server.requests).isEmpty();
  }

  @Test
  void fetchesIntoAFolderOfTheUsers() throws IOException {
    Path to = Files.createDirectories(home.resolve("my/photographs"));
    assertThat(store().fetch(entry(), to, DownloadListener.SILENT)).isEqualTo(to);
    assertThat(to.resolve("train/cat/1.jpg")).exists();
    store().fetch(entry(), to, DownloadListener.SILENT);
    assertThat(server.requests).hasSize(1);
    assertThat(names(home.resolve("my"))).containsExactly("photographs");
  }

  @Test
  void refusesAFolderThatHoldsSomethingElse() throws IOException {
    Path to = Files.createDirectories(home.resolve("my"));
    Files.writeString(to.resolve("thesis.txt"), "dear");
    assertThatThrownBy(() -> store().fetch(entry(), to, DownloadListener.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessage("%s: is there already and is not pets; name another folder or delete it", to);
    assertThat(to.resolve("thesis.txt")).hasContent("dear");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void anArchiveThatCannotBeUnpackedIsDownloadedAnewNextTime() throws IOException {
    server.put("pets.tgz", Archives.tgz(Map.of("pets2/../../out", text("out"))));
    assertThatThrownBy(() -> store().fetch(entry(), DownloadListener.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "%s: holds 'pets2/../../out', which leads out of its folder; it is not unpacked",
            home.resolve("downloads/pets.tgz"));
    assertThat(names(home.resolve("datasets"))).isEmpty();
    assertThat(names(home.resolve("downloads"))).isEmpty();
  }

  @Test
  void refusesAnArchiveWithoutTheFolderItShouldHave() {
    assertThatThrownBy(() -> store().fetch(entry("pets3", archive()), DownloadListener.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "pets: there is no folder 'pets3' in its archive; the publisher has changed it");
  }

  @Test
  void aDownloadThatFailsLeavesNoFolder() {
    server.busy = 9;
    assertThatThrownBy(() -> store().fetch(entry(), DownloadListener.SILENT))
        .isInstanceOf(DownloadException.class);
    assertThat(home.resolve("datasets")).doesNotExist();
    server.busy = 0;
    assertThat(store().fetch(entry(), DownloadListener.SILENT).resolve("labels.csv")).exists();
  }

  @Test
  void isWhereTheUserWantsIt() {
    assertThat(LeavenHome.of(Map.of("LEAVEN_HOME", "/l", "XDG_CACHE_HOME", "/x")))
        .isEqualTo(Path.of("/l"));
    assertThat(LeavenHome.of(Map.of("LEAVEN_HOME", " ", "XDG_CACHE_HOME", "/x")))
        .isEqualTo(Path.of("/x/leaven"));
    assertThat(LeavenHome.of(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "leaven"));
  }

  @Test
  void refusesAMirrorThatIsNoAddress() {
    assertThat(DatasetStore.address("https://a.org/b")).isEqualTo(URI.create("https://a.org/b/"));
    assertThatThrownBy(() -> DatasetStore.address("/mnt/mirror"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "LEAVEN_MIRROR: must begin with http:// or https:// and name a folder, but is"
                + " '/mnt/mirror'");
  }

  private DatasetStore store() {
    return store(Optional.empty());
  }

  private DatasetStore store(Optional<URI> mirror) {
    return new DatasetStore(
        home, mirror, new Download(Duration.ofMillis(1), Duration.ofSeconds(10)));
  }

  private CatalogueEntry entry() {
    return entry("pets2", archive());
  }

  private CatalogueEntry entry(String root, RemoteFile file) {
    return new CatalogueEntry(
        "pets",
        "cats",
        List.of(file),
        root,
        Layout.IMAGE_FOLDER,
        "MIT",
        "https://pets.org",
        Map.of("labels.csv", "cat,Cat\n"));
  }

  private RemoteFile archive() {
    return new RemoteFile(
        "pets.tgz",
        server.url("pets.tgz"),
        OptionalLong.empty(),
        Optional.empty(),
        ArchiveKind.TGZ);
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
