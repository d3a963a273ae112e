package dev.leaven.runtime.data;

import java.util.stream.IntStream;

/**
 * A random division of labelled images in which every class keeps its proportion in both parts.
 *
 * <p>Of a class with {@code n} images {@code round(n · fraction)} are for validation, but at least
 * one, and at least one stays for training; a class with a single image is for training. Which ones
 * depends on the seed, the class and its number of images, and on no other class.
 *
 * @param train positions of the training images, ascending
 * @param valid positions of the validation images, ascending
 */
record StratifiedSplit(int[] train, int[] valid) {

  /**
   * Divides images by their labels.
   *
   * @param labels a class number from 0 for each image
   * @param validFraction the fraction for validation, above 0 and below 1
   * @param seed decides which images; the same seed makes the same split
   * @return both parts; {@code valid} is empty when no class has two images
   */
  static StratifiedSplit of(int[] labels, double validFraction, long seed) {
    int[][] members = ShuffleOrder.members(labels);
    boolean[] valid = new boolean[labels.length];
    for (int k = 0; k < members.length; k++) {
      int n = members[k].length;
      int[] order = ShuffleOrder.shuffled(seed, ShuffleOrder.Purpose.SPLIT, k, n);
      for (int i = 0; i < validCount(n, validFraction); i++) {
        valid[members[k][order[i]]] = true;
      }
    }
    return new StratifiedSplit(
        IntStream.range(0, labels.length).filter(i -> !valid[i]).toArray(),
        IntStream.range(0, labels.length).filter(i -> valid[i]).toArray());
  }

  private static int validCount(int n, double fraction) {
    return n < 2 ? 0 : (int) Math.min(n - 1, Math.max(1, Math.round(n * fraction)));
  }
}
