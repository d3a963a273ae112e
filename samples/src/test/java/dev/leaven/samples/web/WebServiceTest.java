package dev.leaven.samples.web;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.dsl.Run;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.export.Prediction.Answer;
import dev.leaven.runtime.export.Predictor;
import dev.leaven.runtime.run.TrainingOptions;
import dev.leaven.samples.own.SmallNet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class WebServiceTest {

  @TempDir private Path directory;

  private Path model() throws IOException {
    for (String name : List.of("train/day", "train/night", "val/day", "val/night")) {
      Path folder = Files.createDirectories(directory.resolve("sky").resolve(name));
      for (int i = 0; i < 8; i++) {
        BufferedImage picture = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(i, 3, name.endsWith("day") ? 0xFFFFFF : 0x000040);
        ImageIO.write(picture, "png", folder.resolve(i + ".png").toFile());
      }
    }
    Run run =
        resize(16)
            .epochs(1)
            .model(new SmallNet(4))
            .train(
                ImageFolder.of(directory.resolve("sky")),
                directory.resolve("run"),
                TrainingOptions.usual());
    Path model = directory.resolve("models/1");
    run.export(model);
    return model;
  }

  private static HttpResponse<String> ask(WebService service, byte[] body)
      throws IOException, InterruptedException {
    URI place = URI.create("http://127.0.0.1:%d/classify".formatted(service.port()));
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(place).POST(BodyPublishers.ofByteArray(body)).build(),
            BodyHandlers.ofString());
  }

  @Test
  void answersWhatThePredictorSays() throws Exception {
    Path model = model();
    byte[] picture = Files.readAllBytes(directory.resolve("sky/val/day/0.png"));
    Answer expected;
    try (Predictor predictor = Predictor.load(model)) {
      expected = predictor.predict(picture).top();
    }
    try (WebService service = new WebService(model, 0)) {
      HttpResponse<String> answer = ask(service, picture);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("%s %.4f%n".formatted(expected.name(), expected.value()));

      HttpResponse<String> refusal = ask(service, "no picture".getBytes());
      assertThat(refusal.statusCode()).isEqualTo(400);
      assertThat(refusal.body()).isNotBlank();
    }
  }
}
