package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.internal.tensorflow.Processor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * The identity of a machine for a verdict: the processor with its flags and caches, the versions of
 * the libraries that compute, and the settings that select kernels. It is read without loading
 * TensorFlow.
 */
final class MachineName {

  // Increase this when the check covers more than before.
  private static final String CHECK = "1";

  // The prefixes of the settings' names.
  private static final List<String> SETTINGS =
      List.of(
          "ONEDNN_",
          "DNNL_",
          "TF_ENABLE_",
          "TF_DISABLE_",
          "TF_ONEDNN_",
          "TF_MKL_",
          "TF_USE_",
          "TF_CUDNN_",
          "NVIDIA_TF32_",
          "CUDA_VISIBLE_DEVICES");

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
  private static final String NATIVES = "org/tensorflow/internal/c_api/";

  private MachineName() {}

  /** Lines of a name and a value each. */
  static String here(Map<String, String> environment) {
    Processor processor = Processor.here();
    Map<String, String> parts = new TreeMap<>();
    parts.put("check", CHECK);
    parts.put("leaven", version());
    String tensorFlow = tensorFlow();
    parts.put("tensorflow", tensorFlow);
    parts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    parts.put("processor", processor.name());
    parts.put("processor details", details());
    parts.put("caches", Files.isDirectory(CACHES) ? "visible" : "hidden");
    if (tensorFlow.contains("-gpu")) {
      parts.put("gpu", Gpu.first().map(Gpu::describe).orElse("none"));
    }
    environment.forEach(
        (name, value) -> {
          if (choosesKernels(name)) {
            parts.put(name, value);
          }
        });
    return parts.entrySet().stream()
        .map(part -> part.getKey() + ": " + part.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static boolean choosesKernels(String name) {
    return !name.equals(Kernels.VARIABLE) && SETTINGS.stream().anyMatch(name::startsWith);
  }

  private static String version() {
    String version = MachineName.class.getPackage().getImplementationVersion();
    return version == null ? "not packaged" : version;
  }

  // The name of the jar with the native library has its version and its classifier.
  private static String tensorFlow() {
    ClassLoader loader = MachineName.class.getClassLoader();
    for (String classifier :
        new String[] {
          "linux-x86_64-gpu", "linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64"
        }) {
      for (String file :
          new String[] {"libtensorflow_cc.so.2", "libtensorflow_cc.2.dylib", "tensorflow_cc.dll"}) {
        URL url = loader.getResource(NATIVES + classifier + "/" + file);
        if (url != null) {
          // For a jar within a jar, the inner one.
          String path = url.getPath();
          path = path.substring(0, Math.max(0, path.lastIndexOf('!')));
          return path.substring(path.lastIndexOf('/') + 1);
        }
      }
    }
    return "unknown";
  }

  // A hash of model, stepping, microcode and flags, because they are long.
  private static String details() {
    try (InputStream in = Files.newInputStream(PROCESSORS)) {
      String all = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      String first =
          all.lines()
              .takeWhile(line -> !line.isBlank())
              .filter(line -> !line.startsWith("cpu MHz") && !line.startsWith("bogomips"))
              .collect(Collectors.joining("\n"));
      return Long.toHexString(checksum(first));
    } catch (IOException e) {
      return String.valueOf(System.getenv("PROCESSOR_IDENTIFIER"));
    }
  }

  static long checksum(String text) {
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }
}
