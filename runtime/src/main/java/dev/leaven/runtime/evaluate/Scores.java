package dev.leaven.runtime.evaluate;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How a model did on a set of images.
 *
 * @param images how many were evaluated
 * @param loss the mean loss against the targets that training uses, label smoothing included
 * @param plainLoss the mean loss against the targets as they are, without smoothing
 * @param metrics the metrics of the task
 */
public record Scores(int images, double loss, double plainLoss, Map<Metric, Double> metrics) {

  /** Keeps its own copy, in the order of the metrics. */
  public Scores {
    metrics = Collections.unmodifiableMap(new EnumMap<>(metrics));
  }

  /**
   * Scores of a classifier of one class for each image.
   *
   * @param images how many were evaluated
   * @param loss the mean loss, label smoothing included
   * @param plainLoss the mean cross-entropy against the labels
   * @param top1 the fraction of images whose label had the highest probability, 0 to 1
   * @param top5 the fraction of images whose label was among the five highest, 0 to 1; with fewer
   *     than five classes it is 1
   */
  public Scores(int images, double loss, double plainLoss, double top1, double top5) {
    this(images, loss, plainLoss, Map.of(Metric.TOP1, top1, Metric.TOP5, top5));
  }

  /**
   * A metric's value.
   *
   * @param metric one of the task's
   * @return fractions from 0 to 1, errors in the targets' unit
   * @throws IllegalArgumentException when it was not measured
   */
  public double get(Metric metric) {
    Double value = metrics.get(metric);
    if (value == null) {
      throw new IllegalArgumentException(
          "there is no %s of this task, but %s"
              .formatted(metric.label(), metrics.keySet().stream().map(Metric::label).toList()));
    }
    return value;
  }

  /**
   * The metric by which the best epoch is chosen.
   *
   * @return the first of the task's
   */
  public Metric primary() {
    return metrics.keySet().iterator().next();
  }

  /**
   * The fraction of images whose class had the highest probability.
   *
   * @return 0 to 1
   * @throws IllegalArgumentException when images do not have one class each
   */
  public double top1() {
    return get(Metric.TOP1);
  }

  /**
   * The fraction of images whose class was among the five of highest probability.
   *
   * @return 0 to 1
   * @throws IllegalArgumentException when images do not have one class each
   */
  public double top5() {
    return get(Metric.TOP5);
  }

  /**
   * Compares two scores of one task by its primary metric, and by loss among equals.
   *
   * @param other what these are compared with
   * @return whether these are better than the other
   */
  public boolean betterThan(Scores other) {
    double own = get(primary());
    double others = other.get(primary());
    return primary().better(own, others) || (own == others && loss < other.loss);
  }
}
