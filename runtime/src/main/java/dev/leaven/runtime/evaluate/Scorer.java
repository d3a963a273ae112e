package dev.leaven.runtime.evaluate;

/**
 * Adds up scores image by image.
 *
 * <p>An image counts as right within {@code k} when fewer than {@code k} classes stand before its
 * own: those with a higher probability, and those with the same and a lower number. An image whose
 * probability is not a number counts as wrong.
 */
public final class Scorer {

  private int images;
  private double loss;
  private double plainLoss;
  private int top1;
  private int top5;

  /**
   * Adds an image.
   *
   * @param probabilities one for each class
   * @param label the number of its class
   * @param imageLoss its loss against the target of training
   * @param imagePlainLoss its cross-entropy against the label
   */
  public void add(float[] probabilities, int label, double imageLoss, double imagePlainLoss) {
    images++;
    loss += imageLoss;
    plainLoss += imagePlainLoss;
    int before = before(probabilities, label);
    top1 += before < 1 ? 1 : 0;
    top5 += before < 5 ? 1 : 0;
  }

  private static int before(float[] probabilities, int label) {
    float own = probabilities[label];
    if (Float.isNaN(own)) {
      return Integer.MAX_VALUE;
    }
    int before = 0;
    for (int k = 0; k < probabilities.length; k++) {
      if (probabilities[k] > own || (probabilities[k] == own && k < label)) {
        before++;
      }
    }
    return before;
  }

  /**
   * The scores so far.
   *
   * @return means over the images added
   * @throws IllegalStateException when there were none
   */
  public Scores scores() {
    if (images == 0) {
      throw new IllegalStateException("there are no images to score");
    }
    return new Scores(
        images, loss / images, plainLoss / images, (double) top1 / images, (double) top5 / images);
  }
}
