package dev.leaven.runtime.internal.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the machine: devices, processor, libraries. */
class DeviceTest {

  @TempDir Path directory;

  @Test
  void every_machine_has_a_cpu() {
    assertThat(Device.all().get(0))
        .extracting(Device::name, Device::type)
        .containsExactly("/device:CPU:0", "CPU");
  }

  @Test
  void the_processor_is_read_from_its_description() throws Exception {
    Path description =
        Files.writeString(
            directory.resolve("cpuinfo"),
            "processor\t: 0\nmodel name\t: A processor\nflags\t\t: fpu avx avx2 avx512f amx_bf16 fma\n");

    assertThat(Processor.of(description, 4))
        .isEqualTo(
            new Processor("A processor", 4, List.of("AVX", "AVX2", "FMA", "AVX-512", "AMX BF16")));
    Path arm =
        Files.writeString(directory.resolve("arm"), "processor : 0\nFeatures : fp asimd bf16\n");
    assertThat(Processor.of(arm, 8)).isEqualTo(new Processor("", 8, List.of("NEON", "BF16")));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_library_is_found_as_the_system_finds_it() {
    Device.all();

    assertThat(GpuLibrary.opens("libc.so.6")).isTrue();
    assertThat(GpuLibrary.opens("libnowhere.so.99")).isFalse();
    assertThat(GpuLibrary.all())
        .extracting(GpuLibrary::name)
        .contains("libcudart.so.12", "libcudnn.so.9");
  }
}
