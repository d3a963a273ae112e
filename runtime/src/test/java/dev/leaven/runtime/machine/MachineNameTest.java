package dev.leaven.runtime.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.internal.tensorflow.Processor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineNameTest {

  private static final String HERE = MachineName.here(Map.of());

  @Test
  void isTheSameEachTime() {
    assertThat(MachineName.here(Map.of())).isEqualTo(HERE);
    assertThat(HERE.lines())
        .contains(
            "processor: " + Processor.here().name(),
            "system: %s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")))
        .allMatch(line -> line.matches("[a-z ]+: .*"))
        .anyMatch(line -> line.matches("check: \\d+"))
        .anyMatch(line -> line.matches("caches: (visible|hidden)"))
        .anyMatch(line -> line.matches("tensorflow: tensorflow-core-native-.*\\.jar"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ONEDNN_MAX_CPU_ISA",
        "DNNL_MAX_CPU_ISA",
        "TF_DISABLE_MKL",
        "NVIDIA_TF32_OVERRIDE",
        "CUDA_VISIBLE_DEVICES",
      })
  void changesWithASettingThatChoosesKernels(String setting) {
    String set = MachineName.here(Map.of(setting, "AVX2"));
    assertThat(set.lines()).contains(setting + ": AVX2");
    assertThat(set).isNotEqualTo(HERE);
    assertThat(MachineName.here(Map.of(setting, "AVX512_CORE"))).isNotEqualTo(set);
  }

  /** The check of oneDNN is run with the variable set, whatever the environment says. */
  @ParameterizedTest
  @ValueSource(
      strings = {"TF_ENABLE_ONEDNN_OPTS", "PATH", "LEAVEN_KERNELS", "TF_CPP_MIN_LOG_LEVEL"})
  void doesNotChangeWithOtherVariables(String name) {
    assertThat(MachineName.here(Map.of(name, "1"))).isEqualTo(HERE);
  }

  @Test
  void doesNotDependOnTheOrderOfSettings() {
    String both = "ONEDNN_MAX_CPU_ISA: AVX2\nONEDNN_VERBOSE: 1\n";
    assertThat(MachineName.here(Map.of("ONEDNN_VERBOSE", "1", "ONEDNN_MAX_CPU_ISA", "AVX2")))
        .contains(both);
  }

  @Test
  void theChecksumIsThatOfZip() {
    // The check value that CRC-32 is defined with.
    assertThat(MachineName.checksum("123456789")).isEqualTo(0xCBF43926L);
  }
}
