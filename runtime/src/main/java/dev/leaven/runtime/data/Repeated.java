package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;

/**
 * Repeated augmentation (Hoffer et al. 2019, "Augment your batch"): every image several times in a
 * row, so that a batch holds differently augmented copies of it.
 *
 * <p>An epoch is {@code times} as long. Effect: for small data sets and strong augmentation
 * steadier gradients; short epochs get a useful length. Cost: the time of as many epochs.
 *
 * @param times how often, from 1 to 100
 */
public record Repeated(int times) implements Sampling {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when it is outside its range
   */
  public Repeated {
    Check.range("repeat", "times", times, 1, 100);
  }

  @Override
  public int[] order(Targets targets, long seed, int epoch) {
    int[] once = ShuffleOrder.shuffled(seed, epoch, targets.size());
    int[] order = new int[length(once.length)];
    for (int i = 0; i < order.length; i++) {
      order[i] = once[i / times];
    }
    return order;
  }

  @Override
  public int length(int images) {
    return Math.multiplyExact(images, times);
  }

  @Override
  public String describe() {
    return "every image %d times in a row an epoch, shuffled".formatted(times);
  }
}
