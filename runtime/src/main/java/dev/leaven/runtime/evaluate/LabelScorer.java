package dev.leaven.runtime.evaluate;

import java.util.Map;

/**
 * Counts right classes. An image counts as right within {@code k} when fewer than {@code k} classes
 * stand before its own: those with a higher probability, and those with the same and a lower
 * number. An image whose probability is not a number counts as wrong.
 */
final class LabelScorer extends Scorer {

  private int top1;
  private int top5;

  @Override
  void count(float[] outputs, float[] target) {
    int before = before(outputs, (int) target[0]);
    top1 += before < 1 ? 1 : 0;
    top5 += before < 5 ? 1 : 0;
  }

  /** How many classes stand before the image's own. */
  static int before(float[] probabilities, int label) {
    float own = probabilities[label];
    if (Float.isNaN(own)) {
      return Integer.MAX_VALUE;
    }
    int before = 0;
    for (int k = 0; k < probabilities.length; k++) {
      if (probabilities[k] > own || (probabilities[k] == own && k < label)) {
        before++;
      }
    }
    return before;
  }

  @Override
  Map<Metric, Double> metrics(int images) {
    return Map.of(Metric.TOP1, (double) top1 / images, Metric.TOP5, (double) top5 / images);
  }
}
