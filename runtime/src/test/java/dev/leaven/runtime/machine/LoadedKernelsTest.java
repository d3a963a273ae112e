package dev.leaven.runtime.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.TensorFlow;

/** In a process that has TensorFlow loaded, with kernels that a test only claims. */
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
}
