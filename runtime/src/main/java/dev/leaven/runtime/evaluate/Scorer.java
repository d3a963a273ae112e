package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Task;
import java.util.Map;

/** Adds up scores image by image. Not thread-safe. */
public abstract sealed class Scorer permits LabelScorer, MultiLabelScorer, NumberScorer {

  private int images;
  private double loss;
  private double plainLoss;

  /** For the three tasks. */
  Scorer() {}

  /**
   * A scorer without images yet.
   *
   * @param task the kind of prediction for an image
   * @return the scorer of that task
   */
  public static Scorer of(Task task) {
    return switch (task) {
      case CLASSIFICATION -> new LabelScorer();
      case MULTI_LABEL -> new MultiLabelScorer();
      case REGRESSION -> new NumberScorer();
    };
  }

  /**
   * Adds an image.
   *
   * @param outputs the model's prediction: probabilities, or numbers in the targets' unit
   * @param target the number of its class alone, a 0 or 1 for each class, or its numbers
   * @param imageLoss its loss against the target of training
   * @param imagePlainLoss its loss against the target as it is
   */
  public final void add(float[] outputs, float[] target, double imageLoss, double imagePlainLoss) {
    images++;
    loss += imageLoss;
    plainLoss += imagePlainLoss;
    count(outputs, target);
  }

  abstract void count(float[] outputs, float[] target);

  abstract Map<Metric, Double> metrics(int images);

  /**
   * The scores so far.
   *
   * @return means over the images added
   * @throws IllegalStateException when there were none
   */
  public final Scores scores() {
    if (images == 0) {
      throw new IllegalStateException("there are no images to score");
    }
    return new Scores(images, loss / images, plainLoss / images, metrics(images));
  }
}
