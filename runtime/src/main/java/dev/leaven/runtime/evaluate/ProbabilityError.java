package dev.leaven.runtime.evaluate;

import java.util.List;

/** How far probabilities are from the truth: Brier's score and the expected calibration error. */
final class ProbabilityError implements Family {

  private final double[] squares;
  private final float[] confidences;
  private final boolean[] right;
  private final int[] bins;

  /** Measures each image once. */
  ProbabilityError(float[][] answers, int[] labels, int[] predicted) {
    int n = answers.length;
    squares = new double[n];
    confidences = new float[n];
    right = new boolean[n];
    bins = new int[n];
    for (int i = 0; i < n; i++) {
      squares[i] = square(answers[i], labels[i]);
      confidences[i] = answers[i][predicted[i]];
      right[i] = labels[i] == predicted[i];
      bins[i] = Calibration.bin(confidences[i]);
    }
  }

  private static double square(float[] answers, int label) {
    if (answers.length == 2) {
      double error = (label == 1 ? 1 : 0) - (double) answers[1];
      return error * error;
    }
    double sum = 0;
    for (int k = 0; k < answers.length; k++) {
      double error = (k == label ? 1 : 0) - (double) answers[k];
      sum += error * error;
    }
    return sum;
  }

  Calibration calibration() {
    return Calibration.of(confidences, right);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.BRIER, Metric.CALIBRATION_ERROR);
  }

  @Override
  public double[] values(int[] counts) {
    double brier = 0;
    long images = 0;
    // For each bin, how many more correct predictions there are than the probabilities promise.
    double[] gaps = new double[Calibration.BINS];
    for (int i = 0; i < counts.length; i++) {
      images += counts[i];
      brier += counts[i] * squares[i];
      gaps[bins[i]] += counts[i] * ((right[i] ? 1 : 0) - (double) confidences[i]);
    }
    double error = 0;
    for (double gap : gaps) {
      error += Math.abs(gap);
    }
    return new double[] {brier / images, error / images};
  }

  @Override
  public long work() {
    return squares.length;
  }
}
