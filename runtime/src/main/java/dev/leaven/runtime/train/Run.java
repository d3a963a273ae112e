package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.TestFolder;
import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.evaluate.TestTimeViews;
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
public record Run(
    Plan plan,
    Path directory,
    List<EpochReport> history,
    Optional<Scores> tta,
    Optional<SizedScores> evaluatedAt,
    Optional<String> ended,
    List<DamagedFile> damaged,
    boolean finished) {

  private static final TrainingListener SILENT = new TrainingListener() {};

  /** Keeps its own copies of the lists. */
  public Run {
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

  /**
   * Judges the model of the last checkpoint on the run's own validation images, at the size of its
   * last stage. Cost: a pass over them, and some seconds for the graph.
   *
   * @return every metric, with intervals
   * @throws RunException when the images have changed, or the checkpoint cannot be read
   * @throws TrainingException when memory runs out, or more than 1 % of the images cannot be
   *     decoded
   */
  public Evaluation evaluate() {
    try (TrainedModel model = TrainedModel.open(directory)) {
      return Evaluation.of(model.predict(images(), model.stage().size(), SILENT));
    }
  }

  /**
   * Judges the model of the last checkpoint on the validation part of other images.
   *
   * @param data images of the same classes
   * @return every metric, with intervals
   * @throws RunException when they are of other classes, or the checkpoint cannot be read
   * @throws TrainingException when memory runs out, or more than 1 % of the images cannot be
   *     decoded
   */
  public Evaluation evaluate(DataSource data) {
    try (TrainedModel model = TrainedModel.open(directory)) {
      return Evaluation.of(model.predict(model.data(data).valid(), model.stage().size(), SILENT));
    }
  }

  /**
   * Judges the images of a folder, all of them where it has no validation part of its own. Classes
   * may be missing.
   *
   * @param folder with a folder of images for each class
   * @return every metric, with intervals
   * @throws dev.leaven.runtime.data.DataException when there are no images, or a class that the
   *     model does not know
   * @throws RunException when the run's images do not have one class each, or the checkpoint cannot
   *     be read
   * @throws TrainingException when memory runs out, or more than 1 % of the images cannot be
   *     decoded
   */
  public Evaluation evaluate(TestFolder folder) {
    try (TrainedModel model = TrainedModel.open(directory)) {
      return Evaluation.of(
          model.predict(model.data(folder).images(), model.stage().size(), SILENT));
    }
  }

  /**
   * Judges views of the run's own validation images with the model of the last checkpoint.
   *
   * @param tta which views, and how their answers are combined
   * @return every metric, with intervals, the same each time
   * @throws RunException when the images have changed, or the checkpoint cannot be read
   * @throws TrainingException when memory runs out, or more than 1 % of the images cannot be
   *     decoded
   */
  public Evaluation evaluate(TestTimeViews tta) {
    try (TrainedModel model = TrainedModel.open(directory)) {
      return Evaluation.of(model.predict(images(), model.stage().size(), tta, SILENT));
    }
  }

  // By this plan and not the checkpoint's, which cannot hold images that are in memory.
  private Samples images() {
    ImageData data = plan.data().source().load(plan.seed());
    Trainer.requireSame(plan, data, directory);
    return data.valid();
  }
}
