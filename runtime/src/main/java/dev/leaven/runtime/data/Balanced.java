package dev.leaven.runtime.data;

import java.util.Arrays;
import java.util.List;

/**
 * Shows every class equally often, for data in which some classes have few images.
 *
 * <p>An epoch visits as many images as the training data has, the same number from each class, plus
 * or minus one. The images of a class come in a shuffled order, and all of them come before any
 * repeats. An epoch continues the order where the last epoch stopped, so no image is left out over
 * several epochs. Effect: rare classes are learned as well as common ones, whose images are seen
 * less often. Cost: none. {@code classWeights()} has a similar effect and visits every image.
 */
public record Balanced() implements Sampling {

  @Override
  public int[] order(Targets targets, long seed, int epoch) {
    int[] labels = ((Targets.Labels) targets).classes();
    List<int[]> classes =
        Arrays.stream(ShuffleOrder.members(labels)).filter(members -> members.length > 0).toList();
    int share = labels.length / classes.size();
    int rest = labels.length % classes.size();
    int[] chosen = new int[labels.length];
    int filled = 0;
    for (int k = 0; k < classes.size(); k++) {
      // Which classes get one image more than the others goes round from epoch to epoch.
      int count = share + ((k + epoch) % classes.size() < rest ? 1 : 0);
      take(classes.get(k), seed, k, (long) epoch * share, chosen, filled, count);
      filled += count;
    }
    int[] order = ShuffleOrder.shuffled(seed, epoch, filled);
    for (int i = 0; i < order.length; i++) {
      order[i] = chosen[order[i]];
    }
    return order;
  }

  // Some of the endless row of a class's images in one shuffled order after the other.
  private static void take(
      int[] members, long seed, int k, long first, int[] into, int at, int count) {
    long lap = -1;
    int[] order = members;
    for (int i = 0; i < count; i++) {
      long n = first + i;
      if (n / members.length != lap) {
        lap = n / members.length;
        order =
            ShuffleOrder.shuffled(
                seed, ShuffleOrder.Purpose.CLASS, ((long) k << 32) + lap, members.length);
      }
      into[at + i] = members[order[(int) (n % members.length)]];
    }
  }

  @Override
  public int length(int images) {
    return images;
  }

  @Override
  public void check(Targets targets) {
    if (!(targets instanceof Targets.Labels)) {
      throw new IllegalArgumentException(
          "balanced: classes can only be balanced where every image has one class; leave it out");
    }
  }

  @Override
  public String describe() {
    return "every class as often as any other, shuffled";
  }
}
