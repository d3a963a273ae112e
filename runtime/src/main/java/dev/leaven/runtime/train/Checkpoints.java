package dev.leaven.runtime.train;

import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.run.Progress;
import dev.leaven.runtime.internal.run.RunDirectory;
import dev.leaven.runtime.internal.step.TrainingGraph;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the checkpoints of a run: on request, and within an epoch when one is due. Closing it
 * waits for the checkpoint that is being written.
 */
final class Checkpoints implements AutoCloseable {

  private final Plan plan;
  private final TrainingGraph graph;
  private final RunDirectory directory;
  private final TrainingOptions options;
  private long written = System.nanoTime();
  private @Nullable CompletableFuture<Void> writing;

  Checkpoints(Plan plan, TrainingGraph graph, RunDirectory directory, TrainingOptions options) {
    this.plan = plan;
    this.graph = graph;
    this.directory = directory;
    this.options = options;
  }

  /**
   * Writes a checkpoint now.
   *
   * @throws TrainingException when the disk is full, or a weight is NaN or infinite
   */
  void write(Progress progress) {
    settle();
    try (Variables.Snapshot values = snapshot()) {
      directory.save(plan, progress, options.keep(), values);
    }
    written = System.nanoTime();
  }

  /**
   * Begins to write the current values, while the largest stage's batch is tried: during its
   * compilation the disk and all processors but one are idle.
   */
  void begin(Progress progress) {
    Variables.Snapshot values = snapshot();
    writing =
        CompletableFuture.runAsync(
            () -> {
              try (values) {
                directory.save(plan, progress, options.keep(), values);
              }
            },
            task -> new Thread(task, "leaven-checkpoint").start());
  }

  /**
   * Waits for the checkpoint that was begun, if there is one.
   *
   * @throws TrainingException as {@link #write} does
   */
  void settle() {
    CompletableFuture<Void> begun = writing;
    if (begun == null) {
      return;
    }
    writing = null;
    try {
      begun.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    settle();
  }

  private Variables.Snapshot snapshot() {
    return graph.variables().snapshot(graph.session());
  }

  /** Whether a checkpoint is due after a step of an epoch. */
  boolean due(Progress progress) {
    int steps = options.checkpointSteps();
    double minutes = (System.nanoTime() - written) / 60e9;
    return (steps > 0 && progress.steps() % steps == 0)
        || (options.checkpointMinutes() > 0 && minutes >= options.checkpointMinutes());
  }
}
