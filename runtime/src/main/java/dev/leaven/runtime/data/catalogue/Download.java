package dev.leaven.runtime.data.catalogue;

import dev.leaven.runtime.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads a file by http or https: goes on where an earlier attempt was cut off if the file is
 * still the same, tries again when the network fails, and hands over nothing that is not whole.
 */
final class Download {

  private static final Logger LOG = LoggerFactory.getLogger(Download.class);

  private static final int RETRIES = 3;
  private static final int BUFFER = 1 << 16;

  private final Duration pause;
  private final Duration patience;
  private @Nullable HttpClient client;

  /**
   * Makes a downloader.
   *
   * @param pause before the first retry; doubled before each further one
   * @param patience how long to wait for an answer, and for the next bytes
   */
  Download(Duration pause, Duration patience) {
    this.pause = pause;
    this.patience = patience;
  }

  /**
   * Brings a file to the disk, unless it is there.
   *
   * @param file what it must be
   * @param url where to get it
   * @param local where to put it; a file that lies there already is checked and used
   * @param listener hears how far it is
   * @return whether it was downloaded now
   * @throws DataException when the file that lies there is another one
   * @throws DownloadException when it cannot be downloaded, or is another one
   */
  boolean fetch(RemoteFile file, URI url, Path local, DownloadListener listener) {
    try {
      if (Files.isRegularFile(local)) {
        Optional<String> problem = file.problem(local);
        if (problem.isPresent()) {
          throw new DataException(
              "%s: %s; put the right file there or delete it".formatted(local, problem.get()));
        }
        return false;
      }
      Files.createDirectories(local.getParent());
      Partial partial = new Partial(local);
      transferPatiently(file, url, local, partial, listener);
      Optional<String> problem = file.problem(partial.path());
      if (problem.isPresent()) {
        partial.delete();
        throw new DownloadException(
            "%s: %s, and was removed; try again, %s"
                .formatted(url, problem.get(), otherwise(file, local)));
      }
      partial.finish();
      return true;
    } catch (IOException e) {
      throw DownloadException.unwritable(local, e);
    }
  }

  private void transferPatiently(
      RemoteFile file, URI url, Path local, Partial partial, DownloadListener listener) {
    for (int retry = 0; ; retry++) {
      try {
        transfer(file, url, local, partial, listener);
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DownloadException(
            "%s: the download was interrupted; start it again to go on".formatted(url), e);
      } catch (IOException e) {
        if (retry == RETRIES) {
          throw new DownloadException(
              "%s: %s; try again later, %s".formatted(url, reason(e), otherwise(file, local)), e);
        }
        LOG.info("{}: {}, trying again", url, reason(e));
        rest(pause.multipliedBy(1L << retry));
      }
    }
  }

  private void transfer(
      RemoteFile file, URI url, Path local, Partial partial, DownloadListener listener)
      throws IOException, InterruptedException {
    long have = partial.size(url);
    String mark = partial.mark();
    // Without a mark only the checksum could tell that the file has changed meanwhile.
    boolean resume = have > 0 && (mark != null || file.checksum().isPresent());
    HttpResponse<InputStream> response =
        client().send(request(url, resume ? have : 0, mark), BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      int status = response.statusCode();
      if (status == 206 && resume && begins(response, have)) {
        receive(file, in, partial, have, length(response), listener);
      } else if (status == 200) {
        partial.begin(url, response.headers());
        receive(file, in, partial, 0, length(response), listener);
      } else if (status == 206 || status == 416) {
        partial.delete();
        throw new IOException("the part on the disk does not fit");
      } else if (status == 408 || status == 429 || status >= 500) {
        throw new IOException("the server answers %d".formatted(status));
      } else {
        throw new DownloadException(
            "%s: the server answers %d; %s".formatted(url, status, otherwise(file, local)));
      }
    }
  }

  // Made late, for most data sets are there already and it takes a while to read certificates.
  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .connectTimeout(patience)
              .build();
    }
    return client;
  }

  private HttpRequest request(URI url, long from, @Nullable String mark) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(patience);
    if (from > 0) {
      request.header("Range", "bytes=%d-".formatted(from));
      if (mark != null) {
        request.header("If-Range", mark);
      }
    }
    return request.build();
  }

  private void receive(
      RemoteFile file,
      InputStream in,
      Partial partial,
      long have,
      long length,
      DownloadListener listener)
      throws IOException {
    long done = have;
    long total = length < 0 ? -1 : have + length;
    // More than expected is wrong anyway, and could fill the disk.
    long most = file.size().orElse(Long.MAX_VALUE);
    byte[] buffer = new byte[BUFFER];
    try (OutputStream out =
            Files.newOutputStream(
                partial.path(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Watch watch = new Watch(in, patience)) {
      listener.onBytes(file.fileName(), done, total);
      int count = read(in, buffer, done, total);
      while (count >= 0 && done <= most) {
        watch.heard();
        write(out, buffer, count, partial.path());
        done += count;
        listener.onBytes(file.fileName(), done, total);
        count = read(in, buffer, done, total);
      }
      // A server that gives no length ends in the same way when it is whole and when it is closed.
      if (watch.hasClosed() || done < Math.min(total, most)) {
        throw cut(done, total, null);
      }
    }
  }

  private static int read(InputStream in, byte[] buffer, long done, long total) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw cut(done, total, e);
    }
  }

  private static IOException cut(long done, long total, @Nullable IOException cause) {
    return new IOException(
        total < 0
            ? "the connection was cut at %d bytes".formatted(done)
            : "the connection was cut at %d of %d bytes".formatted(done, total),
        cause);
  }

  private static void write(OutputStream out, byte[] bytes, int count, Path part) {
    try {
      out.write(bytes, 0, count);
    } catch (IOException e) {
      throw DownloadException.unwritable(part, e);
    }
  }

  private static boolean begins(HttpResponse<?> response, long at) {
    return response
        .headers()
        .firstValue("Content-Range")
        .filter(range -> range.startsWith("bytes %d-".formatted(at)))
        .isPresent();
  }

  private static long length(HttpResponse<?> response) {
    return response.headers().firstValueAsLong("Content-Length").orElse(-1);
  }

  private static String reason(IOException e) {
    if (e instanceof HttpTimeoutException) {
      return "there is no answer";
    }
    if (e instanceof ConnectException) {
      return "there is no connection";
    }
    String message = e.getMessage();
    return message != null && message.startsWith("the ") ? message : "the connection was cut";
  }

  private static String otherwise(RemoteFile file, Path local) {
    return "put the file at %s, or set LEAVEN_MIRROR to the address of a folder with %s"
        .formatted(local, file.name());
  }

  private static void rest(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      // The next request sees it and says so.
      Thread.currentThread().interrupt();
    }
  }
}
