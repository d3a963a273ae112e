package dev.leaven.runtime.evaluate;

import java.util.Map;

/**
 * Adds up errors. The variance of each column is found as the images come, by Welford's rule, which
 * does not lose digits where a mean is large.
 */
final class NumberScorer extends Scorer {

  private long count;
  private double absolute;
  private double[] squared = new double[0];
  private double[] mean = new double[0];
  private double[] spread = new double[0];

  @Override
  void count(float[] outputs, float[] target) {
    if (squared.length == 0) {
      squared = new double[outputs.length];
      mean = new double[outputs.length];
      spread = new double[outputs.length];
    }
    count++;
    for (int k = 0; k < outputs.length; k++) {
      double error = (double) outputs[k] - target[k];
      absolute += Math.abs(error);
      squared[k] += error * error;
      double before = target[k] - mean[k];
      mean[k] += before / count;
      spread[k] += before * (target[k] - mean[k]);
    }
  }

  @Override
  Map<Metric, Double> metrics(int images) {
    double all = 0;
    double explained = 0;
    for (int k = 0; k < squared.length; k++) {
      all += squared[k];
      // Identical targets have no variance to explain: 1 if they are predicted exactly, else 0.
      explained += spread[k] > 0 ? 1 - squared[k] / spread[k] : squared[k] == 0 ? 1 : 0;
    }
    double numbers = (double) count * squared.length;
    return Map.of(
        Metric.RMSE,
        Math.sqrt(all / numbers),
        Metric.MAE,
        absolute / numbers,
        Metric.R2,
        explained / squared.length);
  }
}
