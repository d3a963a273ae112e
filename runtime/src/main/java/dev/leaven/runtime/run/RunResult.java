package dev.leaven.runtime.run;

import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run gave.
 *
 * @param plan what was done
 * @param directory where it lies: {@code recipe.json}, {@code plan.txt}, {@code environment.json},
 *     {@code history.csv}, {@code summary.json} and the checkpoints {@code last/} and {@code
 *     best/}, and if asked for {@code kept/} and {@code tensorboard/}
 * @param history a report for each epoch
 * @param tta the scores with test-time augmentation, if the plan has it and the run was finished
 * @param evaluatedAt the scores at the plan's other size, if it has one and the run was finished
 * @param ended why a rule ended it before its last epoch, if one did
 * @param damaged files that could not be decoded: others took their place in training, and they are
 *     left out of the scores in validation
 * @param finished whether it went to its end; if not, it can be resumed
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
