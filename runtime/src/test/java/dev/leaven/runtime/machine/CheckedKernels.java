package dev.leaven.runtime.machine;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has all tests of this process compute with kernels that this machine computes every layer
 * correctly with: many of them build layers without a plan that would decide.
 */
public final class CheckedKernels implements LauncherSessionListener {

  private static final Path LOCK = Path.of("target", "machine-check.lock");

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (!isRight()) {
      System.setProperty("leaven.kernels", "plain");
    }
    Machine.ofProcess().use();
  }

  // Test processes that start together check one after the other: the check measures speed, and all
  // but the first find its verdict.
  private static boolean isRight() {
    try (FileChannel file = FileChannel.open(LOCK, CREATE, WRITE)) {
      file.lock();
      return Machine.ofProcess().verdict().float32().allowsTraining();
    } catch (IOException e) {
      return false;
    }
  }
}
