package dev.leaven.runtime.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {

  @TempDir Path folder;

  /** Holds a lock until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      ProcessLock.take(Path.of(arguments[0]));
      System.out.println("held");
      System.in.read();
    }
  }

  @Test
  void waitsForAnotherProcessAndOutlivesItsDeath() throws Exception {
    Path file = folder.resolve("locks/pets");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                file.toString())
            .start();
    try (BufferedReader out = other.inputReader()) {
      assertThat(out.readLine()).isEqualTo("held");
      CompletableFuture<Void> ours =
          CompletableFuture.runAsync(() -> ProcessLock.take(file).close());
      Thread.sleep(200);
      assertThat(ours).isNotDone();
      other.destroyForcibly();
      ours.get(30, TimeUnit.SECONDS);
    } finally {
      other.destroyForcibly();
    }
  }
}
