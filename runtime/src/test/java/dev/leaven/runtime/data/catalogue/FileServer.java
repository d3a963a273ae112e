package dev.leaven.runtime.data.catalogue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server on this machine that can be told to behave as badly as real ones. */
final class FileServer implements AutoCloseable {

  /** Path, range and condition of every request, in order. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** Whether it honours ranges. */
  volatile boolean ranges = true;

  /** The version that it says its files are of, or null to say nothing. */
  volatile String etag = "\"one\"";

  /** After how many bytes of a body it cuts the connection, this many times. */
  volatile int cutAfter;

  volatile int cuts;

  /** How often it answers 503 before it answers anything else. */
  volatile int busy;

  /** Whether it stops in the middle of a body without a word, once. */
  volatile boolean stalls;

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  FileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  FileServer put(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), path));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(1);
    String range = exchange.getRequestHeaders().getFirst("Range");
    String condition = exchange.getRequestHeaders().getFirst("If-Range");
    requests.add(
        path + (range == null ? "" : " " + range) + (condition == null ? "" : " if " + condition));
    byte[] content = files.get(path);
    if (busy > 0 || content == null) {
      exchange.sendResponseHeaders(busy-- > 0 ? 503 : 404, -1);
      exchange.close();
      return;
    }
    if (etag != null) {
      exchange.getResponseHeaders().set("ETag", etag);
    }
    int from = 0;
    if (ranges && range != null && (condition == null || condition.equals(etag))) {
      from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      if (from >= content.length) {
        exchange.sendResponseHeaders(416, -1);
        exchange.close();
        return;
      }
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    send(exchange, content, from);
  }

  private void send(HttpExchange exchange, byte[] content, int from) throws IOException {
    OutputStream body = exchange.getResponseBody();
    if (stalls || cuts > 0) {
      body.write(content, from, Math.min(cutAfter, content.length - from));
      body.flush();
      long millis = stalls ? 60_000 : 50;
      stalls = false;
      pause(millis);
      cuts--;
    } else {
      body.write(content, from, content.length - from);
    }
    exchange.close();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
