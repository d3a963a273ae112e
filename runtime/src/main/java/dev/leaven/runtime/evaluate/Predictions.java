package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Task;
import java.util.List;

/**
 * A model's predictions for each image of a set, with the targets. Row {@code i} of every array
 * belongs to the same image. Cost: a few bytes for each image and output; pixels are not kept.
 *
 * @param task the kind of prediction for an image
 * @param classNames the classes in the order of their numbers, or the name of each number
 * @param images the images' numbers in the set; those that could not be decoded are not among them
 * @param answers probabilities, or numbers in the targets' unit, {@code [images][outputs]}
 * @param targets the number of the class alone, a 0 or 1 for each class, or numbers, {@code
 *     [images][columns]}
 * @param losses against the targets of training, label smoothing included
 * @param plainLosses against the targets as they are
 */
public record Predictions(
    Task task,
    List<String> classNames,
    int[] images,
    float[][] answers,
    float[][] targets,
    float[] losses,
    float[] plainLosses) {

  /**
   * Checks that all arrays belong to the same images.
   *
   * @throws IllegalArgumentException when they differ in length
   */
  public Predictions {
    classNames = List.copyOf(classNames);
    if (answers.length != images.length
        || targets.length != images.length
        || losses.length != images.length
        || plainLosses.length != images.length) {
      throw new IllegalArgumentException(
          "predictions: %d images, but %d answers, %d targets, %d losses and %d plain losses"
              .formatted(
                  images.length,
                  answers.length,
                  targets.length,
                  losses.length,
                  plainLosses.length));
    }
  }

  /**
   * How many images were evaluated.
   *
   * @return at least 0
   */
  public int size() {
    return images.length;
  }

  /**
   * The class of an image that has one.
   *
   * @param row the image's row
   * @return its number
   * @throws IllegalStateException when images do not have one class each
   */
  public int label(int row) {
    requireClasses();
    return (int) targets[row][0];
  }

  /**
   * The class of highest probability; of several that are as high, the one with the lowest number.
   *
   * @param row the image's row
   * @return its number
   * @throws IllegalStateException when images do not have one class each
   */
  public int predicted(int row) {
    requireClasses();
    float[] probabilities = answers[row];
    int best = 0;
    for (int k = 1; k < probabilities.length; k++) {
      if (probabilities[k] > probabilities[best]) {
        best = k;
      }
    }
    return best;
  }

  private void requireClasses() {
    if (task != Task.CLASSIFICATION) {
      throw new IllegalStateException("these images do not have one class each");
    }
  }

  /**
   * The scores that training reports.
   *
   * @return means over all images
   * @throws IllegalStateException when there are no images
   */
  public Scores scores() {
    Scorer scorer = Scorer.of(task);
    for (int i = 0; i < size(); i++) {
      scorer.add(answers[i], targets[i], losses[i], plainLosses[i]);
    }
    return scorer.scores();
  }
}
