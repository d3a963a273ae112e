package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many images of each class were predicted as each class.
 *
 * @param classNames the classes in the order of their numbers
 * @param counts {@code counts[actual][predicted]} images; must not be changed
 */
public record ConfusionMatrix(List<String> classNames, int[][] counts) {

  /**
   * Images of one class that were predicted as another.
   *
   * @param actual the class of the images
   * @param predicted the predicted class
   * @param images how many
   * @param share their fraction of the images of the actual class, 0 to 1
   */
  public record Pair(String actual, String predicted, int images, double share) {}

  /**
   * Keeps its own copies.
   *
   * @throws IllegalArgumentException when there is not a row and a column for each class
   */
  public ConfusionMatrix {
    classNames = List.copyOf(classNames);
    int classes = classNames.size();
    if (counts.length != classes || Arrays.stream(counts).anyMatch(row -> row.length != classes)) {
      throw new IllegalArgumentException(
          "confusion matrix: %d classes need as many rows and columns".formatted(classes));
    }
    counts = Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
  }

  /**
   * Counts predictions.
   *
   * @param classNames the classes in the order of their numbers
   * @param labels the number of each image's class
   * @param predicted the number of the class predicted for each image
   * @return their confusion matrix
   * @throws IllegalArgumentException when the numbers of predictions and images differ
   */
  public static ConfusionMatrix of(List<String> classNames, int[] labels, int[] predicted) {
    if (labels.length != predicted.length) {
      throw new IllegalArgumentException(
          "confusion matrix: %d images, but %d answers".formatted(labels.length, predicted.length));
    }
    int[][] counts = new int[classNames.size()][classNames.size()];
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]][predicted[i]]++;
    }
    return new ConfusionMatrix(classNames, counts);
  }

  /**
   * The number of images of one class that were predicted as a given class.
   *
   * @param actual the number of their class
   * @param predicted the number of the predicted class
   * @return at least 0
   */
  public int count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /**
   * The number of images of a class.
   *
   * @param actual its number
   * @return at least 0
   */
  public int images(int actual) {
    return Arrays.stream(counts[actual]).sum();
  }

  /**
   * The number of images of all classes.
   *
   * @return at least 0
   */
  public int images() {
    return IntStream.range(0, counts.length).map(this::images).sum();
  }

  /**
   * The pairs of classes that are confused most often.
   *
   * @param most how many pairs, at least 0
   * @return most images first; equal numbers in the order of the classes
   */
  public List<Pair> mostConfused(int most) {
    Check.atLeast("mostConfused", "most", most, 0);
    List<Pair> pairs = new ArrayList<>();
    for (int a = 0; a < counts.length; a++) {
      int images = images(a);
      for (int p = 0; p < counts.length; p++) {
        if (a != p && counts[a][p] > 0) {
          pairs.add(
              new Pair(
                  classNames.get(a),
                  classNames.get(p),
                  counts[a][p],
                  (double) counts[a][p] / images));
        }
      }
    }
    pairs.sort(Comparator.comparingInt(Pair::images).reversed());
    return List.copyOf(pairs.subList(0, Math.min(most, pairs.size())));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix matrix
        && classNames.equals(matrix.classNames)
        && Arrays.deepEquals(counts, matrix.counts);
  }

  @Override
  public int hashCode() {
    return 31 * classNames.hashCode() + Arrays.deepHashCode(counts);
  }

  @Override
  public String toString() {
    return "ConfusionMatrix[%d classes, %d images]".formatted(classNames.size(), images());
  }
}
