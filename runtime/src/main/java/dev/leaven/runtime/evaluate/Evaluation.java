package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.TechniqueJson;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All measurements of a model's predictions on a set of images.
 *
 * <p>The values are those of scikit-learn, absent classes included; where scikit-learn has no
 * value, the value is left out and {@code notes} contains the reason. Intervals are at 95 %:
 * Wilson's for fractions of images, the percentiles of a seeded bootstrap over the images for the
 * others.
 *
 * @param task the kind of prediction for an image
 * @param classNames the classes in the order of their numbers, or the name of each number
 * @param images how many were evaluated
 * @param loss the mean loss against the targets that training uses, label smoothing included
 * @param plainLoss the mean loss against the targets as they are
 * @param metrics the metrics of the task, in the order of {@link Metric}; the first of {@link
 *     Metric#of} is the one that counts most
 * @param topK the fraction of images whose class is among the {@code k} most probable, for each
 *     requested {@code k} besides 1 and 5; only with one class for each image
 * @param classes how each class did, in their order; empty for numbers
 * @param numbers how each number did, in their order; empty for classes
 * @param confusion which classes are confused with which; only with one class for each image and up
 *     to 4,000 classes
 * @param calibration whether the probabilities match the accuracy; only with one class for each
 *     image
 * @param notes what was left out and why, in sentences
 */
public record Evaluation(
    Task task,
    List<String> classNames,
    int images,
    Estimate loss,
    Estimate plainLoss,
    Map<Metric, Estimate> metrics,
    List<TopK> topK,
    List<ClassScores> classes,
    List<NumberScores> numbers,
    Optional<ConfusionMatrix> confusion,
    Optional<Calibration> calibration,
    List<String> notes) {

  /** Keeps its own copies, the metrics in their order. */
  public Evaluation {
    classNames = List.copyOf(classNames);
    metrics = Collections.unmodifiableMap(new EnumMap<>(metrics));
    topK = List.copyOf(topK);
    classes = List.copyOf(classes);
    numbers = List.copyOf(numbers);
    notes = List.copyOf(notes);
  }

  /**
   * Measures predictions.
   *
   * @param predictions the predictions for some images, at least one
   * @param topK the values of {@code k} for which to measure the fraction of images whose class is
   *     among the {@code k} most probable, besides 1 and 5; each at least 1 and possibly above the
   *     number of classes
   * @return all measurements for the task
   * @throws IllegalArgumentException when there are no images, predictions are not finite numbers,
   *     or a {@code k} is below 1
   */
  public static Evaluation of(Predictions predictions, int... topK) {
    return Evaluating.of(predictions, topK);
  }

  /**
   * A metric's value.
   *
   * @param metric one of the task's
   * @return fractions from 0 to 1, errors in the targets' unit
   * @throws IllegalArgumentException when it was not measured; the message lists those that were
   */
  public double get(Metric metric) {
    return estimate(metric).value();
  }

  /**
   * A metric's value and interval.
   *
   * @param metric one of the task's
   * @return fractions from 0 to 1, errors in the targets' unit
   * @throws IllegalArgumentException when it was not measured; the message lists those that were
   */
  public Estimate estimate(Metric metric) {
    Estimate estimate = metrics.get(metric);
    if (estimate == null) {
      throw new IllegalArgumentException(
          "there is no %s of these images, but %s"
              .formatted(metric.label(), metrics.keySet().stream().map(Metric::label).toList()));
    }
    return estimate;
  }

  /**
   * Whether training's targets differ from the images' own, as with label smoothing: only then do
   * the two losses differ.
   *
   * @return whether {@code loss} differs from {@code plainLoss}
   */
  public boolean smoothed() {
    return loss.value() != plainLoss.value();
  }

  /**
   * Whether there are no errors: each image's class was predicted.
   *
   * @return false where images do not have one class each
   */
  public boolean allRight() {
    return task == Task.CLASSIFICATION && get(Metric.TOP1) == 1;
  }

  /**
   * The metric that counts most.
   *
   * @return the first of the task's
   */
  public Metric primary() {
    return Metric.of(task).get(0);
  }

  /**
   * A metric's display name, as it was measured here.
   *
   * @param metric one of the task's
   * @return for instance {@code "F1, macro"} where it is the mean over the classes
   */
  public String label(Metric metric) {
    boolean mean =
        switch (metric) {
          case F1, AVERAGE_PRECISION -> classNames.size() > 1;
          // Of two classes that exclude each other it is that of the second.
          case ROC_AUC -> classNames.size() > (task == Task.CLASSIFICATION ? 2 : 1);
          default -> false;
        };
    return mean ? metric.label() + ", macro" : metric.label();
  }

  /**
   * Formats it for reading.
   *
   * @return lines for a terminal: the metrics with their intervals, a table of the classes or
   *     numbers, the classes most often confused, and the notes; of more than 20 classes the worst
   */
  public String text() {
    return EvaluationText.of(this);
  }

  /**
   * Writes it as JSON.
   *
   * @return an object with line breaks, which {@link TechniqueJson#read} reads back
   */
  public String json() {
    return TechniqueJson.writePretty(this);
  }
}
