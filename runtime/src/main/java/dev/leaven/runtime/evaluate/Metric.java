package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Task;
import java.util.List;

/** How a model's answers are compared with the targets. */
public enum Metric {
  /** The share of images whose class has the highest probability, 0 to 1. */
  TOP1("top-1", "top1", true, true),
  /** The share of images whose class is among the five most probable, 0 to 1. */
  TOP5("top-5", "top5", true, true),
  /**
   * The share of answers, one for each image and class, that are right: the class is there and its
   * probability above 0.5, or neither; 0 to 1. fastai's {@code accuracy_multi}.
   */
  ACCURACY_MULTI("acc-multi", "accuracy_multi", true, true),
  /**
   * The mean over the classes of the harmonic mean of precision and recall, 0 to 1. Of several
   * classes for each image, those above a probability of 0.5 are answered, and one that is neither
   * there nor answered counts as 0; of one class for each image, such a class is left out. Both are
   * scikit-learn's {@code f1_score(average='macro')}.
   */
  F1("F1", "f1", true, true),
  /** The root of the mean squared error, in the targets' unit. */
  RMSE("RMSE", "rmse", false, false),
  /** The mean absolute error, in the targets' unit. */
  MAE("MAE", "mae", false, false),
  /**
   * The share of the targets' variance that is explained: 1 at best, 0 for always answering their
   * mean; the mean over the columns.
   */
  R2("R²", "r2", false, true),
  /** The mean over the classes that have images of the share of them found, 0 to 1. */
  BALANCED_ACCURACY("balanced accuracy", "balanced_accuracy", true, true),
  /**
   * Cohen's kappa: how much of the agreement that chance does not explain was reached. 1 at best, 0
   * for answers that know nothing of the image, below 0 for worse ones.
   */
  KAPPA("Cohen's kappa", "kappa", false, true),
  /**
   * Matthews' correlation of answers and classes, in Gorodkin's form for several classes: 1 at
   * best, 0 for answers that know nothing of the image; 0 too where all answers are one class.
   */
  MCC("MCC", "mcc", false, true),
  /**
   * The chance that an image of a class is answered with a higher probability of it than one of
   * another class, ties counting half; the mean over the classes, each against the rest. Of two
   * classes, that of the second. 0.5 for answers that know nothing.
   */
  ROC_AUC("ROC AUC", "roc_auc", false, true),
  /**
   * The area under precision over recall as a sum of steps, {@code Σ (Rₙ - Rₙ₋₁)·Pₙ}; the mean over
   * the classes. scikit-learn's {@code average_precision_score}.
   */
  AVERAGE_PRECISION("average precision", "average_precision", false, true),
  /**
   * The mean squared distance of probabilities and truth, summed over the classes, 0 to 2; of two
   * classes that of one, 0 to 1.
   */
  BRIER("Brier score", "brier", false, false),
  /**
   * The expected calibration error: how far the share of right answers is from the probability
   * claimed, over 15 bins of the highest probability of equal width, weighed by their images.
   */
  CALIBRATION_ERROR("calibration error", "calibration_error", false, false),
  /** The share of images all of whose classes are answered right, 0 to 1. */
  EXACT_MATCH("exact match", "exact_match", true, true),
  /** F1 of all images and classes as one heap, at a threshold of 0.5; 0 to 1. */
  F1_MICRO("F1, micro", "f1_micro", true, true),
  /** The ROC AUC of all images and classes as one heap. */
  ROC_AUC_MICRO("ROC AUC, micro", "roc_auc_micro", false, true),
  /** The average precision of all images and classes as one heap. */
  AVERAGE_PRECISION_MICRO("average precision, micro", "average_precision_micro", false, true),
  /** The median absolute error, in the targets' unit; the mean over the columns. */
  MEDIAN_ERROR("median error", "median_error", false, false);

  private final String label;
  private final String key;
  private final boolean share;
  private final boolean higherIsBetter;

  Metric(String label, String key, boolean share, boolean higherIsBetter) {
    this.label = label;
    this.key = key;
    this.share = share;
    this.higherIsBetter = higherIsBetter;
  }

  /**
   * The metrics that an epoch is reported with.
   *
   * @param task what is asked of an image
   * @return the first is the one by which the best epoch is chosen
   */
  public static List<Metric> of(Task task) {
    return switch (task) {
      case CLASSIFICATION -> List.of(TOP1, TOP5);
      case MULTI_LABEL -> List.of(ACCURACY_MULTI, F1);
      case REGRESSION -> List.of(RMSE, MAE, R2);
    };
  }

  /**
   * Its name for people.
   *
   * @return for instance {@code "top-1"}
   */
  public String label() {
    return label;
  }

  /**
   * Its name in files.
   *
   * @return for instance {@code "top1"}
   */
  public String key() {
    return key;
  }

  /**
   * Whether it is a share from 0 to 1, which people read in percent.
   *
   * @return false for a number in the targets' unit
   */
  public boolean isShare() {
    return share;
  }

  /**
   * Whether its value says anything of answers that choose one of so many classes.
   *
   * @param classes how many there are
   * @return false for the top-5 of five classes or fewer, which is always 1
   */
  public boolean tells(int classes) {
    return this != TOP5 || classes > 5;
  }

  /**
   * Compares two values.
   *
   * @param value a value of this metric
   * @param other the value that it is compared with
   * @return whether {@code value} is better than {@code other}; false when it is not a number
   */
  public boolean better(double value, double other) {
    return higherIsBetter ? value > other : value < other;
  }
}
