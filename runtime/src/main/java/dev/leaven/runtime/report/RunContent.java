package dev.leaven.runtime.report;

import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a report's page says, gathered.
 *
 * @param name of the run
 * @param recipe in words
 * @param plan what was to be done
 * @param planText the same in words
 * @param parameters of the model
 * @param history what each finished epoch gave
 * @param rates the learning rate over the epochs
 * @param tta the scores with test-time augmentation, if there are such
 * @param notes what the reader must know before the numbers: that the run was cut off, what is left
 *     out and why
 * @param evaluation what was measured of the answers, if they could be had
 * @param batch images as the model saw them in training
 * @param mistakes the images with the highest losses
 * @param environment where it was trained
 * @param command how to do it again
 * @param finished whether the run went to its end
 */
record RunContent(
    String name,
    String recipe,
    Plan plan,
    String planText,
    long parameters,
    List<EpochReport> history,
    List<LineChart.Point> rates,
    Optional<Scores> tta,
    List<String> notes,
    Optional<Evaluation> evaluation,
    List<ImageCard> batch,
    List<ImageCard> mistakes,
    Map<String, String> environment,
    List<String> command,
    boolean finished) {

  /** The last scores that count, if an epoch was finished. */
  Optional<Scores> last() {
    return history.isEmpty()
        ? Optional.empty()
        : Optional.of(history.get(history.size() - 1).scores());
  }

  /** The best epoch by the scores that count. */
  Optional<EpochReport> best() {
    return EpochReport.best(history);
  }

  double seconds() {
    return history.stream().mapToDouble(EpochReport::seconds).sum();
  }
}
