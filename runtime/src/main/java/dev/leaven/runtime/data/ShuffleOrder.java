package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.internal.tensorflow.Keys;
import java.util.Arrays;

/**
 * Random orders that depend only on their key, so that a resumed run sees the images in the same
 * order as an uninterrupted one.
 *
 * <p>The numbers come from {@link Keys}: the generators of {@code java.util} may change their
 * bounded numbers from one Java version to the next, and have done so.
 */
public final class ShuffleOrder {

  /** Keeps the random numbers of different uses apart. */
  enum Purpose {
    EPOCH,
    SPLIT,
    SUBSET,
    CLASS
  }

  private ShuffleOrder() {}

  /**
   * The order in which an epoch visits the training images.
   *
   * @param seed the run's seed, any number
   * @param epoch the epoch from 0
   * @param n the number of images, at least 0
   * @return the numbers from 0 to {@code n - 1}, each once; a new array
   * @throws IllegalArgumentException when {@code epoch} or {@code n} is negative
   */
  public static int[] shuffled(long seed, int epoch, int n) {
    Check.atLeast("ShuffleOrder.shuffled", "epoch", epoch, 0);
    Check.atLeast("ShuffleOrder.shuffled", "n", n, 0);
    return shuffled(seed, Purpose.EPOCH, epoch, n);
  }

  static int[] shuffled(long seed, Purpose purpose, long index, int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    long state = Keys.key(Keys.key(Keys.key(seed), purpose.name()), index);
    for (int i = n - 1; i > 0; i--) {
      int j = below(i + 1, Keys.key(state, i));
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /**
   * Gathers the images of each class.
   *
   * @param labels a class number for each image
   * @return for each class the positions of its images, ascending
   */
  static int[][] members(int[] labels) {
    int[] counts = new int[Arrays.stream(labels).max().orElse(-1) + 1];
    for (int label : labels) {
      counts[label]++;
    }
    int[][] members = new int[counts.length][];
    for (int k = 0; k < counts.length; k++) {
      members[k] = new int[counts[k]];
    }
    for (int i = labels.length - 1; i >= 0; i--) {
      members[labels[i]][--counts[labels[i]]] = i;
    }
    return members;
  }

  // The high half of the product is a number below the bound, uneven by less than 2^-31: too little
  // to notice in an order of images.
  private static int below(int bound, long random) {
    return (int) Math.multiplyHigh(random >>> 1, 2L * bound);
  }
}
