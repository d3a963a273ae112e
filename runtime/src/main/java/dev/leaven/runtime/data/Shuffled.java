package dev.leaven.runtime.data;

/** Shows every image once, in a new random order for each epoch: the usual way. */
public record Shuffled() implements Sampling {

  @Override
  public int[] order(Targets targets, long seed, int epoch) {
    return ShuffleOrder.shuffled(seed, epoch, targets.size());
  }

  @Override
  public int length(int images) {
    return images;
  }

  @Override
  public String describe() {
    return "every image once an epoch, shuffled";
  }
}
