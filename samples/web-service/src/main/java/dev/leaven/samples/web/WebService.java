package dev.leaven.samples.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leaven.runtime.export.ModelException;
import dev.leaven.runtime.export.Prediction.Answer;
import dev.leaven.runtime.export.Predictor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers {@code POST /classify} with the most probable class of the picture that is sent. */
public final class WebService implements AutoCloseable {

  private static final int LARGEST = 16 << 20;
  private static final int THREADS = 8;

  private final Predictor predictor;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  /**
   * Begins to listen on this machine.
   *
   * @param model a model that was exported
   * @param port where to listen; 0 for any free port
   * @throws IOException when the port is taken
   */
  public WebService(Path model, int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    predictor = Predictor.load(model);
    server.createContext("/classify", this::classify);
    server.setExecutor(threads);
    server.start();
  }

  /**
   * The port that it listens on.
   *
   * @return the port
   */
  public int port() {
    return server.getAddress().getPort();
  }

  // Threads share the predictor: their requests during one batch form the next batch.
  private void classify(HttpExchange exchange) throws IOException {
    byte[] picture = exchange.getRequestBody().readNBytes(LARGEST);
    try {
      Answer answer = predictor.predict(picture).top();
      respond(exchange, 200, "%s %.4f%n".formatted(answer.name(), answer.value()));
    } catch (ModelException e) {
      respond(exchange, 400, e.getMessage() + "\n");
    }
  }

  private static void respond(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Waits up to a second for open requests, and ends. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
    predictor.close();
  }

  /**
   * Serves until it is stopped.
   *
   * @param arguments the model's directory, and a port
   * @throws IOException when the port is taken
   */
  @SuppressWarnings("resource") // it ends with the process
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2) {
      System.err.println("usage: WebService MODEL PORT");
      System.exit(2);
    }
    WebService service = new WebService(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.println("listening on port " + service.port());
  }
}
