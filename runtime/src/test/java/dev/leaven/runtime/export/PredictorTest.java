package dev.leaven.runtime.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class PredictorTest {

  @TempDir static Path folder;

  private static Path model;
  private static List<Path> files;
  private static Predictor predictor;

  @TempDir Path own;

  @BeforeAll
  static void export() throws IOException {
    files = Photographs.files(folder.resolve("files"));
    model =
        Export.of(
                Photographs.train(
                    Photographs.plan(Photographs.data(folder.resolve("images"))),
                    folder.resolve("run")))
            .to(folder.resolve("model"));
    predictor = Predictor.load(model);
  }

  @AfterAll
  static void close() {
    predictor.close();
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> predictor.predict(file))
        .isInstanceOf(ModelException.class)
        .hasMessage(file + " " + message);
  }

  @Test
  void whatIsNoImageIsNamed() throws IOException {
    byte[] jpeg = Files.readAllBytes(folder.resolve("files/odd5.jpg"));
    refused(own.resolve("none.jpg"), "does not exist");
    refused(own, "is a folder, not an image");
    refused(Files.writeString(own.resolve("text.jpg"), "cats are fine"), "is text");
    refused(Files.writeString(own.resolve("empty.png"), ""), "is empty");
    refused(Files.write(own.resolve("cut.jpg"), Arrays.copyOf(jpeg, 900)), "is cut off");
    byte[] text = "no image".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> predictor.predict(text)).hasMessage("the image is text");
    assertThatThrownBy(() -> predictor.predictBytes(List.of(jpeg, text)))
        .hasMessage("image 2 of 2 is text");
    assertThatThrownBy(() -> predictor.tta().predict(text)).hasMessage("the image is text");
    assertThatThrownBy(() -> predictor.embedding(text)).hasMessage("the image is text");
  }

  @Test
  void anEmptyListIsRefused() {
    String message = "predict: there are no images; give at least one";
    assertThatThrownBy(() -> predictor.predictFiles(List.of())).hasMessage(message);
    assertThatThrownBy(() -> predictor.predictBytes(List.of())).hasMessage(message);
    assertThatThrownBy(() -> predictor.predictImages(List.of())).hasMessage(message);
  }

  @Test
  void theHighestComeFirst() {
    Prediction three =
        new Prediction(Task.CLASSIFICATION, List.of("a", "b", "c"), List.of(0.2f, 0.6f, 0.2f));
    assertThat(three.top().name()).isEqualTo("b");
    assertThat(three.top(3)).extracting(Prediction.Answer::name).containsExactly("b", "a", "c");
    assertThat(three.of("c")).isEqualTo(0.2, within(1e-7));
    assertThatThrownBy(() -> three.top(10_000))
        .hasMessage("top: k must be between 1 and 3, but is 10000");
    assertThatThrownBy(() -> three.of("d"))
        .hasMessage("the model knows no 'd'; it knows [a, b, c]");
    Prediction numbers = new Prediction(Task.REGRESSION, List.of("x", "y"), List.of(-3f, 2f));
    assertThat(numbers.top(2)).extracting(Prediction.Answer::name).containsExactly("x", "y");

    int many = 10_000;
    Prediction wide =
        new Prediction(
            Task.CLASSIFICATION,
            IntStream.range(0, many).mapToObj(i -> "class " + i).toList(),
            IntStream.range(0, many).mapToObj(i -> (float) (i * 7919 % many) / many).toList());
    assertThat(wide.top(many)).isSortedAccordingTo((a, b) -> Double.compare(b.value(), a.value()));
  }

  @Test
  void threadsGetTheirOwnAnswers() throws Exception {
    List<Prediction> expected = predictor.predictFiles(files);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Prediction>> calls = new ArrayList<>();
      for (int i = 0; i < 160; i++) {
        Path file = files.get(i % files.size());
        calls.add(() -> predictor.predict(file));
      }
      List<Future<Prediction>> answers = threads.invokeAll(calls);
      for (int i = 0; i < answers.size(); i++) {
        // Sums of another order within a batch of another size.
        assertThat(answers.get(i).get().values().get(0))
            .isCloseTo(expected.get(i % files.size()).values().get(0), within(1e-6f));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aClosedPredictorSaysSo() {
    Predictor other = Predictor.load(model);
    other.predict(files.get(0));
    other.tta().close();
    other.close();
    assertThatThrownBy(() -> other.predict(files.get(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the predictor is closed");
    assertThatThrownBy(() -> other.predictFiles(files)).hasMessage("the predictor is closed");
  }

  @Test
  void theBatchHasARange() {
    assertThatThrownBy(() -> Predictor.load(model, 0))
        .hasMessage("predictor: batch must be between 1 and 1024, but is 0");
    try (Predictor one = Predictor.load(model, 1)) {
      List<Prediction> together = predictor.predictFiles(files);
      List<Prediction> single = one.predictFiles(files);
      for (int i = 0; i < files.size(); i++) {
        assertThat(single.get(i).values().get(0))
            .isCloseTo(together.get(i).values().get(0), within(1e-6f));
      }
    }
  }

  /** Tensors that are not closed stay outside of the heap. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryStaysFlat() throws IOException {
    byte[] jpeg = Files.readAllBytes(folder.resolve("files/odd5.jpg"));
    byte[] large = Arrays.copyOf(jpeg, 1 << 20); // zeros behind the end are ignored
    for (int i = 0; i < 100; i++) {
      predictor.predict(large);
    }
    long before = resident();
    for (int i = 0; i < 300; i++) {
      predictor.predict(large);
    }
    // A leak of what is fed alone would be 300 MiB; the heap may grow by its garbage.
    assertThat(resident() - before).isLessThan(150_000);
  }

  private static long resident() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(text -> text.startsWith("VmRSS")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }
}
