package dev.leaven.runtime.plan;

import dev.leaven.runtime.evaluate.Scores;
import java.util.List;
import java.util.Optional;

/**
 * What one epoch gave: a row of the history.
 *
 * @param epoch counted from 1 over all stages
 * @param stage counted from 1
 * @param size the image side of its stage, in pixels
 * @param trainLoss the mean of the optimised loss over the epoch's steps
 * @param trainTop1 how often the most probable class was the right one in the epoch's steps, 0 to
 *     1, on images augmented as they are trained on and while the weights moved; in a mixed image
 *     each class counts by its share, so that it is not to be compared with {@code valid} where
 *     images are mixed; empty where images have no single class
 * @param valid how the model scored on the validation images after the epoch
 * @param averaged how the average of its weights scored, if the plan has one
 * @param learningRate the learning rate of the epoch's last step
 * @param seconds the whole epoch, validation included
 * @param trainSeconds the training steps alone
 * @param imagesPerSecond training images per second of the training steps
 * @param waiting the share of the training steps spent waiting for data, 0 to 1
 * @param skippedSteps the steps that left the weights as they were because a gradient in float16
 *     was not finite; 0 in other precisions
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
   * The scores that count: by them the best epoch is chosen.
   *
   * @return those of the averaged weights, if the plan has them, else of the trained weights
   */
  public Scores scores() {
    return averaged.orElse(valid);
  }

  /**
   * The best of some epochs, the first of those that are alike.
   *
   * @param history reports in the order of the epochs
   * @return empty where there are none
   */
  public static Optional<EpochReport> best(List<EpochReport> history) {
    return history.stream()
        .reduce((best, next) -> next.scores().betterThan(best.scores()) ? next : best);
  }
}
