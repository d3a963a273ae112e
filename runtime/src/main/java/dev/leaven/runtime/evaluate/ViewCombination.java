package dev.leaven.runtime.evaluate;

import java.util.Arrays;

/** Sums the predictions for the views of images. Not thread-safe. */
public final class ViewCombination {

  private final double beta;
  private final boolean max;
  private final double[][] others;
  private final int[] views;

  ViewCombination(double beta, boolean max, int images) {
    this.beta = beta;
    this.max = max;
    others = new double[images][];
    views = new int[images];
  }

  /**
   * Adds a view of an image.
   *
   * @param image its number
   * @param answer a probability for each class, or numbers
   */
  public void add(int image, float[] answer) {
    if (others[image] == null) {
      others[image] = new double[answer.length];
      // Numbers, unlike probabilities, may be below 0.
      Arrays.fill(others[image], max ? Double.NEGATIVE_INFINITY : 0);
    }
    double[] row = others[image];
    for (int k = 0; k < row.length; k++) {
      row[k] = max ? Math.max(row[k], answer[k]) : row[k] + answer[k];
    }
    views[image]++;
  }

  /**
   * Combines an image's views with its plain one.
   *
   * @param image its number
   * @param plain the prediction for the plain view
   * @return the combined prediction
   * @throws IllegalStateException when no other view was added
   */
  public float[] result(int image, float[] plain) {
    if (views[image] == 0) {
      throw new IllegalStateException("image %d has no augmented view".formatted(image));
    }
    float[] result = new float[plain.length];
    for (int k = 0; k < plain.length; k++) {
      double other = others[image][k];
      result[k] =
          (float)
              (max
                  ? Math.max(other, plain[k])
                  : beta * plain[k] + (1 - beta) * other / views[image]);
    }
    return result;
  }
}
