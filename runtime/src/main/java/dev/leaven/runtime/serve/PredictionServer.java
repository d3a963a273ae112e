package dev.leaven.runtime.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leaven.runtime.Task;
import dev.leaven.runtime.export.ModelInfo;
import dev.leaven.runtime.export.Prediction;
import dev.leaven.runtime.export.Predictor;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A predictor over HTTP.
 *
 * <ul>
 *   <li>{@code POST /predict}: the bytes of an image, or several as {@code multipart/form-data};
 *       {@code ?top=3} requests three classes, {@code ?tta=true} test-time augmentation.
 *   <li>{@code GET /model}: the model's metadata.
 *   <li>{@code GET /health}: whether the server responds.
 *   <li>{@code GET /}: a page to drop a picture on.
 * </ul>
 *
 * <p>Responses are JSON, and so are errors: {@code {"error": "the image is text"}} with status 400
 * for a bad request or image, 413 for too large a request, 429 for too many of one client, 503 for
 * too many in total.
 */
public final class PredictionServer implements AutoCloseable {

  // The JDK's server reads these once. Headers and body are two packets: without the first setting
  // a client waits 40 ms for the second packet. The time limit of a response includes the time in
  // which the model computes it: after it the connection is closed without a message.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "sun.net.httpserver.nodelay", "true",
          "sun.net.httpserver.maxReqTime", "120",
          "sun.net.httpserver.maxRspTime", "1200");

  private static final int THREADS = 32;
  private static final int BODIES = 16;
  private static final int USUAL_TOP = 5;
  private static final List<String> PARAMETERS = List.of("top", "tta");
  private static final int LAST_SECONDS = 5;
  private static final int DRAINED = 1 << 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Serving serving;
  private final Predictor predictor;
  private final HttpServer server;
  private final ExecutorService threads;
  private final Semaphore bodies = new Semaphore(BODIES);
  private final Map<InetAddress, Integer> clients = new ConcurrentHashMap<>();
  private final byte[] page;

  /** The handler of a path. */
  private interface Action {
    void answer(HttpExchange exchange) throws IOException, Refusal;
  }

  PredictionServer(Serving serving, Predictor predictor, InetSocketAddress address)
      throws IOException {
    SETTINGS.forEach(
        (key, value) -> {
          if (System.getProperty(key) == null) {
            System.setProperty(key, value);
          }
        });
    this.serving = serving;
    this.predictor = predictor;
    try (InputStream in =
        Objects.requireNonNull(PredictionServer.class.getResourceAsStream("page.html"))) {
      page = in.readAllBytes();
    }
    server = HttpServer.create(address, 0);
    threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "leaven-server");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, this::route));
    server.start();
  }

  /**
   * The address of the server.
   *
   * @return for instance {@code http://127.0.0.1:8080/}
   */
  public URI address() {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().getHostAddress();
    return URI.create(
        "http://%s:%d/".formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort()));
  }

  private void handle(HttpExchange exchange, Action action) {
    try {
      action.answer(exchange);
    } catch (Refusal refusal) {
      refuse(exchange, refusal);
    } catch (IOException e) {
      LoggerFactory.getLogger(PredictionServer.class).debug("the client went away", e);
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(PredictionServer.class).error("a request failed", e);
      refuse(exchange, new Refusal(500, "the server failed: " + e.getMessage()));
    } finally {
      exchange.close();
    }
  }

  private void refuse(HttpExchange exchange, Refusal refusal) {
    try {
      if (refusal.status() == 429 || refusal.status() == 503) {
        exchange.getResponseHeaders().set("Retry-After", "1");
      }
      json(exchange, refusal.status(), Map.of("error", refusal.getMessage()));
      // A client that is still sending would not read the response. The stream's own skip()
      // continues beyond the request's end and waits for another one.
      drain(exchange.getRequestBody(), serving.largestRequest());
    } catch (IOException e) {
      LoggerFactory.getLogger(PredictionServer.class).debug("the client went away", e);
    }
  }

  private static void drain(InputStream request, long most) throws IOException {
    byte[] some = new byte[DRAINED];
    long left = most;
    int read = 0;
    while (left > 0 && read >= 0) {
      read = request.read(some, 0, (int) Math.min(left, some.length));
      left -= read;
    }
  }

  private void route(HttpExchange exchange) throws IOException, Refusal {
    switch (exchange.getRequestURI().getPath()) {
      case "/" -> {
        require(exchange, "GET");
        send(exchange, 200, "text/html; charset=utf-8", page);
      }
      case "/health" -> {
        require(exchange, "GET");
        json(exchange, 200, Map.of("status", "ok", "waiting", predictor.pending()));
      }
      case "/model" -> {
        require(exchange, "GET");
        json(exchange, 200, model());
      }
      case "/predict" -> {
        require(exchange, "POST");
        predict(exchange);
      }
      default ->
          throw new Refusal(
              404,
              "there is no %s here; POST /predict, GET /model, GET /health and GET / are"
                  .formatted(exchange.getRequestURI().getPath()));
    }
  }

  private static void require(HttpExchange exchange, String method) throws Refusal {
    String said = exchange.getRequestMethod();
    if (!said.equals(method) && !(method.equals("GET") && said.equals("HEAD"))) {
      exchange.getResponseHeaders().set("Allow", method);
      throw new Refusal(405, "%s is for %s".formatted(exchange.getRequestURI().getPath(), method));
    }
  }

  private Map<String, Object> model() {
    ModelInfo info = predictor.model();
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("architecture", info.architecture());
    model.put("task", info.task());
    model.put("size", info.size());
    model.put("channels", info.channels());
    model.put("labels", info.classNames());
    model.put("views", info.views());
    model.put("largestRequest", serving.largestRequest());
    model.put("mostImages", serving.mostImages());
    return model;
  }

  private void predict(HttpExchange exchange) throws IOException, Refusal {
    InetAddress client = exchange.getRemoteAddress().getAddress();
    try {
      if (clients.merge(client, 1, Integer::sum) > serving.mostOfClient()) {
        throw new Refusal(
            429,
            "more than %d requests at a time; wait for an answer before the next"
                .formatted(serving.mostOfClient()));
      }
      if (predictor.pending() >= serving.mostWaiting() || !bodies.tryAcquire()) {
        throw new Refusal(503, "too many images are waiting; try again");
      }
      try {
        answer(exchange);
      } finally {
        bodies.release();
      }
    } finally {
      clients.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  private void answer(HttpExchange exchange) throws IOException, Refusal {
    Map<String, String> query = query(exchange.getRequestURI());
    int top = top(query.get("top"));
    boolean tta = tta(query.getOrDefault("tta", "false"));
    List<Multipart.Part> images = images(exchange);
    Predictor asked = tta ? predictor.tta() : predictor;
    List<CompletableFuture<Prediction>> answers =
        images.stream().map(image -> submit(asked, image)).toList();
    List<Map<String, Object>> predictions = new ArrayList<>();
    int bad = 0;
    for (int i = 0; i < images.size(); i++) {
      Map<String, Object> prediction = new LinkedHashMap<>();
      prediction.put("name", images.get(i).name());
      try {
        prediction.putAll(said(answers.get(i).join(), top));
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof IllegalArgumentException)) {
          throw new Refusal(
              e.getCause() instanceof IllegalStateException ? 503 : 500,
              String.valueOf(e.getCause().getMessage()));
        }
        prediction.put("error", e.getCause().getMessage());
        bad++;
      }
      predictions.add(prediction);
    }
    if (bad == images.size() && bad == 1) {
      throw new Refusal(400, (String) predictions.get(0).get("error"));
    }
    json(exchange, bad == images.size() ? 400 : 200, Map.of("predictions", predictions));
  }

  private static CompletableFuture<Prediction> submit(Predictor asked, Multipart.Part image) {
    try {
      return asked.submit(image.content());
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Map<String, Object> said(Prediction prediction, int top) {
    String kind = prediction.task() == Task.REGRESSION ? "value" : "probability";
    List<Map<String, Object>> answers =
        prediction.top(top).stream().map(answer -> named(answer, kind)).toList();
    Map<String, Object> said = new LinkedHashMap<>();
    if (prediction.task() != Task.REGRESSION) {
      said.putAll(answers.get(0));
    }
    said.put("top", answers);
    return said;
  }

  private static Map<String, Object> named(Prediction.Answer answer, String kind) {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("label", answer.name());
    // The model's own float, so that no digits are added.
    named.put(kind, (float) answer.value());
    return named;
  }

  private int top(@Nullable String said) throws Refusal {
    int classes = predictor.model().classNames().size();
    if (said == null) {
      return predictor.model().task() == Task.REGRESSION ? classes : Math.min(USUAL_TOP, classes);
    }
    if (!said.matches("\\d{1,9}")
        || Integer.parseInt(said) < 1
        || Integer.parseInt(said) > classes) {
      throw new Refusal(
          400,
          "top must be between 1 and %d, the model's classes, but is %s".formatted(classes, said));
    }
    return Integer.parseInt(said);
  }

  private static boolean tta(String said) throws Refusal {
    if (!said.equals("true") && !said.equals("false")) {
      throw new Refusal(400, "tta must be true or false, but is '%s'".formatted(said));
    }
    return said.equals("true");
  }

  private static Map<String, String> query(URI uri) throws Refusal {
    Map<String, String> query = new LinkedHashMap<>();
    if (uri.getQuery() == null) {
      return query;
    }
    for (String pair : uri.getQuery().split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!PARAMETERS.contains(name)) {
        throw new Refusal(
            400,
            "there is no parameter '%s'; there are %s"
                .formatted(name, String.join(" and ", PARAMETERS)));
      }
      query.put(name, equals < 0 ? "" : pair.substring(equals + 1));
    }
    return query;
  }

  private List<Multipart.Part> images(HttpExchange exchange) throws IOException, Refusal {
    Headers headers = exchange.getRequestHeaders();
    String length = headers.getFirst("Content-Length");
    if (length != null && Long.parseLong(length) > serving.largestRequest()) {
      throw tooLarge();
    }
    byte[] body = exchange.getRequestBody().readNBytes(serving.largestRequest() + 1);
    if (body.length > serving.largestRequest()) {
      throw tooLarge();
    }
    if (body.length == 0) {
      throw new Refusal(400, "the request is empty; send the bytes of an image");
    }
    String type = headers.getFirst("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      return List.of(new Multipart.Part("image", body));
    }
    List<Multipart.Part> parts;
    try {
      parts = Multipart.parts(type, body);
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, e.getMessage());
    }
    if (parts.isEmpty()) {
      throw new Refusal(400, "the request has no images; send at least one");
    }
    if (parts.size() > serving.mostImages()) {
      throw new Refusal(
          413,
          "the request has %d images, more than the %d that are taken at a time"
              .formatted(parts.size(), serving.mostImages()));
    }
    return parts;
  }

  private Refusal tooLarge() {
    return new Refusal(
        413,
        String.format(
            Locale.ROOT,
            "the request is larger than the %,d bytes that are taken",
            serving.largestRequest()));
  }

  private static void json(HttpExchange exchange, int status, Object value) throws IOException {
    send(exchange, status, "application/json", JSON.writeValueAsBytes(value));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] content)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", "no-store");
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
            + " img-src blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, content.length);
    exchange.getResponseBody().write(content);
    exchange.getResponseBody().flush();
  }

  /** Accepts no more requests, and waits up to five seconds for the current ones. */
  @Override
  public void close() {
    server.stop(clients.isEmpty() ? 0 : LAST_SECONDS);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
