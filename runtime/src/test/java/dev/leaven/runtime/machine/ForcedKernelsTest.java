package dev.leaven.runtime.machine;

import static dev.leaven.runtime.graph.Precision.AUTO;
import static dev.leaven.runtime.graph.Precision.BFLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.train.TinyNet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the environment decides before anything is checked. */
@ExtendWith(Unforced.class)
class ForcedKernelsTest {

  private final MadeUpChecker checker = MadeUpChecker.right();

  @TempDir Path home;

  private Machine machine(String name, String value) {
    return new Machine(checker, home, Map.of(name, value));
  }

  private Decision decision(String name, String value, Precision asked) {
    return machine(name, value).decide(new Workload(new TinyNet(4), 3, 10, List.of(64), asked));
  }

  @Test
  void oneDnnUnchecked() {
    assertThat(decision("LEAVEN_KERNELS", "onednn", AUTO).describe())
        .isEqualTo("oneDNN's kernels in float32: LEAVEN_KERNELS is onednn");
    assertThat(decision("LEAVEN_KERNELS", "onednn", BFLOAT16).describe())
        .isEqualTo("oneDNN's kernels in bfloat16: LEAVEN_KERNELS is onednn");
    assertThat(checker.asked()).isEmpty();
  }

  @Test
  void plainUnchecked() {
    assertThat(decision("LEAVEN_KERNELS", "plain", AUTO).describe())
        .isEqualTo("TensorFlow's plain kernels in float32: LEAVEN_KERNELS is plain");
    assertThat(decision("LEAVEN_KERNELS", "plain", BFLOAT16).precision())
        .isEqualTo(Precision.FLOAT32);
    assertThat(decision("LEAVEN_KERNELS", "plain", FLOAT16).precision()).isEqualTo(FLOAT16);
    assertThat(machine("LEAVEN_KERNELS", "plain").decide().kernels()).isEqualTo(Kernels.PLAIN);
    assertThat(checker.asked()).isEmpty();
  }

  @Test
  void thePropertyComesFirst() {
    System.setProperty("leaven.kernels", "plain");
    assertThat(decision("LEAVEN_KERNELS", "onednn", AUTO).kernels()).isEqualTo(Kernels.PLAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mkl", "PLAIN", "1"})
  void nothingElse(String value) {
    assertThatThrownBy(() -> decision("LEAVEN_KERNELS", value, AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("LEAVEN_KERNELS must be onednn or plain, but is " + value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "false"})
  void tensorFlowsOwnVariable(String value) {
    assertThat(decision("TF_ENABLE_ONEDNN_OPTS", value, AUTO).describe())
        .isEqualTo("TensorFlow's plain kernels in float32: TF_ENABLE_ONEDNN_OPTS is " + value);
    assertThat(machine("TF_ENABLE_ONEDNN_OPTS", value).decide().kernels()).isEqualTo(Kernels.PLAIN);
    assertThat(checker.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "", "2"})
  void doesNotSpareTheCheckByAskingForOneDnn(String value) {
    assertThat(decision("TF_ENABLE_ONEDNN_OPTS", value, AUTO).describe())
        .isEqualTo(
            "oneDNN's kernels in float32: checked on this machine; bfloat16 takes 1.8 times as"
                + " long");
    assertThat(checker.asked()).hasSize(1);
  }

  @Test
  void blankIsNotSet() {
    assertThat(decision("LEAVEN_KERNELS", " ", AUTO).kernels()).isEqualTo(Kernels.ONEDNN);
    assertThat(checker.asked()).hasSize(1);
  }
}
