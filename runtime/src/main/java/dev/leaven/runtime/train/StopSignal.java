package dev.leaven.runtime.train;

import dev.leaven.runtime.run.RunControl;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Detects a request to end the process, by Ctrl-C or by SIGTERM, and keeps it alive until the run
 * has saved its state. An interrupt of the training thread has the same effect, and so has a
 * listener's request.
 */
final class StopSignal implements AutoCloseable, RunControl {

  private static final long LONGEST_WAIT_SECONDS = 120;

  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::awaitSaving, "leaven-stop");
  private volatile boolean requested;
  private volatile boolean asked;
  private boolean interrupted;

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

  /** Thrown where a run is asked to stop and cannot simply return. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stopped() {
      super("the run was asked to stop", null, false, false);
    }
  }

  @Override
  public void stop() {
    asked = true;
  }

  /** Whether the run should save and end. */
  boolean requested() {
    // Cleared here, because files written by an interrupted thread fail; set again at the end.
    interrupted |= Thread.interrupted();
    return requested || interrupted || asked;
  }

  /** Throws {@link Stopped} if the run should save and end. */
  void check() {
    if (requested()) {
      throw new Stopped();
    }
  }

  @Override
  public void close() {
    saved.countDown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process began to end at this moment; the hook finds everything saved.
        requested = true;
      }
    }
  }
}
