package dev.leaven.runtime.run;

import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The result of a run.
 *
 * @param plan the plan of the run
 * @param directory the run's directory: {@code recipe.json}, {@code plan.txt}, {@code
 *     environment.json}, {@code history.csv}, {@code summary.json} and the checkpoints {@code
 *     last/} and {@code best/}, and if requested {@code kept/} and {@code tensorboard/}
 * @param history a report for each epoch
 * @param tta the scores with test-time augmentation, if the plan has it and the run was finished
 * @param evaluatedAt the scores at the plan's other size, if it has one and the run was finished
 * @param ended the reason why a rule ended it before its last epoch, if one did
 * @param damaged files that could not be decoded: in training other images replaced them, in
 *     validation they are left out of the scores
 * @param finished whether the run was completed; if not, it can be resumed
 */
public record RunResult(
    Plan plan,
    Path directory,
    List<EpochReport> history,
    Optional<Scores> tta,
    Optional<SizedScores> evaluatedAt,
    Optional<String> ended,
    List<DamagedFile> damaged,
    boolean finished) {

  /** Keeps its own copies of the lists. */
  public RunResult {
    history = List.copyOf(history);
    damaged = List.copyOf(damaged);
  }

  /**
   * The scores after the last epoch.
   *
   * @return the scores of the plain pass, by the averaged weights if the plan has them
   * @throws IllegalStateException when no epoch was finished
   */
  public Scores scores() {
    if (history.isEmpty()) {
      throw new IllegalStateException(
          "%s: no epoch was finished, so there are no scores".formatted(directory));
    }
    return history.get(history.size() - 1).scores();
  }
}
