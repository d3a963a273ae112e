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
   * The mean over the classes of the harmonic mean of precision and recall, at a threshold of 0.5;
   * 0 to 1. A class that is neither there nor answered counts as 0, as in scikit-learn.
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
  R2("R²", "r2", false, true);

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
   * Compares two values.
   *
   * @return whether {@code value} is better than {@code other}; false when it is not a number
   */
  public boolean better(double value, double other) {
    return higherIsBetter ? value > other : value < other;
  }
}
