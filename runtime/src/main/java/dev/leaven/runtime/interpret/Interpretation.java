package dev.leaven.runtime.interpret;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DataException;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.evaluate.ConfusionMatrix;
import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.Predictions;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.TrainedModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The strengths and weaknesses of a trained model on a set of images, in their centre view at the
 * size of validation. Only predictions are kept; the few images that are shown are loaded again.
 *
 * <p>Without exactly one class per image there is no confusion matrix and no calibration; for
 * numbers there is no table of classes either: {@link Evaluation#notes} lists what is missing.
 * Cost: a forward pass for each image.
 */
public final class Interpretation {

  private final Plan plan;
  private final Stage stage;
  private final SafeTensors weights;
  private final Samples samples;
  private final Predictions predictions;
  private final Evaluation evaluation;

  private Interpretation(
      Plan plan, Stage stage, SafeTensors weights, Samples samples, Predictions predictions) {
    this.plan = plan;
    this.stage = stage;
    this.weights = weights;
    this.samples = samples;
    this.predictions = predictions;
    this.evaluation = Evaluation.of(predictions);
  }

  /**
   * Evaluates a model on images.
   *
   * @param model may be closed afterwards
   * @param samples images with their targets, such as the validation part of the run's data
   * @param listener receives the progress and the damaged files, which are left out
   * @return its predictions with their metrics
   */
  public static Interpretation of(TrainedModel model, Samples samples, TrainingListener listener) {
    Stage stage = model.stage();
    Predictions predictions = model.predict(samples, stage.size(), listener);
    return new Interpretation(model.plan(), stage, model.weights(), samples, predictions);
  }

  /**
   * The predictions.
   *
   * @return a row for each image that could be loaded
   */
  public Predictions predictions() {
    return predictions;
  }

  /**
   * The metrics of the predictions, including the confusion matrix, the table of classes and the
   * calibration.
   *
   * @return all metrics of the task
   */
  public Evaluation evaluation() {
    return evaluation;
  }

  /**
   * The pairs of classes that are confused most often.
   *
   * @param most the largest number of pairs, at least 0
   * @return the pair with the most images first; empty where images do not have one class each
   */
  public List<ConfusionMatrix.Pair> mostConfused(int most) {
    Check.atLeast("mostConfused", "most", most, 0);
    return evaluation.confusion().map(matrix -> matrix.mostConfused(most)).orElse(List.of());
  }

  /**
   * The images with the highest losses.
   *
   * @param most the largest number of images, at least 0
   * @return the highest first; among equals in the order of the images
   */
  public List<Mistake> topLosses(int most) {
    Check.atLeast("topLosses", "most", most, 0);
    float[] losses = predictions.plainLosses();
    return IntStream.range(0, predictions.size())
        .boxed()
        // A loss that is NaN ranks above any number.
        .sorted(Comparator.comparingDouble((Integer row) -> losses[row]).reversed())
        .limit(most)
        .map(this::mistake)
        .toList();
  }

  private Mistake mistake(int row) {
    int image = predictions.images()[row];
    return new Mistake(
        row,
        image,
        samples instanceof Samples.Files files
            ? Optional.of(files.paths().get(image))
            : Optional.empty(),
        plan.data().task() == Task.CLASSIFICATION ? predictions.predicted(row) : furthest(row),
        predictions.plainLosses()[row]);
  }

  private int furthest(int row) {
    float[] answers = predictions.answers()[row];
    float[] targets = predictions.targets()[row];
    int furthest = 0;
    for (int k = 1; k < answers.length; k++) {
      if (Math.abs(answers[k] - targets[k]) > Math.abs(answers[furthest] - targets[furthest])) {
        furthest = k;
      }
    }
    return furthest;
  }

  /**
   * Loads images again and finds the places in them that led to the model's predictions: {@link
   * GradCam} of each one's {@link Mistake#output}.
   *
   * @param mistakes some of {@link #topLosses}
   * @return one for each, without a picture where the image cannot be loaded any more
   */
  public List<ExplainedMistake> explain(List<Mistake> mistakes) {
    if (mistakes.isEmpty()) {
      return List.of();
    }
    List<ExplainedMistake> explained = new ArrayList<>();
    try (GradCam gradCam = new GradCam(plan, weights.values(), samples)) {
      for (Mistake mistake : mistakes) {
        try {
          HeatMap heat = gradCam.of(mistake.image(), mistake.output(), stage);
          explained.add(new ExplainedMistake(mistake, Optional.of(heat), Optional.empty()));
        } catch (DataException e) {
          explained.add(
              new ExplainedMistake(mistake, Optional.empty(), Optional.ofNullable(e.getMessage())));
        }
      }
    }
    return explained;
  }
}
