package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;

/**
 * Stochastic weight averaging (Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and
 * Better Generalization"): the plain mean of the weights at the ends of the last epochs.
 *
 * <p>Until the first of these epochs has ended, the average is the trained model itself. The
 * normalization statistics are averaged too, where the paper measures them again. Effect: better
 * predictions if the learning rate stays high to the end; small with a schedule that goes to zero.
 * Cost: a copy of the weights in memory, and a second validation.
 *
 * @param start the fraction of the run's epochs after which averaging begins, from 0 to below 1;
 *     0.75 by default
 */
public record StochasticAverage(double start) implements Averaging {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when it is outside its range
   */
  public StochasticAverage {
    Check.range("swa", "start", start, 0, 0.999999);
  }

  /** Over the last quarter of the epochs. */
  public StochasticAverage() {
    this(0.75);
  }

  @Override
  public double weight(Position position) {
    // The first epoch that ends after the start, with a tolerance for fractions such as 0.7 of 10.
    int first = (int) Math.floor(start * position.epochs() + 1e-9) + 1;
    if (position.epoch() < first || (position.epoch() == first && !position.lastOfEpoch())) {
      return 1;
    }
    return position.lastOfEpoch() ? 1.0 / (position.epoch() - first + 1) : 0;
  }

  @Override
  public String describe() {
    return "mean of the weights at the ends of the epochs after %s %% of the run"
        .formatted(Check.number(100 * start));
  }
}
