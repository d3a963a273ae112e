package dev.leaven.runtime.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Notices that the process is asked to end, by Ctrl-C or by SIGTERM, and keeps it alive until the
 * run has saved where it is. An interrupt of the training thread asks for the same.
 */
final class StopSignal implements AutoCloseable {

  private static final long LONGEST_WAIT_SECONDS = 120;

  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::awaitSaving, "leaven-stop");
  private volatile boolean requested;

  StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void awaitSaving() {
    requested = true;
    try {
      saved.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the run should save and end. */
  boolean requested() {
    return requested || Thread.currentThread().isInterrupted();
  }

  @Override
  public void close() {
    saved.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process began to end in this moment; the hook finds everything saved.
        requested = true;
      }
    }
  }
}
