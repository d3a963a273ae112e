package dev.leaven.runtime.evaluate;

import java.util.Arrays;
import java.util.List;

/**
 * Accuracy and F1 of several classes for each image: a class is predicted where its probability is
 * above 0.5.
 */
final class LabelSets implements Family {

  private static final float THRESHOLD = 0.5f;

  private final boolean[][] is;
  private final boolean[][] says;

  LabelSets(float[][] answers, float[][] targets) {
    is = above(targets);
    says = above(answers);
  }

  private static boolean[][] above(float[][] rows) {
    boolean[][] above = new boolean[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      above[i] = new boolean[rows[i].length];
      for (int k = 0; k < rows[i].length; k++) {
        above[i][k] = rows[i][k] > THRESHOLD;
      }
    }
    return above;
  }

  /** The classes of all images and the predictions, separately for each class. */
  Agreement agreement(int[] counts) {
    int classes = is[0].length;
    long images = 0;
    long[] hits = new long[classes];
    long[] truth = new long[classes];
    long[] said = new long[classes];
    for (int i = 0; i < is.length; i++) {
      images += counts[i];
      for (int k = 0; k < classes; k++) {
        truth[k] += is[i][k] ? counts[i] : 0;
        said[k] += says[i][k] ? counts[i] : 0;
        hits[k] += is[i][k] && says[i][k] ? counts[i] : 0;
      }
    }
    return new Agreement(images, hits, truth, said);
  }

  /** Images with correct predictions for all classes. */
  int exact() {
    int exact = 0;
    for (int i = 0; i < is.length; i++) {
      exact += Arrays.equals(is[i], says[i]) ? 1 : 0;
    }
    return exact;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.ACCURACY_MULTI, Metric.F1, Metric.F1_MICRO);
  }

  @Override
  public double[] values(int[] counts) {
    Agreement agreement = agreement(counts);
    int classes = is[0].length;
    double f1 = 0;
    long hits = 0;
    long truth = 0;
    long said = 0;
    for (int k = 0; k < classes; k++) {
      f1 += agreement.f1(k);
      hits += agreement.hits()[k];
      truth += agreement.truth()[k];
      said += agreement.said()[k];
    }
    double wrong = truth + said - 2.0 * hits;
    return new double[] {
      1 - wrong / ((double) agreement.images() * classes),
      f1 / classes,
      hits == 0 ? 0 : 2.0 * hits / (truth + said)
    };
  }

  @Override
  public long work() {
    return (long) is.length * is[0].length;
  }
}
