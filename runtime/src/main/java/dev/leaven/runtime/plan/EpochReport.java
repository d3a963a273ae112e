package dev.leaven.runtime.plan;

import dev.leaven.runtime.evaluate.Scores;
import java.util.List;
import java.util.Optional;

/**
 * The result of one epoch: a row of the history.
 *
 * @param epoch counted from 1 over all stages
 * @param stage counted from 1
 * @param size height and width of its stage's images in pixels
 * @param trainLoss the mean of the optimised loss over the epoch's steps
 * @param trainTop1 the fraction of the epoch's training images whose most probable class is right,
 *     0 to 1, on images with training augmentation and while the weights changed; in a mixed image
 *     each class counts by its fraction, so do not compare it with {@code valid} where images are
 *     mixed; empty where images have no single class
 * @param valid the model's scores on the validation images after the epoch
 * @param averaged the scores of the averaged weights, if the plan has them
 * @param learningRate the learning rate of the epoch's last step
 * @param seconds the time of the whole epoch, validation included
 * @param trainSeconds the time of the training steps alone
 * @param imagesPerSecond training images per second of the training steps
 * @param waiting the fraction of the training steps' time spent waiting for data, 0 to 1
 * @param skippedSteps the steps that left the weights unchanged because a gradient in float16 was
 *     not finite; 0 in other precisions
 */
public record EpochReport(
    int epoch,
    int stage,
    int size,
    double trainLoss,
    Optional<Double> trainTop1,
    Scores valid,
    Optional<Scores> averaged,
    double learningRate,
    double seconds,
    double trainSeconds,
    double imagesPerSecond,
    double waiting,
    int skippedSteps) {

  /**
   * The scores that select the best epoch.
   *
   * @return those of the averaged weights, if the plan has them, else of the trained weights
   */
  public Scores scores() {
    return averaged.orElse(valid);
  }

  /**
   * The best of some epochs, the first one among equals.
   *
   * @param history reports in the order of the epochs
   * @return empty where there are none
   */
  public static Optional<EpochReport> best(List<EpochReport> history) {
    return history.stream()
        .reduce((best, next) -> next.scores().betterThan(best.scores()) ? next : best);
  }
}
