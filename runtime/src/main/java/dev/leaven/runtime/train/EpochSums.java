package dev.leaven.runtime.train;

/**
 * What the finished steps of an epoch add up to.
 *
 * @param loss the sum of the steps' losses
 * @param top1 the sum of the steps' {@link TrainingTop1}; 0 where images have no single class
 * @param seconds the time that they took
 * @param waited the part of it spent waiting for data, in seconds
 * @param skipped how many of them left the weights as they were
 */
record EpochSums(double loss, double top1, double seconds, double waited, int skipped) {

  static final EpochSums NONE = new EpochSums(0, 0, 0, 0, 0);

  /** One more step. */
  EpochSums plus(TrainingGraph.Step step, double stepSeconds) {
    return new EpochSums(
        loss + step.loss(),
        top1 + step.top1(),
        seconds + stepSeconds,
        waited + step.waited(),
        skipped + (step.skipped() ? 1 : 0));
  }
}
