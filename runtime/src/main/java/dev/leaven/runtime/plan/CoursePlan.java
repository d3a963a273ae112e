package dev.leaven.runtime.plan;

import java.util.List;

/**
 * The length of a run and its image sizes: a part of its {@link Plan}.
 *
 * @param stages the stages in order, at least one
 * @param scheduleOverAll whether all stages together follow one schedule, and the optimizer keeps
 *     its memory from stage to stage; otherwise each stage starts with its own schedule and empty
 *     memory
 * @param autoBatchSize whether, when memory runs out before the first step, batches are halved and
 *     two are accumulated for each one
 * @param stopping the rules that may end the run before its last epoch
 */
public record CoursePlan(
    List<Stage> stages, boolean scheduleOverAll, boolean autoBatchSize, List<Stopping> stopping) {

  /** Checks that the parts fit together. */
  public CoursePlan {
    stages = List.copyOf(stages);
    stopping = List.copyOf(stopping);
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a plan needs at least one stage");
    }
    if (scheduleOverAll && stages.stream().map(Stage::schedule).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "scheduleOverAll: the stages have schedules of their own; leave one or the other out");
    }
  }

  /** The number of epochs in all stages, at least 1. */
  int epochs() {
    return stages.stream().mapToInt(Stage::epochs).sum();
  }

  /** The same course with halved batches in every stage whose batches are at least as large. */
  CoursePlan halved(Stage tooLarge) {
    return new CoursePlan(
        stages.stream()
            .map(stage -> stage.pixels() >= tooLarge.pixels() ? stage.halved() : stage)
            .toList(),
        scheduleOverAll,
        autoBatchSize,
        stopping);
  }
}
