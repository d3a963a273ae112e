package dev.leaven.runtime.report;

import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a report's page.
 *
 * @param name the name of the run
 * @param recipe the recipe as text
 * @param plan the plan of the run
 * @param planText the plan as text
 * @param parameters the number of the model's parameters
 * @param history the result of each finished epoch
 * @param rates the learning rate over the epochs
 * @param tta the scores with test-time augmentation, if there are any
 * @param notes facts that the reader must know before the numbers: that the run was interrupted,
 *     what is left out and why
 * @param evaluation the metrics of the predictions, if they are available
 * @param batch images as the model saw them in training
 * @param mistakes the images with the highest losses
 * @param environment the environment of the training
 * @param command how to repeat the run
 * @param finished whether the run was completed
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

  /** The last scores that select the best epoch, if an epoch was finished. */
  Optional<Scores> last() {
    return history.isEmpty()
        ? Optional.empty()
        : Optional.of(history.get(history.size() - 1).scores());
  }

  /** The best epoch by the scores that select it. */
  Optional<EpochReport> best() {
    return EpochReport.best(history);
  }

  double seconds() {
    return history.stream().mapToDouble(EpochReport::seconds).sum();
  }
}
