package dev.leaven.runtime.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leaven.runtime.export.Export;
import dev.leaven.runtime.export.ModelException;
import dev.leaven.runtime.export.Predictor;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.Trainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionServerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static Predictor predictor;
  private static PredictionServer server;

  @BeforeAll
  static void start() {
    Plan plan = Runs.plan();
    Trainer.train(
        plan,
        plan.data().source().load(plan.seed()),
        folder.resolve("run"),
        new TrainingListener() {});
    predictor = Predictor.load(Export.of(folder.resolve("run")).to(folder.resolve("model")));
    server = Serving.usual().port(0).request(100_000, 3).start(predictor);
  }

  @AfterAll
  static void stop() {
    server.close();
    predictor.close();
  }

  // A client of its own: the server closes a connection that is idle for half a minute, and a
  // client
  // that keeps it may be just about to use it.
  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  private static byte[] image(String name) throws IOException {
    try (InputStream in =
        PredictionServerTest.class.getResourceAsStream("/dev/leaven/runtime/data/images/" + name)) {
      return in.readAllBytes();
    }
  }

  private static HttpResponse<String> get(String path) throws Exception {
    URI address = server.address().resolve(path);
    return send(HttpRequest.newBuilder(address).build());
  }

  private static HttpRequest.Builder request(String path, BodyPublisher body) {
    return HttpRequest.newBuilder(server.address().resolve(path)).POST(body);
  }

  private static HttpResponse<String> post(String path, byte[] body) throws Exception {
    return send(request(path, BodyPublishers.ofByteArray(body)).build());
  }

  /** A form as browsers and curl send it. */
  private static HttpResponse<String> form(Object... namesAndContents) throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      String head =
          "--x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
              .formatted(namesAndContents[i]);
      body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
      body.writeBytes((byte[]) namesAndContents[i + 1]);
      body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    body.writeBytes("--x1--\r\n".getBytes(StandardCharsets.UTF_8));
    return send(
        request("predict", BodyPublishers.ofByteArray(body.toByteArray()))
            .header("Content-Type", "multipart/form-data; boundary=x1")
            .build());
  }

  private static void refused(HttpResponse<String> response, int status, String error)
      throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(JSON.readTree(response.body()).path("error").asText()).isEqualTo(error);
  }

  @Test
  void anImageIsAnswered() throws Exception {
    byte[] png = image("colour.png");
    HttpResponse<String> response = post("predict", png);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode answer = JSON.readTree(response.body()).path("predictions").path(0);
    assertThat(answer.path("label").asText()).isEqualTo(predictor.predict(png).top().name());
    assertThat(answer.path("probability").asText())
        .isEqualTo("" + (float) predictor.predict(png).top().value());
    assertThat(answer.path("top")).hasSize(2);
    assertThat(JSON.readTree(post("predict?top=1", png).body()).findValue("top")).hasSize(1);
    assertThat(JSON.readTree(post("predict?tta=true", png).body()).findValue("probability"))
        .isNotEqualTo(answer.path("probability"));
  }

  @Test
  void aFormMayHaveSeveralImages() throws Exception {
    byte[] text = "no image".getBytes(StandardCharsets.UTF_8);
    JsonNode answers =
        JSON.readTree(form("a.png", image("colour.png"), "été.txt", text).body())
            .path("predictions");
    assertThat(answers).hasSize(2);
    assertThat(answers.path(0).path("name").asText()).isEqualTo("a.png");
    assertThat(answers.path(0).has("label")).isTrue();
    assertThat(answers.path(1).path("error").asText()).isEqualTo("the image is text");
    assertThat(form("a", text, "b", text).statusCode()).isEqualTo(400);
    refused(form("a", text), 400, "the image is text");
    refused(form("a", new byte[0]), 400, "the request has no images; send at least one");
  }

  @Test
  void whatIsTooMuchIsRefused() throws Exception {
    byte[] gif = image("palette.gif");
    refused(
        form("a", gif, "b", gif, "c", gif, "d", gif),
        413,
        "the request has 4 images, more than the 3 that are taken at a time");
    String tooLarge = "the request is larger than the 100,000 bytes that are taken";
    refused(post("predict", new byte[100_001]), 413, tooLarge);
    // Without saying how long it is.
    HttpRequest unmeasured =
        request(
                "predict",
                BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(new byte[150_000])))
            .build();
    refused(send(unmeasured), 413, tooLarge);
    refused(
        post("predict?top=10000", gif),
        400,
        "top must be between 1 and 2, the model's classes, but is 10000");
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    refused(post("predict", new byte[0]), 400, "the request is empty; send the bytes of an image");
    refused(post("predict", "cats".getBytes(StandardCharsets.UTF_8)), 400, "the image is text");
    byte[] png = image("colour.png");
    refused(post("predict?tpo=3", png), 400, "there is no parameter 'tpo'; there are top and tta");
    refused(post("predict?top=1&x", png), 400, "there is no parameter 'x'; there are top and tta");
    refused(post("predict?tta=yes", png), 400, "tta must be true or false, but is 'yes'");
    refused(get("predict"), 405, "/predict is for POST");
    refused(post("health", new byte[1]), 405, "/health is for GET");
    refused(
        get("etc/passwd"),
        404,
        "there is no /etc/passwd here; POST /predict, GET /model, GET /health and GET / are");
    HttpRequest.Builder form = request("predict", BodyPublishers.ofString("--y\r\nbroken"));
    refused(
        send(form.header("Content-Type", "multipart/form-data; boundary=y").build()),
        400,
        "the multipart/form-data is cut off");
  }

  @Test
  void itTellsOfItself() throws Exception {
    assertThat(JSON.readTree(get("health").body()).path("status").asText()).isEqualTo("ok");
    JsonNode model = JSON.readTree(get("model").body());
    assertThat(model.path("labels")).extracting(JsonNode::asText).contains("across", "upright");
    HttpResponse<String> page = get("");
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'");
    // Nothing is loaded from elsewhere.
    assertThat(page.body()).contains("Drop pictures here").doesNotContain("http://", "https://");
  }

  @Test
  void tooManyAtATimeAreSentAway() throws Exception {
    byte[] jpeg = image("colour.jpg");
    HttpClient client = HttpClient.newHttpClient();
    try (PredictionServer busy = Serving.usual().port(0).load(1000, 1).start(predictor)) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(
            client.sendAsync(
                HttpRequest.newBuilder(busy.address().resolve("predict"))
                    .POST(BodyPublishers.ofByteArray(jpeg))
                    .build(),
                BodyHandlers.ofString()));
      }
      List<Integer> said =
          answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode).toList();
      assertThat(said).contains(200, 429).containsOnly(200, 429);
      HttpResponse<String> refused =
          answers.stream()
              .map(CompletableFuture::join)
              .filter(answer -> answer.statusCode() == 429)
              .findFirst()
              .orElseThrow();
      refused(refused, 429, "more than 1 requests at a time; wait for an answer before the next");
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    }
  }

  @Test
  void aClosedPredictorIsUnavailable() throws Exception {
    Predictor closed = Predictor.load(folder.resolve("model"));
    try (PredictionServer other = Serving.usual().port(0).start(closed)) {
      closed.close();
      HttpResponse<String> response =
          send(
              HttpRequest.newBuilder(other.address().resolve("predict"))
                  .POST(BodyPublishers.ofByteArray(image("colour.png")))
                  .build());
      refused(response, 503, "the predictor is closed");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    int port = server.address().getPort();
    assertThatThrownBy(() -> Serving.usual().port(port).start(predictor))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            "serve: port %d of 127.0.0.1 cannot be listened on: ".formatted(port))
        .hasMessageEndingWith("; choose another with --port");
    assertThatThrownBy(() -> Serving.usual().port(70_000))
        .hasMessage("serve: port must be between 0 and 65535, but is 70000");
  }
}
