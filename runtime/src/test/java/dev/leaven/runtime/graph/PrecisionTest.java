package dev.leaven.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;

class PrecisionTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "fpu vme avx2 avx512f, false",
    "fpu avx512f avx512_bf16 avx512_fp16, true",
    "fpu amx_bf16 amx_tile, true",
    "fpu amx_bf16x, false"
  })
  void bfloat16IsFoundInTheProcessorsFlags(String flags, boolean expected) throws Exception {
    Path description = directory.resolve("cpuinfo");
    Files.writeString(description, "processor\t: 0\nmodel name\t: amx_bf16\nflags\t\t: " + flags);
    assertThat(Precision.processorHasBfloat16(description)).isEqualTo(expected);
  }

  @Test
  void withoutADescriptionItIsNotAssumed() {
    assertThat(Precision.processorHasBfloat16(directory.resolve("none"))).isFalse();
  }

  @Test
  void whatWasSaidStays() {
    assertThat(Precision.FLOAT32.here(224)).isEqualTo(Precision.FLOAT32);
    assertThat(Precision.BFLOAT16.here(16)).isEqualTo(Precision.BFLOAT16);
    assertThat(Precision.AUTO.here(224)).isNotEqualTo(Precision.AUTO);
  }

  @Test
  void tinyImagesStayInFloat32() {
    assertThat(Precision.AUTO.here(31)).isEqualTo(Precision.FLOAT32);
  }

  @Test
  void aSessionNeedsADecision() {
    try (Graph graph = new Graph()) {
      assertThatThrownBy(() -> Sessions.open(graph, Precision.AUTO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the precision must be decided first");
    }
  }
}
