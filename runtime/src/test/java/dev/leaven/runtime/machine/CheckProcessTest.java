package dev.leaven.runtime.machine;

import static dev.leaven.runtime.graph.Precision.BFLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that end in every way, played by a shell: each writes down what it is asked, then does
 * what a script says for the first, the second and the later ones.
 */
@DisabledOnOs(OS.WINDOWS)
class CheckProcessTest {

  private static final String A = "MatMul,4x8,8x2,1,VALID";
  private static final String B = "MatMul,4x8,8x3,1,VALID";
  private static final String THE_B = "a matrix product of 4x8 and 8x3";
  private static final String DIES = "kill -SEGV $$";
  private static final String HANGS = "exec sleep 600";
  // Far longer than a shell takes.
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir Path folder;

  private static String says(String... parts) {
    return "printf '%s\\n' '" + MadeUpChecker.line(parts) + "'\n";
  }

  private static String right(String precision, String key) {
    return says("found", precision, key, "RIGHT", "", "");
  }

  private static String begins(String precision, String... keys) {
    return says("begin", precision, String.join(" ", keys));
  }

  private CheckProcess process(Duration timeout, String... scripts) throws IOException {
    StringBuilder all = new StringBuilder("number=$(ls | wc -l)\ncat > asked$number\n");
    all.append("echo $TF_ENABLE_ONEDNN_OPTS >> kernels\nnumber=$(ls asked* | wc -l)\n");
    all.append("case $number in\n");
    for (int i = 0; i < scripts.length; i++) {
      String pattern = i == scripts.length - 1 ? "*" : String.valueOf(i + 1);
      all.append(pattern).append(")\n").append(scripts[i]).append("\n;;\n");
    }
    all.append("esac\n");
    Path script = Files.writeString(folder.resolve("script"), all);
    String inFolder = "mkdir -p '%1$s/run'; cd '%1$s/run'; . '%2$s'".formatted(folder, script);
    return new CheckProcess(List.of("sh", "-c", inFolder), timeout);
  }

  private static CheckReply check(CheckProcess process) throws IOException {
    return process.check(Kernels.PLAIN, CheckRequest.ofMachine());
  }

  private CheckReply check(String... scripts) throws IOException {
    return check(process(LONG, scripts));
  }

