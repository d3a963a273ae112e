package dev.leaven.runtime.machine;

import java.io.IOException;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has all tests of this process compute with kernels that this machine computes every layer
 * correctly with: many of them build layers without a plan that would decide.
 */
public final class CheckedKernels implements LauncherSessionListener {

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (!isRight()) {
      System.setProperty("leaven.kernels", "plain");
    }
    Machine.ofProcess().use();
  }

  private static boolean isRight() {
    try {
      return Machine.ofProcess().verdict().float32().allowsTraining();
    } catch (IOException e) {
      return false;
    }
  }
}
