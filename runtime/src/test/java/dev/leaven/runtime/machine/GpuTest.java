package dev.leaven.runtime.machine;

import static dev.leaven.runtime.graph.Precision.AUTO;
import static dev.leaven.runtime.graph.Precision.BFLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.train.TinyNet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is decided on a GPU, from a verdict that was kept: a check needs the GPU itself. */
@ExtendWith(Unforced.class)
class GpuTest {

  private static final Finding WRONG = new Finding(Finding.Kind.WRONG, "a layer", "46 %");

  @TempDir Path home;

  private Decision decision(Gpu gpu, Finding float32, Finding bfloat16, Precision asked) {
    MadeUpChecker none = MadeUpChecker.none();
    Machine machine = new Machine(none, home, Map.of());
    KnownMachine.of(
            new Verdict(
                MachineName.here(Map.of()),
                "2026-11-30T20:06:33Z",
                9.5,
                float32,
                bfloat16,
                OptionalDouble.of(1.2),
                Optional.of(gpu)))
        .write(machine.file());
    Decision decision = machine.decide(new Workload(new TinyNet(4), 3, 10, List.of(24), asked));
    assertThat(none.asked()).isEmpty();
    return decision;
  }

  @ParameterizedTest
  @CsvSource({
    "9, 0, BFLOAT16",
    "8, 0, BFLOAT16",
    "7, 5, FLOAT16",
    "7, 0, FLOAT16",
    "6, 1, FLOAT32",
    "5, 2, FLOAT32",
  })
  void choosesTheFastestPrecisionItHas(int major, int minor, Precision precision) {
    Gpu gpu = new Gpu("NVIDIA T", major, minor);
    assertThat(gpu.precision()).isEqualTo(precision);
    Decision decision = decision(gpu, Finding.RIGHT, Finding.RIGHT, AUTO);
    assertThat(decision.precision()).isEqualTo(precision);
    assertThat(decision.reason())
        .isEqualTo("on NVIDIA T (compute capability %d.%d)".formatted(major, minor));
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32", "FLOAT16", "BFLOAT16"})
  void doesWhatTheRecipeAsksFor(Precision asked) {
    Gpu gpu = new Gpu("NVIDIA A100", 8, 0);
    assertThat(decision(gpu, Finding.RIGHT, Finding.RIGHT, asked).precision()).isEqualTo(asked);
  }

  @Test
  void usesFloat32WhereBfloat16IsWrong() {
    Gpu gpu = new Gpu("NVIDIA A100", 8, 0);
    for (Precision asked : List.of(AUTO, BFLOAT16)) {
      Decision decision = decision(gpu, Finding.RIGHT, WRONG, asked);
      assertThat(decision.precision()).isEqualTo(FLOAT32);
      assertThat(decision.reason())
          .isEqualTo("in bfloat16, a layer is off by 46 % on NVIDIA A100 (compute capability 8.0)");
    }
    assertThat(decision(gpu, Finding.RIGHT, WRONG, FLOAT16).precision()).isEqualTo(FLOAT16);
    assertThat(decision(new Gpu("NVIDIA T4", 7, 5), Finding.RIGHT, WRONG, AUTO).precision())
        .isEqualTo(FLOAT16);
  }

  @Test
  void usesFloat32WhereBfloat16WasNotChecked() {
    Finding unchecked = Finding.unchecked("no layer was checked, because it is not faster");
    assertThat(decision(new Gpu("NVIDIA A100", 8, 0), Finding.RIGHT, unchecked, AUTO).reason())
        .isEqualTo(
            "in bfloat16, no layer was checked, because it is not faster on NVIDIA A100 (compute"
                + " capability 8.0)");
  }

  @ParameterizedTest
  @CsvSource({"AUTO", "FLOAT32", "BFLOAT16"})
  void isNotUsedWhereFloat32IsWrong(Precision asked) {
    assertThatThrownBy(() -> decision(new Gpu("NVIDIA A100", 8, 0), WRONG, Finding.RIGHT, asked))
        .isInstanceOf(MachineException.class)
        .hasMessage(
            "NVIDIA A100 (compute capability 8.0) computes incorrectly: a layer is off by 46 %;"
                + " update its driver, or hide it with CUDA_VISIBLE_DEVICES=-1");
  }
}
