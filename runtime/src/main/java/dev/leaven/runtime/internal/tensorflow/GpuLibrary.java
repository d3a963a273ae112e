package dev.leaven.runtime.internal.tensorflow;

import java.util.List;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * A library that TensorFlow opens by its name when it computes on an NVIDIA GPU.
 *
 * @param name the name under which TensorFlow opens it
 * @param of the product it belongs to
 * @param found whether this process can open it
 */
public record GpuLibrary(String name, String of, boolean found) {

  // TensorFlow 2.18 is built for CUDA 12.5 and cuDNN 9.3.
  private static final List<List<String>> NEEDED =
      List.of(
          List.of("libcuda.so.1", "NVIDIA's driver"),
          List.of("libcudart.so.12", "CUDA 12"),
          List.of("libcublas.so.12", "CUDA 12"),
          List.of("libcublasLt.so.12", "CUDA 12"),
          List.of("libcufft.so.11", "CUDA 12"),
          List.of("libcusolver.so.11", "CUDA 12"),
          List.of("libcusparse.so.12", "CUDA 12"),
          List.of("libcudnn.so.9", "cuDNN 9"));

  /**
   * All needed libraries, in the order in which they need each other. The call starts TensorFlow.
   *
   * @return one for each name
   */
  public static List<GpuLibrary> all() {
    return NEEDED.stream()
        .map(library -> new GpuLibrary(library.get(0), library.get(1), opens(library.get(0))))
        .toList();
  }

  // The system's own search, with LD_LIBRARY_PATH and the loader's cache.
  static boolean opens(String name) {
    try {
      TensorFlow.loadLibrary(name);
      return true;
    } catch (TensorFlowException | UnsatisfiedLinkError e) {
      // A library that exists but has no operations gives a different error message.
      String message = String.valueOf(e.getMessage());
      return !message.contains("cannot open shared object file") && !message.contains("not found");
    }
  }
}
