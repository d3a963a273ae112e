package dev.leaven.runtime.evaluate;

/**
 * How often predictions and classes agree beyond what their frequencies alone explain: the metrics
 * that need only the diagonal and the sums of a confusion matrix.
 *
 * @param images all images
 * @param hits correct predictions of each class
 * @param truth images of each class
 * @param said predictions of each class
 */
record Agreement(long images, long[] hits, long[] truth, long[] said) {

  /**
   * The classes of some images and their predictions, each image counted a given number of times.
   */
  static Agreement of(int classes, int[] labels, int[] predicted, int[] counts) {
    long images = 0;
    long[] hits = new long[classes];
    long[] truth = new long[classes];
    long[] said = new long[classes];
    for (int i = 0; i < labels.length; i++) {
      images += counts[i];
      truth[labels[i]] += counts[i];
      said[predicted[i]] += counts[i];
      hits[labels[i]] += labels[i] == predicted[i] ? counts[i] : 0;
    }
    return new Agreement(images, hits, truth, said);
  }

  double precision(int k) {
    return said[k] == 0 ? 0 : (double) hits[k] / said[k];
  }

  double recall(int k) {
    return truth[k] == 0 ? 0 : (double) hits[k] / truth[k];
  }

  double f1(int k) {
    return hits[k] == 0 ? 0 : 2.0 * hits[k] / (truth[k] + said[k]);
  }

  /** Over the classes that occur, in the images or in the predictions. */
  double macroF1() {
    double sum = 0;
    int classes = 0;
    for (int k = 0; k < hits.length; k++) {
      sum += f1(k);
      classes += truth[k] + said[k] > 0 ? 1 : 0;
    }
    return sum / classes;
  }

  double balancedAccuracy() {
    double sum = 0;
    int classes = 0;
    for (int k = 0; k < hits.length; k++) {
      sum += recall(k);
      classes += truth[k] > 0 ? 1 : 0;
    }
    return sum / classes;
  }

  /** Not a number when chance explains all: a single class in both images and predictions. */
  double kappa() {
    double expected = dot(truth, said) / images;
    return 1 - (images - right()) / (images - expected);
  }

  double matthews() {
    double n = images;
    double together = right() * n - dot(truth, said);
    double truths = n * n - dot(truth, truth);
    double answers = n * n - dot(said, said);
    return truths * answers == 0 ? 0 : together / Math.sqrt(truths * answers);
  }

  private double right() {
    double right = 0;
    for (long hit : hits) {
      right += hit;
    }
    return right;
  }

  private static double dot(long[] a, long[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }
}
