package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;

/**
 * The kernels and the precision that compute a plan on this machine.
 *
 * @param kernels TensorFlow's implementation on the CPU
 * @param precision not {@link Precision#AUTO}
 * @param reason the reason for these, a clause for people
 */
public record Decision(Kernels kernels, Precision precision, String reason) {

  /**
   * The decision in one line.
   *
   * @return for instance {@code oneDNN's kernels in float32: bfloat16 takes 1.8 times as long here}
   */
  public String describe() {
    return "%s in %s: %s"
        .formatted(
            switch (kernels) {
              case ONEDNN -> "oneDNN's kernels";
              case PLAIN -> "TensorFlow's plain kernels";
              case CUDA -> "CUDA";
            },
            precision.name().toLowerCase(java.util.Locale.ROOT),
            reason);
  }
}
