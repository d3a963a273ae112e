package dev.leaven.runtime.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The numbers that convolutions and matrix products are computed in. Weights, the optimizer's
 * memory, normalization statistics, logits and losses are float32 in all of them (Kalamkar et al.
 * 2019, "A Study of BFLOAT16 for Deep Learning Training").
 *
 * <p>A bfloat16 has the range of a float32 with 8 bits of precision, so that nothing needs to be
 * scaled. On processors that compute with it a step takes about half to two thirds of the time.
 */
public enum Precision {
  /**
   * Decided for the device and the images: bfloat16 where the processor computes with it and images
   * are not tiny, else float32.
   */
  AUTO,
  /** Everything in float32. */
  FLOAT32,
  /** Convolutions and products in bfloat16. */
  BFLOAT16,
  /**
   * Convolutions and products in float16 while the model trains, by casts around each of them, and
   * in float32 when it infers. It is for GPUs that compute with float16 and not with bfloat16:
   * processors have no float16 arithmetic that TensorFlow would use, and are much slower with it. A
   * float16 ends at 65504 and has nothing below 6e-8, so that the loss must be scaled while it is
   * differentiated.
   */
  FLOAT16;

  // On smaller images a step spends its time on casts and small products: an XResNet-18 at 24 px
  // takes 1.06 times as long in bfloat16, at 64 px 0.62 times.
  private static final int SMALLEST_SIZE = 32;
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final Set<String> BFLOAT16_FLAGS = Set.of("amx_bf16", "avx512_bf16");

  /**
   * The precision to use on this machine.
   *
   * @param size the side of the largest images, in pixels
   * @return this, or what {@link #AUTO} becomes here
   */
  public Precision here(int size) {
    if (this != AUTO) {
      return this;
    }
    return size >= SMALLEST_SIZE && processorHasBfloat16(PROCESSOR) ? BFLOAT16 : FLOAT32;
  }

  static boolean processorHasBfloat16(Path description) {
    if (!Files.isReadable(description)) {
      return false;
    }
    try (var lines = Files.lines(description)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+")))
          .stream()
          .anyMatch(flags -> BFLOAT16_FLAGS.stream().anyMatch(flags::contains));
    } catch (IOException e) {
      return false;
    }
  }
}
