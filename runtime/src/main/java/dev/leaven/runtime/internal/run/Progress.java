package dev.leaven.runtime.internal.run;

import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.RunResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The progress of a run: everything that a resumed run needs besides the weights.
 *
 * @param epochs the number of finished epochs
 * @param steps the number of finished steps of the epoch after them
 * @param sums the sums over those steps
 * @param history a report for each finished epoch
 * @param tta the scores with test-time augmentation, once they are known
 * @param sized the scores at the plan's other size, once they are known
 * @param ended why a rule ended the run before its last epoch, if one did; an unfinished epoch is
 *     then not trained further, but validated
 * @param damaged files that turned out to be damaged
 */
public record Progress(
    int epochs,
    int steps,
    EpochSums sums,
    List<EpochReport> history,
    Optional<Scores> tta,
    Optional<SizedScores> sized,
    Optional<String> ended,
    List<DamagedFile> damaged) {

  public static final Progress NONE =
      new Progress(
          0,
          0,
          EpochSums.NONE,
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  public Progress {
    history = List.copyOf(history);
    damaged = List.copyOf(damaged);
  }

  /** One more step of the current epoch. */
  public Progress step(StepResult step, double seconds) {
    return new Progress(
        epochs, steps + 1, sums.plus(step, seconds), history, tta, sized, ended, damaged);
  }

  /** The current epoch is finished. */
  public Progress epoch(EpochReport report) {
    List<EpochReport> longer = new ArrayList<>(history);
    longer.add(report);
    return new Progress(epochs + 1, 0, EpochSums.NONE, longer, tta, sized, ended, damaged);
  }

  public Progress tta(Scores scores) {
    return new Progress(epochs, steps, sums, history, Optional.of(scores), sized, ended, damaged);
  }

  public Progress sized(SizedScores scores) {
    return new Progress(epochs, steps, sums, history, tta, Optional.of(scores), ended, damaged);
  }

  /** A rule ends the run here. */
  public Progress ended(String reason) {
    return new Progress(epochs, steps, sums, history, tta, sized, Optional.of(reason), damaged);
  }

  /** Whether no epoch is left to train or validate. */
  public boolean trained(Plan plan) {
    return epochs == plan.epochs() || (ended.isPresent() && steps == 0);
  }

  /** Whether nothing is left to do, test-time augmentation and other sizes included. */
  public boolean finished(Plan plan) {
    return trained(plan)
        && (plan.evaluation().tta().isEmpty() || tta.isPresent())
        && (plan.evaluation().evaluateAt().isEmpty() || sized.isPresent());
  }

  /** The run so far. */
  public RunResult result(Plan plan, Path directory) {
    return new RunResult(plan, directory, history, tta, sized, ended, damaged, finished(plan));
  }

  /** Whether an epoch has just ended: the weights are those of the last report. */
  public boolean betweenEpochs() {
    return steps == 0 && epochs > 0;
  }

  /** The same, with all damaged files that are known now. */
  public Progress damaged(List<DamagedFile> files) {
    return new Progress(epochs, steps, sums, history, tta, sized, ended, files);
  }

  /** Whether the last report is the best by its task's first metric, and by loss among equals. */
  public boolean lastIsBest() {
    if (history.isEmpty()) {
      return false;
    }
    Scores last = history.get(history.size() - 1).scores();
    return history.stream()
        .limit(history.size() - 1)
        .map(EpochReport::scores)
        .allMatch(last::betterThan);
  }

  /** The best epochs, at most {@code count}, counted from 1; earlier ones among equals. */
  public List<Integer> best(int count) {
    List<EpochReport> rest = new ArrayList<>(history);
    List<Integer> best = new ArrayList<>();
    while (best.size() < count && !rest.isEmpty()) {
      EpochReport next = EpochReport.best(rest).orElseThrow();
      rest.remove(next);
      best.add(next.epoch());
    }
    return best;
  }
}
