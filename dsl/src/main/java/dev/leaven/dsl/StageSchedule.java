package dev.leaven.dsl;

import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.optimize.WarmUp;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Chooses the length and the schedule of each stage: both must agree in a recipe. */
final class StageSchedule {

  static final int EPOCHS = 5;
  static final double LEARNING_RATE = 3e-3;
  // Later stages begin from trained weights and need smaller steps, by this factor.
  static final int LATER_STAGES = 3;

  private final Recipe recipe;
  private final List<StageSpec> stages;
  private final boolean overAll;
  private final @Nullable Integer warmUpEpochs;
  private final @Nullable Double warmUpFraction;

  StageSchedule(Recipe recipe) {
    this.recipe = recipe;
    this.stages = recipe.stages();
    this.overAll = recipe.get(Part.SCHEDULE_OVER_ALL) != null;
    this.warmUpEpochs = recipe.get(Part.WARM_UP_EPOCHS);
    this.warmUpFraction = recipe.get(Part.WARM_UP_FRACTION);
    for (int stage = 0; stage < stages.size(); stage++) {
      check(stage);
    }
  }

  boolean overAll() {
    return overAll;
  }

  int epochs(int stage) {
    Integer epochs = stages.get(stage).epochs();
    if (epochs != null) {
      return epochs;
    }
    return overAll ? EPOCHS : made(stage).orElse(EPOCHS);
  }

  double learningRate(int stage) {
    Double own = stages.get(stage).learningRate();
    if (own != null || stage == 0) {
      return own == null ? LEARNING_RATE : own;
    }
    return overAll ? learningRate(0) : learningRate(0) / LATER_STAGES;
  }

  Schedule schedule(int stage) {
    Schedule plain = plain(stage);
    if (warmUpFraction != null) {
      return new WarmUp(warmUpFraction, plain);
    }
    return warmUpEpochs == null ? plain : new WarmUp((double) warmUpEpochs / span(stage), plain);
  }

  private Schedule plain(int stage) {
    Schedule own = stages.get(stage).schedule();
    if (own != null) {
      return own;
    }
    return recipe.find(Part.SCHEDULE).orElse(new OneCycle());
  }

  // The epochs that the stage's schedule has.
  private int span(int stage) {
    return overAll ? IntStream.range(0, stages.size()).map(this::epochs).sum() : epochs(stage);
  }

  // The epochs that the schedule is made for, its warm-up included.
  private OptionalInt made(int stage) {
    OptionalInt plain = plain(stage).epochs();
    int warmUp = warmUpEpochs == null ? 0 : warmUpEpochs;
    return plain.isPresent() ? OptionalInt.of(plain.getAsInt() + warmUp) : plain;
  }

  private void check(int stage) {
    String which = overAll ? "all stages together have" : "stage %d has".formatted(stage + 1);
    if (overAll && stages.get(stage).schedule() != null) {
      throw new IllegalArgumentException(
          "scheduleOverAll: stage %d has a schedule of its own; leave one or the other out"
              .formatted(stage + 1));
    }
    OptionalInt made = made(stage);
    if (made.isPresent() && warmUpFraction != null) {
      throw new IllegalArgumentException(
          "warmUp: '%s' is of whole epochs, so say its warm-up in epochs as well, warmUp(1)"
              .formatted(plain(stage).describe()));
    }
    if (made.isPresent() && made.getAsInt() != span(stage)) {
      throw new IllegalArgumentException(
          "schedule: '%s' is made for %d epochs%s, but %s %d; say other epochs or another schedule"
              .formatted(
                  plain(stage).describe(),
                  made.getAsInt(),
                  warmUpEpochs == null ? "" : " with its warm-up",
                  which,
                  span(stage)));
    }
    if (warmUpEpochs != null && warmUpEpochs >= span(stage)) {
      throw new IllegalArgumentException(
          "warmUp: %d epochs leave nothing for the schedule, as %s %d; choose fewer"
              .formatted(warmUpEpochs, which, span(stage)));
    }
  }
}
