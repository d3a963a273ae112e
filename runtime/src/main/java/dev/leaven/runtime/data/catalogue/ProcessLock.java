package dev.leaven.runtime.data.catalogue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps others out, be they threads of this process or other processes, until it is closed. The
 * system lifts it when the process ends, however that happens.
 */
final class ProcessLock implements AutoCloseable {

  // The system's lock belongs to the whole process, so threads need one of their own.
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final Path file;
  private final ReentrantLock thread;
  private final FileChannel channel;
  private final FileLock lock;

  private ProcessLock(Path file, ReentrantLock thread, FileChannel channel, FileLock lock) {
    this.file = file;
    this.thread = thread;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Waits until nobody else holds the lock, then holds it.
   *
   * @param file made if it is not there, and left there: to delete it would let two in
   */
  static ProcessLock take(Path file) {
    ReentrantLock thread =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), key -> new ReentrantLock());
    thread.lock();
    try {
      Files.createDirectories(file.getParent());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        return new ProcessLock(file, thread, channel, channel.lock());
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      thread.unlock();
      throw DownloadException.unwritable(file, e);
    }
  }

  @Override
  public void close() {
    try (channel) {
      lock.release();
    } catch (IOException e) {
      throw DownloadException.unwritable(file, e);
    } finally {
      thread.unlock();
    }
  }
}
