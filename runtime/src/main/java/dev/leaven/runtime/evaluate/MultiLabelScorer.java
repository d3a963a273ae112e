package dev.leaven.runtime.evaluate;

import java.util.Map;

/**
 * Counts correct predictions for each class: a class is predicted where its probability is above
 * 0.5. A probability that is not a number is not a prediction and counts as wrong.
 */
final class MultiLabelScorer extends Scorer {

  private static final float THRESHOLD = 0.5f;

  private long right;
  private long[] hits = new long[0];
  private long[] answered = new long[0];
  private long[] there = new long[0];

  @Override
  void count(float[] outputs, float[] target) {
    if (hits.length == 0) {
      hits = new long[outputs.length];
      answered = new long[outputs.length];
      there = new long[outputs.length];
    }
    for (int k = 0; k < outputs.length; k++) {
      boolean is = target[k] > THRESHOLD;
      boolean says = outputs[k] > THRESHOLD;
      right += is == says && !Float.isNaN(outputs[k]) ? 1 : 0;
      hits[k] += is && says ? 1 : 0;
      answered[k] += says ? 1 : 0;
      there[k] += is ? 1 : 0;
    }
  }

  @Override
  Map<Metric, Double> metrics(int images) {
    double f1 = 0;
    for (int k = 0; k < hits.length; k++) {
      f1 += hits[k] == 0 ? 0 : 2.0 * hits[k] / (answered[k] + there[k]);
    }
    return Map.of(
        Metric.ACCURACY_MULTI,
        (double) right / ((long) images * hits.length),
        Metric.F1,
        f1 / hits.length);
  }
}
