package dev.leaven.runtime.train;

import dev.leaven.runtime.evaluate.Scores;
import java.util.List;
import java.util.Optional;

/**
 * How far a run has come: everything that a resumed run needs besides the weights.
 *
 * @param epochs finished epochs
 * @param steps finished steps of the epoch after them
 * @param lossSum the sum of those steps' losses
 * @param seconds the time that those steps took
 * @param waited the part of it spent waiting for data, in seconds
 * @param history a report for each finished epoch
 * @param tta the scores with test-time augmentation, once they are known
 * @param damaged files that turned out to be damaged
 */
record Progress(
    int epochs,
    int steps,
    double lossSum,
    double seconds,
    double waited,
    List<EpochReport> history,
    Optional<Scores> tta,
    List<DamagedFile> damaged) {

  static final Progress NONE = new Progress(0, 0, 0, 0, 0, List.of(), Optional.empty(), List.of());

  Progress {
    history = List.copyOf(history);
    damaged = List.copyOf(damaged);
  }

  /** One more step of the present epoch. */
  Progress step(double loss, double stepSeconds, double stepWaited) {
    return new Progress(
        epochs,
        steps + 1,
        lossSum + loss,
        seconds + stepSeconds,
        waited + stepWaited,
        history,
        tta,
        damaged);
  }

  /** The present epoch is finished. */
  Progress epoch(EpochReport report) {
    List<EpochReport> longer = new java.util.ArrayList<>(history);
    longer.add(report);
    return new Progress(epochs + 1, 0, 0, 0, 0, longer, tta, damaged);
  }

  Progress tta(Scores scores) {
    return new Progress(
        epochs, steps, lossSum, seconds, waited, history, Optional.of(scores), damaged);
  }

  /** The same, with all damaged files that are known now. */
  Progress damaged(List<DamagedFile> files) {
    return new Progress(epochs, steps, lossSum, seconds, waited, history, tta, files);
  }

  /** Whether the last report is the best by its task's first metric, and by loss among equals. */
  boolean lastIsBest() {
    if (history.isEmpty()) {
      return false;
    }
    Scores last = history.get(history.size() - 1).valid();
    return history.stream()
        .limit(history.size() - 1)
        .map(EpochReport::valid)
        .allMatch(last::betterThan);
  }
}
