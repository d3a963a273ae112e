package dev.leaven.runtime.export;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Computes the requests of many threads in batches: the requests that arrive while one batch is
 * computed form the next batch. A single caller does not wait; after a batch of several, the next
 * one waits up to two milliseconds for as many.
 */
final class Batching implements AutoCloseable {

  /** The kind of request for an image. */
  enum Kind {
    PLAIN,
    TTA,
    EMBEDDING
  }

  /** Computes a batch. */
  interface Model {
    float[][] answers(Kind kind, List<byte[]> images);
  }

  /** The number of images of a kind that go into a batch. */
  interface Most {
    int of(Kind kind);
  }

  private record Request(Kind kind, byte[] image, CompletableFuture<float[]> answer) {}

  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Model model;
  private final Most most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Request> waiting = new ArrayDeque<>();
  private final Thread thread;
  private int computing;
  private boolean closed;

  Batching(Model model, Most most) {
    this.model = model;
    this.most = most;
    thread = new Thread(this::work, "leaven-predictor");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Requests the result for an image.
   *
   * @return a future; it fails with what the model throws, or when this is closed before the result
   *     is there
   * @throws IllegalStateException when this is closed already
   */
  CompletableFuture<float[]> ask(Kind kind, byte[] image) {
    Request request = new Request(kind, image, new CompletableFuture<>());
    lock.lock();
    try {
      if (closed) {
        throw closed();
      }
      waiting.add(request);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return request.answer();
  }

  /** The number of images that wait or are being computed. */
  int pending() {
    lock.lock();
    try {
      return waiting.size() + computing;
    } finally {
      lock.unlock();
    }
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("the predictor is closed");
  }

  private void work() {
    int last = 1;
    while (true) {
      List<Request> batch = next(last);
      if (batch.isEmpty()) {
        return;
      }
      last = batch.size();
      compute(batch);
    }
  }

  // Empty when this is closed.
  private List<Request> next(int expected) {
    lock.lock();
    try {
      computing = 0;
      while (waiting.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      IntSupplier missing = () -> closed ? 0 : expected - waiting.size();
      long left = WAIT_NANOS;
      while (missing.getAsInt() > 0 && left > 0) {
        left = await(left);
      }
      List<Request> batch = new ArrayList<>();
      if (closed) {
        return batch;
      }
      Kind kind = waiting.element().kind();
      Iterator<Request> all = waiting.iterator();
      while (all.hasNext() && batch.size() < most.of(kind)) {
        Request request = all.next();
        if (request.kind() == kind) {
          batch.add(request);
          all.remove();
        }
      }
      computing = batch.size();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private long await(long nanos) {
    try {
      return changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      return 0; // the thread is ours, and only close() ends it
    }
  }

  // One bad image must not fail the other images of its batch.
  private void compute(List<Request> batch) {
    try {
      float[][] answers =
          model.answers(batch.get(0).kind(), batch.stream().map(Request::image).toList());
      for (int i = 0; i < answers.length; i++) {
        batch.get(i).answer().complete(answers[i]);
      }
    } catch (RuntimeException | Error e) {
      if (batch.size() == 1) {
        batch.get(0).answer().completeExceptionally(e);
      } else {
        batch.forEach(request -> compute(List.of(request)));
      }
    }
  }

  /** Finishes the batch that is being computed and fails what waits. */
  @Override
  public void close() {
    List<Request> left;
    lock.lock();
    try {
      closed = true;
      left = List.copyOf(waiting);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(request -> request.answer().completeExceptionally(closed()));
    boolean interrupted = false;
    while (thread != Thread.currentThread() && thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
