package dev.leaven.runtime.machine;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import org.bytedeco.javacpp.Loader;

/**
 * The environment that native libraries read. Java has a copy of its own, made at its start, so
 * only the C library can set a variable.
 */
final class NativeEnvironment {

  private NativeEnvironment() {}

  /** Whether TensorFlow's native library is already loaded in this process. */
  static boolean hasTensorFlow() {
    return Loader.getLoadedLibraries().keySet().stream()
        .anyMatch(name -> name.contains("tensorflow"));
  }

  /**
   * Sets a variable for native libraries that are loaded later.
   *
   * @throws UnsatisfiedLinkError when the system does not allow loading a library for it
   */
  static void set(String name, String value) {
    if (Platform.isWindows()) {
      Function.getFunction("ucrtbase", "_putenv_s").invokeInt(new Object[] {name, value});
    } else {
      Function.getFunction("c", "setenv").invokeInt(new Object[] {name, value, 1});
    }
  }
}
