package dev.leaven.runtime.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class NativeEnvironmentTest {

  private static final String NAME = "LEAVEN_NATIVE_ENVIRONMENT_TEST";

  private static String read() {
    return Function.getFunction("c", "getenv").invokeString(new Object[] {NAME}, false);
  }

  @Test
  void setsWhatNativeLibrariesRead() {
    assertThat(read()).isNull();
    try {
      NativeEnvironment.set(NAME, "1");
      assertThat(read()).isEqualTo("1");
      NativeEnvironment.set(NAME, "0");
      assertThat(read()).as("in place of the first").isEqualTo("0");
      assertThat(System.getenv(NAME)).as("Java's copy").isNull();
    } finally {
      Function.getFunction("c", "unsetenv").invokeInt(new Object[] {NAME});
    }
  }

  @Test
  void knowsThatTensorFlowIsLoaded() {
    assertThat(org.tensorflow.TensorFlow.version()).isNotBlank();
    assertThat(NativeEnvironment.hasTensorFlow()).isTrue();
  }
}
