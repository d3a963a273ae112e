package dev.leaven.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelsTest {

  @ParameterizedTest
  @CsvSource({
    "1, ONEDNN",
    "true, ONEDNN",
    "TRUE, ONEDNN",
    "' 1 ', ONEDNN",
    "0, PLAIN",
    "false, PLAIN",
    "False, PLAIN",
  })
  void areWhatTensorFlowReads(String variable, Kernels kernels) {
    assertThat(Kernels.of(variable)).hasValue(kernels);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "2", "yes", "on", "onednn"})
  void anythingElseAsksForNone(String variable) {
    assertThat(Kernels.of(variable)).isEmpty();
  }

  @Test
  void anUnsetVariableAsksForNone() {
    assertThat(Kernels.of(null)).isEmpty();
  }

  @Test
  void areAskedForByTheirValue() {
    assertThat(Kernels.of(Kernels.ONEDNN.value())).hasValue(Kernels.ONEDNN);
    assertThat(Kernels.of(Kernels.PLAIN.value())).hasValue(Kernels.PLAIN);
    // What a GPU leaves to the CPU is computed by oneDNN.
    assertThat(Kernels.of(Kernels.CUDA.value())).hasValue(Kernels.ONEDNN);
  }

  @Test
  void ofTheProcessAreThoseThatWereChosen() {
    Optional<Kernels> before = Kernels.ofProcess();
    try {
      for (Kernels kernels : Kernels.values()) {
        Kernels.chosen(kernels);
        assertThat(Kernels.ofProcess()).hasValue(kernels);
      }
    } finally {
      before.ifPresent(Kernels::chosen);
    }
  }
}
