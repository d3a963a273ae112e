package dev.leaven.runtime.graph;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TensorFlow's implementations of convolutions and matrix products. A CPU has two. The environment
 * variable {@link #VARIABLE} decides which one a process uses when it loads TensorFlow.
 */
public enum Kernels {
  /** Intel's oneDNN library: fast, also in bfloat16, but wrong on some processors. */
  ONEDNN("1"),
  /** TensorFlow's own: a third of the speed, and float32 only. */
  PLAIN("0"),
  /** NVIDIA's cuDNN and cuBLAS, used wherever TensorFlow finds a GPU. */
  CUDA("1");

  /** The environment variable that TensorFlow reads when it is loaded. */
  public static final String VARIABLE = "TF_ENABLE_ONEDNN_OPTS";

  private static volatile @Nullable Kernels chosen;

  private final String value;

  Kernels(String value) {
    this.value = value;
  }

  /**
   * The value of {@link #VARIABLE} that selects these kernels.
   *
   * @return {@code 1} or {@code 0}
   */
  public String value() {
    return value;
  }

  /**
   * The kernels that an environment selects.
   *
   * @param variable the value of {@link #VARIABLE}; null if it is not set
   * @return empty if it is not set, or set to something that TensorFlow ignores
   */
  public static Optional<Kernels> of(@Nullable String variable) {
    if (variable == null) {
      return Optional.empty();
    }
    return switch (variable.strip().toLowerCase(Locale.ROOT)) {
      case "1", "true" -> Optional.of(ONEDNN);
      case "0", "false" -> Optional.of(PLAIN);
      default -> Optional.empty();
    };
  }

  /**
   * The kernels of this process: those that were chosen, or else those that its environment
   * selected at its start.
   *
   * @return empty where TensorFlow decides by the processor's flags
   */
  public static Optional<Kernels> ofProcess() {
    Kernels known = chosen;
    return known == null ? of(System.getenv(VARIABLE)) : Optional.of(known);
  }

  /**
   * Records the kernels of this process. It changes nothing by itself.
   *
   * @param kernels those that TensorFlow was or will be loaded with
   */
  public static void chosen(Kernels kernels) {
    chosen = kernels;
  }
}
