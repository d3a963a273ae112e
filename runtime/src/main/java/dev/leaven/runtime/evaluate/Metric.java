package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Task;
import java.util.List;

/** How a model's predictions are compared with the targets. */
public enum Metric {
  /** The fraction of images whose class has the highest probability, 0 to 1. */
  TOP1("top-1", "top1", true, true),
  /** The fraction of images whose class is among the five most probable, 0 to 1. */
  TOP5("top-5", "top5", true, true),
  /**
   * The fraction of correct predictions, one for each image and class. A prediction is correct if
   * the class is present and its probability is above 0.5, or neither; 0 to 1. fastai's {@code
   * accuracy_multi}.
   */
  ACCURACY_MULTI("acc-multi", "accuracy_multi", true, true),
  /**
   * The mean over the classes of the harmonic mean of precision and recall, 0 to 1. With several
   * classes for each image, those above a probability of 0.5 are predicted, and a class that is
   * neither present nor predicted counts as 0; with one class for each image, such a class is left
   * out. Both are scikit-learn's {@code f1_score(average='macro')}.
   */
  F1("F1", "f1", true, true),
  /** The root of the mean squared error, in the targets' unit. */
  RMSE("RMSE", "rmse", false, false),
  /** The mean absolute error, in the targets' unit. */
  MAE("MAE", "mae", false, false),
  /**
   * The fraction of the targets' variance that is explained: 1 at best, 0 for always predicting
   * their mean; the mean over the columns.
   */
  R2("R²", "r2", false, true),
  /** The mean recall over the classes that have images, 0 to 1. */
  BALANCED_ACCURACY("balanced accuracy", "balanced_accuracy", true, true),
  /**
   * Cohen's kappa: the fraction of the possible agreement beyond chance that was reached. 1 at
   * best, 0 for predictions that ignore the image, below 0 for worse ones.
   */
  KAPPA("Cohen's kappa", "kappa", false, true),
  /**
   * Matthews' correlation of predictions and classes, in Gorodkin's form for several classes: 1 at
   * best, 0 for predictions that ignore the image; also 0 where all predictions are one class.
   */
  MCC("MCC", "mcc", false, true),
  /**
   * The probability that an image of a class gets a higher predicted probability of it than an
   * image of another class, ties counting half; the mean over the classes, each against the rest.
   * With two classes, the value of the second. 0.5 for predictions that ignore the image.
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
   * The expected calibration error: the distance between the fraction of correct predictions and
   * the predicted probability, over 15 bins of the highest probability of equal width, weighted by
   * their images.
   */
  CALIBRATION_ERROR("calibration error", "calibration_error", false, false),
  /** The fraction of images with correct predictions for all classes, 0 to 1. */
  EXACT_MATCH("exact match", "exact_match", true, true),
  /** F1 of all images and classes pooled together, at a threshold of 0.5; 0 to 1. */
  F1_MICRO("F1, micro", "f1_micro", true, true),
  /** The ROC AUC of all images and classes pooled together. */
  ROC_AUC_MICRO("ROC AUC, micro", "roc_auc_micro", false, true),
  /** The average precision of all images and classes pooled together. */
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
   * @param task the kind of prediction for an image
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
   * Its display name.
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
   * Whether it is a fraction from 0 to 1, which is shown in percent.
   *
   * @return false for a number in the targets' unit
   */
  public boolean isShare() {
    return share;
  }

  /**
   * Whether its value is informative for predictions of one class among the given number.
   *
   * @param classes the number of classes
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
