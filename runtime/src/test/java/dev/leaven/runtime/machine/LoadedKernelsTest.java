package dev.leaven.runtime.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.TensorFlow;

/** In a process that has TensorFlow loaded, with kernels that a test only claims. */
@Tag("slow")
class LoadedKernelsTest {

  private final Optional<Kernels> ofProcess = Kernels.ofProcess();

  @BeforeEach
  void load() {
    assertThat(TensorFlow.version()).isNotBlank();
  }

  @AfterEach
  void restore() {
    ofProcess.ifPresent(Kernels::chosen);
  }

  private static Decision decided(Kernels kernels, Precision precision) {
    return new Decision(kernels, precision, "a layer is off by 46 %");
  }

  @Test
  void whatIsLoadedAsDecidedIsUsed() {
    for (Kernels kernels : Kernels.values()) {
      Kernels.chosen(kernels);
      Decision decision = decided(kernels, Precision.FLOAT32);
      assertThat(LoadedKernels.use(decision)).isSameAs(decision);
      assertThat(Kernels.ofProcess()).hasValue(kernels);
    }
  }

  @Test
  void plainKernelsDoForOneDnn() {
    Kernels.chosen(Kernels.PLAIN);
    assertThat(LoadedKernels.use(decided(Kernels.ONEDNN, Precision.BFLOAT16)).describe())
        .isEqualTo(
            "TensorFlow's plain kernels in float32: TensorFlow was loaded before with these; set"
                + " TF_ENABLE_ONEDNN_OPTS=1 in the environment for faster ones");
    assertThat(LoadedKernels.use(decided(Kernels.ONEDNN, Precision.FLOAT16)).precision())
        .isEqualTo(Precision.FLOAT16);
    assertThat(Kernels.ofProcess()).hasValue(Kernels.PLAIN);
  }

  @Test
  void oneDnnDoesNotDoForPlainKernels() {
    Kernels.chosen(Kernels.ONEDNN);
    assertThatThrownBy(() -> LoadedKernels.use(decided(Kernels.PLAIN, Precision.FLOAT32)))
        .isInstanceOf(MachineException.class)
        .hasMessage(
            "TensorFlow was loaded before with oneDNN's kernels, which cannot be used here: a layer"
                + " is off by 46 %; set TF_ENABLE_ONEDNN_OPTS=0 in the environment and start"
                + " again");
  }

  /** By what TensorFlow makes of a graph, not by what was asked for. Only x86 has both. */
  @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
  @ParameterizedTest
  @CsvSource({"ONEDNN, 0", "PLAIN, 1", ", 0", ", 1"})
  void areThoseThatTensorFlowIsLoadedWith(@Nullable String asked, String variable)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LoadedKernelsProgram.class.getName()));
    if (asked != null) {
      command.add(asked);
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put(Kernels.VARIABLE, variable);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    String expected = asked == null ? (variable.equals("1") ? "ONEDNN" : "PLAIN") : asked;
    assertThat(printed).isEqualTo("found " + expected + System.lineSeparator());
  }
}
