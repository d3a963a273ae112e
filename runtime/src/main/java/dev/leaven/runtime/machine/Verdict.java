package dev.leaven.runtime.machine;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The result of a machine's check for oneDNN's kernels.
 *
 * @param machine the machine it applies to: processor, versions and settings, one line each
 * @param date the date of the check, in ISO 8601
 * @param seconds the duration of the check
 * @param float32 the worst finding in float32
 * @param bfloat16 the worst finding in bfloat16; unchecked where it is not faster
 * @param bfloat16Time the time of a convolution in bfloat16, divided by that in float32; empty
 *     where it was not measured
 * @param gpu whether TensorFlow computes on a GPU
 */
public record Verdict(
    String machine,
    String date,
    double seconds,
    Finding float32,
    Finding bfloat16,
    OptionalDouble bfloat16Time,
    Optional<Gpu> gpu) {

  /** Below this the gain is more than the noise of the measurement. */
  static final double FASTER = 0.8;

  /** Refuses a verdict from a damaged file in which parts are missing. */
  public Verdict {
    Objects.requireNonNull(machine);
    Objects.requireNonNull(float32);
    Objects.requireNonNull(bfloat16);
  }

  /**
   * Whether a step is faster in bfloat16 than in float32.
   *
   * @return false also where it was not measured
   */
  public boolean fasterInBfloat16() {
    return bfloat16Time.isPresent() && bfloat16Time.getAsDouble() < FASTER;
  }
}
