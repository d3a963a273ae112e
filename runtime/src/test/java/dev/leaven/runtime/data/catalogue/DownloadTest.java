package dev.leaven.runtime.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.DataException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {

  private static final String OTHERWISE =
      "put the file at %s, or set LEAVEN_MIRROR to the address of a folder with a.bin";

  // Of the bytes that are under way when a connection breaks, the last ones may be lost.
  private static final String RESUMED = "a.bin bytes=[1-9]\\d*- if \"one\"";

  @TempDir Path folder;

  private final Download download = new Download(Duration.ofMillis(1), Duration.ofSeconds(10));
  private final byte[] content = new byte[300_000];
  private final List<Long> progress = new ArrayList<>();
  private FileServer server;
  private Path local;

  @BeforeEach
  void startAServer() throws IOException {
    new Random(1).nextBytes(content);
    server = new FileServer().put("a.bin", content);
    local = folder.resolve("downloads/a.bin");
  }

  @AfterEach
  void stopTheServer() {
    server.close();
  }

  @Test
  void downloadsAWholeFile() throws IOException {
    assertThat(fetch(file())).isTrue();
    assertThat(local).hasBinaryContent(content);
    assertThat(server.requests).containsExactly("a.bin");
    assertThat(progress).startsWith(0L).endsWith(300_000L).isSorted();
    nothingElseIsLeft();
  }

  @Test
  void usesAFileThatIsThere() throws IOException {
    Files.createDirectories(local.getParent());
    Files.write(local, content);
    assertThat(fetch(file())).isFalse();
    assertThat(server.requests).isEmpty();
  }

  @Test
  void refusesAnotherFileThatIsThereAndLeavesItAlone() throws IOException {
    Files.createDirectories(local.getParent());
    Files.writeString(local, "<html>");
    assertThatThrownBy(() -> fetch(file()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "%s: has 6 bytes instead of 300000; put the right file there or delete it", local);
    assertThat(local).hasContent("<html>");
  }

  @Test
  void goesOnWhereTheConnectionWasCut() throws IOException {
    server.cutAfter = 150_000;
    server.cuts = 1;
    fetch(file());
    assertThat(local).hasBinaryContent(content);
    assertThat(server.requests).hasSize(2).last().asString().matches(RESUMED);
    assertThat(progress).isSorted();
  }

  @Test
  void goesOnInALaterCallWhereAnEarlierOneGaveUp() throws IOException {
    server.cutAfter = 50_000;
    server.cuts = 4;
    givesUp();
    fetch(file());
    assertThat(local).hasBinaryContent(content);
    assertThat(server.requests).hasSize(5).last().asString().matches(RESUMED);
  }

  @Test
  void startsAnewWhereTheServerKnowsNoRanges() throws IOException {
    server.ranges = false;
    server.cutAfter = 150_000;
    server.cuts = 1;
    fetch(file());
    assertThat(local).hasBinaryContent(content);
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void startsAnewWhenTheFileHasChanged() throws IOException {
    server.cutAfter = 50_000;
    server.cuts = 4;
    givesUp();
    byte[] changed = "another".getBytes(StandardCharsets.UTF_8);
    server.put("a.bin", changed).etag = "\"two\"";
    fetch(unchecked());
    assertThat(local).hasBinaryContent(changed);
    assertThat(server.requests).hasSize(5).last().asString().matches(RESUMED);
  }

  @Test
  void goesOnWithoutAVersionOnlyWhereAChecksumWillTell() throws IOException {
    server.etag = null;
    server.cutAfter = 150_000;
    server.cuts = 1;
    fetch(unchecked());
    assertThat(local).hasBinaryContent(content);
    assertThat(server.requests).containsExactly("a.bin", "a.bin");

    Files.delete(local);
    server.requests.clear();
    server.cuts = 1;
    fetch(file());
    assertThat(local).hasBinaryContent(content);
    assertThat(server.requests).hasSize(2).last().asString().matches("a.bin bytes=[1-9]\\d*-");
  }

  @Test
  void startsAnewFromAPartThatIsTooLong() throws IOException {
    server.cutAfter = 299_999;
    server.cuts = 1;
    server.busy = 0;
    fetch(file());
    Files.move(local, local.resolveSibling("a.bin.part"));
    Files.write(
        local.resolveSibling("a.bin.version"), List.of(server.url("a.bin").toString(), "\"one\""));
    server.requests.clear();
    fetch(file());
    assertThat(local).hasBinaryContent(content);
    assertThat(server.requests).containsExactly("a.bin bytes=300000- if \"one\"", "a.bin");
  }

  @Test
  void doesNotWaitForeverForTheNextBytes() throws IOException {
    server.cutAfter = 100_000;
    server.stalls = true;
    Download impatient = new Download(Duration.ofMillis(1), Duration.ofMillis(500));
    impatient.fetch(file(), server.url("a.bin"), local, DownloadListener.SILENT);
    assertThat(local).hasBinaryContent(content);
    assertThat(server.requests).hasSize(2).last().asString().matches(RESUMED);
  }

  @Test
  void triesThreeTimesMoreWhenTheServerIsBusy() throws IOException {
    server.busy = 3;
    fetch(file());
    assertThat(local).hasBinaryContent(content);

    Files.delete(local);
    server.busy = 4;
    failsWith("the server answers 503; try again later, ");
  }

  @Test
  void removesAFileWithAnotherChecksum() {
    byte[] damaged = content.clone();
    damaged[7]++;
    server.put("a.bin", damaged);
    failsWith(
        "has MD5 %s instead of %s, and was removed; try again, "
            .formatted(md5(damaged), md5(content)));
    assertThat(local.getParent()).isEmptyDirectory();
  }

  @Test
  void removesAFileOfAnotherSize() {
    server.put("a.bin", Arrays.copyOf(content, 299_999));
    failsWith("has 299999 bytes instead of 300000, and was removed; try again, ");
    assertThat(local.getParent()).isEmptyDirectory();
  }

  @Test
  void doesNotTryAgainWhereThereIsNoSuchFile() {
    assertThatThrownBy(() -> fetch(file(), server.url("b.bin")))
        .isInstanceOf(DownloadException.class)
        .hasMessage(
            "%s: the server answers 404; ".formatted(server.url("b.bin"))
                + OTHERWISE.formatted(local));
    assertThat(server.requests).containsExactly("b.bin");
  }

  @Test
  void saysWhatToDoWhenThereIsNoConnection() {
    URI url = server.url("a.bin");
    server.close();
    assertThatThrownBy(() -> fetch(file(), url))
        .isInstanceOf(DownloadException.class)
        .hasMessage(
            "%s: there is no connection; try again later, ".formatted(url)
                + OTHERWISE.formatted(local));
  }

  private boolean fetch(RemoteFile file) {
    return fetch(file, server.url("a.bin"));
  }

  private boolean fetch(RemoteFile file, URI url) {
    return download.fetch(file, url, local, (name, done, total) -> progress.add(done));
  }

  private void failsWith(String problem) {
    assertThatThrownBy(() -> fetch(file()))
        .isInstanceOf(DownloadException.class)
        .hasMessage("%s: %s".formatted(server.url("a.bin"), problem) + OTHERWISE.formatted(local));
  }

  private void givesUp() {
    assertThatThrownBy(() -> fetch(file()))
        .isInstanceOf(DownloadException.class)
        .hasMessageMatching(
            Pattern.quote(server.url("a.bin").toString())
                + ": the connection was cut at [1-9]\\d* of \\d+ bytes; try again later, "
                + Pattern.quote(OTHERWISE.formatted(local)));
  }

  private void nothingElseIsLeft() throws IOException {
    try (var files = Files.list(local.getParent())) {
      assertThat(files).containsExactly(local);
    }
  }

  private RemoteFile file() {
    return new RemoteFile(
        "a.bin",
        server.url("a.bin"),
        OptionalLong.of(300_000),
        Optional.of(Checksum.md5(md5(content))),
        ArchiveKind.NONE);
  }

  private RemoteFile unchecked() {
    return new RemoteFile(
        "a.bin", server.url("a.bin"), OptionalLong.empty(), Optional.empty(), ArchiveKind.NONE);
  }

  private static String md5(byte[] bytes) {
    return Archives.digest("MD5", bytes);
  }
}
