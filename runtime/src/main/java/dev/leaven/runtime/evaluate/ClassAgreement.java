package dev.leaven.runtime.evaluate;

import java.util.List;

/** F1, balanced accuracy, kappa and MCC of one class for each image. */
record ClassAgreement(int classes, int[] labels, int[] predicted) implements Family {

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.F1, Metric.BALANCED_ACCURACY, Metric.KAPPA, Metric.MCC);
  }

  @Override
  public double[] values(int[] counts) {
    Agreement agreement = agreement(counts);
    return new double[] {
      agreement.macroF1(), agreement.balancedAccuracy(), agreement.kappa(), agreement.matthews()
    };
  }

  Agreement agreement(int[] counts) {
    return Agreement.of(classes, labels, predicted, counts);
  }

  @Override
  public long work() {
    return labels.length + classes;
  }
}
