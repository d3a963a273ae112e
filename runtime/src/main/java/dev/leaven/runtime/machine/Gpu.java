package dev.leaven.runtime.machine;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import dev.leaven.runtime.graph.Precision;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An NVIDIA GPU, as its driver describes it.
 *
 * @param name for instance {@code NVIDIA A100-SXM4-40GB}
 * @param major the compute capability the part before the point
 * @param minor the part of the compute capability after the point
 */
public record Gpu(String name, int major, int minor) {

  private static final int MAJOR = 75;
  private static final int MINOR = 76;
  private static final int LONGEST_NAME = 256;

  /**
   * The first GPU that this process may use, as reported by NVIDIA's driver; TensorFlow is not
   * loaded.
   *
   * @return empty where there is no driver or no GPU
   */
  public static Optional<Gpu> first() {
    try {
      NativeLibrary driver = NativeLibrary.getInstance(driver());
      IntByReference device = new IntByReference();
      byte[] name = new byte[LONGEST_NAME];
      IntByReference major = new IntByReference();
      IntByReference minor = new IntByReference();
      boolean found =
          call(driver, "cuInit", 0)
              && call(driver, "cuDeviceGet", device, 0)
              && call(driver, "cuDeviceGetName", name, name.length, device.getValue())
              && call(driver, "cuDeviceGetAttribute", major, MAJOR, device.getValue())
              && call(driver, "cuDeviceGetAttribute", minor, MINOR, device.getValue());
      return found
          ? Optional.of(new Gpu(text(name), major.getValue(), minor.getValue()))
          : Optional.empty();
    } catch (LinkageError e) {
      return Optional.empty();
    }
  }

  private static String driver() {
    return System.getProperty("os.name").startsWith("Windows") ? "nvcuda" : "libcuda.so.1";
  }

  private static boolean call(NativeLibrary driver, String name, Object... arguments) {
    Function function = driver.getFunction(name);
    return function.invokeInt(arguments) == 0;
  }

  private static String text(byte[] terminated) {
    int length = 0;
    while (length < terminated.length && terminated[length] != 0) {
      length++;
    }
    return new String(terminated, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * The fastest precision that it has instructions for.
   *
   * @return bfloat16 from compute capability 8.0 on, float16 from 7.0 on, else float32
   */
  public Precision precision() {
    if (major >= 8) {
      return Precision.BFLOAT16;
    }
    return major == 7 ? Precision.FLOAT16 : Precision.FLOAT32;
  }

  /**
   * The GPU as text for people.
   *
   * @return for instance {@code NVIDIA A100-SXM4-40GB (compute capability 8.0)}
   */
  public String describe() {
    return "%s (compute capability %d.%d)".formatted(name, major, minor);
  }
}
