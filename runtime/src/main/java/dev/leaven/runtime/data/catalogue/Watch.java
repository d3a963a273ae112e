package dev.leaven.runtime.data.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream from which nothing has come for too long, which ends the read that waits. */
final class Watch implements AutoCloseable {

  private final InputStream stream;
  private final long patience;
  private final Thread thread;
  private volatile long last = System.nanoTime();
  private volatile boolean closed;

  Watch(InputStream stream, Duration patience) {
    this.stream = stream;
    this.patience = patience.toNanos();
    thread = new Thread(this::watch, "leaven-download-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Something has come. */
  void heard() {
    last = System.nanoTime();
  }

  /** Whether it has lost patience. */
  boolean hasClosed() {
    return closed;
  }

  private void watch() {
    try {
      long left = patience;
      while (left > 0) {
        Thread.sleep(Math.max(1, left / 1_000_000));
        left = last + patience - System.nanoTime();
      }
      closed = true;
      stream.close();
    } catch (InterruptedException | IOException e) {
      // The download is over, one way or the other.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