  private List<CheckRequest> asked() throws IOException {
    try (var files = Files.list(folder.resolve("run"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("asked"))
          .sorted()
          .map(CheckProcessTest::read)
          .toList();
    }
  }

  private static CheckRequest read(Path file) {
    try {
      return TechniqueJson.read(Files.readString(file), CheckRequest.class);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void fails(String sentence, CheckProcess process) {
    assertThatThrownBy(() -> check(process)).isInstanceOf(IOException.class).hasMessage(sentence);
  }

  @Test
  void oneProcessIsEnoughWhereNothingHappens() throws IOException {
    CheckReply reply =
        check(
            "echo a line of TensorFlow\n"
                + begins("FLOAT32", A, B)
                + right("FLOAT32", A)
                + right("FLOAT32", B)
                + says("end"));
    assertThat(reply.complete()).isTrue();
    assertThat(reply.findings(FLOAT32)).containsOnlyKeys(A, B);
    assertThat(asked()).containsExactly(CheckRequest.ofMachine());
    assertThat(folder.resolve("run/kernels")).hasContent("0");
  }

  @Test
  void aLayerThatEndsTheProcessIsFoundAloneAndTheRestIsChecked() throws IOException {
    CheckReply reply =
        check(
            begins("FLOAT32", A, B) + DIES,
            begins("FLOAT32", A) + right("FLOAT32", A) + begins("FLOAT32", B) + DIES,
            begins("BFLOAT16", A) + right("BFLOAT16", A) + says("end"));
    assertThat(reply.worst(FLOAT32)).isEqualTo(new Finding(Finding.Kind.DIED, THE_B, ""));
    assertThat(reply.worst(FLOAT32).describe()).isEqualTo(THE_B + " ends the process");
    assertThat(reply.findings(FLOAT32)).containsOnlyKeys(A, B);
    assertThat(reply.findings(BFLOAT16)).containsOnlyKeys(A);
    assertThat(reply.complete()).isTrue();
    List<CheckRequest> asked = asked();
    assertThat(asked).extracting(CheckRequest::alone).containsExactly(false, true, true);
    assertThat(asked.get(1).precisions()).containsExactly(FLOAT32, BFLOAT16);
    assertThat(asked.get(2).precisions()).containsExactly(BFLOAT16);
    assertThat(asked.get(2).known()).contains("FLOAT32 " + A, "FLOAT32 " + B);
  }

  @Test
  void whatEndsTheProcessInBfloat16SaysNothingOfFloat32() throws IOException {
    CheckReply reply =
        check(right("FLOAT32", A) + begins("BFLOAT16", A, B) + right("BFLOAT16", A) + DIES);
    assertThat(reply.worst(FLOAT32)).isEqualTo(Finding.RIGHT);
    assertThat(reply.worst(BFLOAT16)).isEqualTo(new Finding(Finding.Kind.DIED, THE_B, ""));
    assertThat(reply.complete()).isFalse();
    assertThat(asked()).as("no precision is left").hasSize(1);
  }

  @Test
  void layersThatEndTheProcessTogetherOnlyAreNotTrusted() throws IOException {
    CheckReply reply =
        check(
            begins("FLOAT32", A, B) + DIES,
            begins("FLOAT32", A)
                + right("FLOAT32", A)
                + begins("FLOAT32", B)
                + right("FLOAT32", B)
                + says("end"));
    assertThat(reply.complete()).isTrue();
    assertThat(reply.worst(FLOAT32).describe())
        .isEqualTo("one of 2 layers from a matrix product of 4x8 and 8x2 on ends the process");
    assertThat(reply.worst(FLOAT32).allowsInference()).isFalse();
  }

  @Test
  void aLayerThatDoesNotFinish() throws IOException {
    CheckReply reply =
        check(
            process(
                SHORT,
                begins("FLOAT32", B) + HANGS,
                begins("BFLOAT16", A) + right("BFLOAT16", A) + says("end")));
    assertThat(reply.worst(FLOAT32)).isEqualTo(new Finding(Finding.Kind.TIMED_OUT, THE_B, ""));
    assertThat(reply.worst(FLOAT32).describe()).isEqualTo(THE_B + " does not finish");
    assertThat(reply.worst(BFLOAT16)).isEqualTo(Finding.RIGHT);
  }

  @Test
  void aLineThatIsCutOffIsNoFinding() throws IOException {
    CheckReply reply =
        check(
            begins("FLOAT32", B)
                + "printf '%s' '"
                + MadeUpChecker.line("found", "FLOAT32", B)
                + "'\n"
                + DIES,
            says("end"));
    assertThat(reply.worst(FLOAT32).kind()).isEqualTo(Finding.Kind.DIED);
  }

  @Test
  void givesUpWhereEveryProcessEndsInOtherLayers() throws IOException {
    fails(
        "the processes that check this machine end in many layers",
        process(LONG, begins("FLOAT32", A, B) + DIES));
    assertThat(asked()).hasSize(5);
  }

  @Test
  void aProcessThatSaysWhyItFails() throws IOException {
    fails(
        "the process for it failed: no jnitensorflow in java.library.path",
        process(LONG, says("error", "no jnitensorflow in java.library.path")));
  }

  @Test
  void aProcessThatEndsAtOnce() throws IOException {
    fails("the process for it ended before it computed anything", process(LONG, "exit 1"));
    fails("the process for it ended before it computed anything", process(LONG, DIES));
  }

  @Test
  void aProcessThatNeverBegins() throws IOException {
    fails("the process for it did not finish in 1 s", process(SHORT, HANGS));
  }

  @Test
  void aCommandThatDoesNotExist() {
    String missing = folder.resolve("java").toString();
    assertThatThrownBy(() -> check(new CheckProcess(List.of(missing), LONG)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(missing);
  }
}
