package dev.leaven.runtime.internal.run;

/**
 * The sums over the finished steps of an epoch.
 *
 * @param loss the sum of the steps' losses
 * @param top1 the sum of the steps' top-1 accuracies; 0 where images have no single class
 * @param seconds the time that the steps took
 * @param waited the part of it spent waiting for data, in seconds
 * @param skipped the number of steps that left the weights unchanged
 */
public record EpochSums(double loss, double top1, double seconds, double waited, int skipped) {

  static final EpochSums NONE = new EpochSums(0, 0, 0, 0, 0);

  /** One more step. */
  public EpochSums plus(StepResult step, double stepSeconds) {
    return new EpochSums(
        loss + step.loss(),
        top1 + step.top1(),
        seconds + stepSeconds,
        waited + step.waited(),
        skipped + (step.skipped() ? 1 : 0));
  }
}
