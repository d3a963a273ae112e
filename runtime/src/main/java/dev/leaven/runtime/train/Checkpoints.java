package dev.leaven.runtime.train;

/** Writes the checkpoints of a run: when it is told to, and within an epoch when one is due. */
final class Checkpoints {

  private final Plan plan;
  private final TrainingGraph graph;
  private final RunDirectory directory;
  private final TrainingOptions options;
  private long written = System.nanoTime();

  Checkpoints(Plan plan, TrainingGraph graph, RunDirectory directory, TrainingOptions options) {
    this.plan = plan;
    this.graph = graph;
    this.directory = directory;
    this.options = options;
  }

  /**
   * Writes one now.
   *
   * @throws TrainingException when the disk is full, or a weight is no longer a number
   */
  void write(Progress progress) {
    directory.save(plan, progress, options.keep(), graph.session(), graph.variables());
    written = System.nanoTime();
  }

  /** Whether one should be written after a step of an epoch. */
  boolean due(Progress progress) {
    int steps = options.checkpointSteps();
    double minutes = (System.nanoTime() - written) / 60e9;
    return (steps > 0 && progress.steps() % steps == 0)
        || (options.checkpointMinutes() > 0 && minutes >= options.checkpointMinutes());
  }
}
