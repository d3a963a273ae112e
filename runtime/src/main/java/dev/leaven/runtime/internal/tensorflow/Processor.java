package dev.leaven.runtime.internal.tensorflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The processor, as the operating system describes it.
 *
 * @param name for instance {@code Intel(R) Xeon(R) Platinum 8481C}; empty where it is unknown
 * @param threads the number of hardware threads that this process may use
 * @param instructionSets those that make training faster, by their usual names; empty where they
 *     are unknown
 */
public record Processor(String name, int threads, List<String> instructionSets) {

  private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

  private static final Map<String, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put("sse4_2", "SSE4.2");
    NAMES.put("avx", "AVX");
    NAMES.put("avx2", "AVX2");
    NAMES.put("fma", "FMA");
    NAMES.put("avx512f", "AVX-512");
    NAMES.put("avx512_vnni", "AVX-512 VNNI");
    NAMES.put("avx512_bf16", "AVX-512 BF16");
    NAMES.put("avx512_fp16", "AVX-512 FP16");
    NAMES.put("amx_tile", "AMX");
    NAMES.put("amx_bf16", "AMX BF16");
    NAMES.put("amx_int8", "AMX INT8");
    NAMES.put("asimd", "NEON");
    NAMES.put("sve", "SVE");
    NAMES.put("bf16", "BF16");
  }

  /**
   * The processor of this machine.
   *
   * @return the processor as the system reports it
   */
  public static Processor here() {
    return of(DESCRIPTION, Runtime.getRuntime().availableProcessors());
  }

  static Processor of(Path description, int threads) {
    if (!Files.isReadable(description)) {
      return new Processor(System.getProperty("os.arch"), threads, List.of());
    }
    try {
      List<String> lines = Files.readAllLines(description);
      Set<String> flags = Set.of(value(lines, "flags", "Features").split("\\s+"));
      return new Processor(
          value(lines, "model name"),
          threads,
          NAMES.keySet().stream().filter(flags::contains).map(NAMES::get).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String value(List<String> lines, String... names) {
    return lines.stream()
        .filter(line -> List.of(names).contains(line.replaceFirst("\\s*:.*", "")))
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .findFirst()
        .orElse("");
  }
}
