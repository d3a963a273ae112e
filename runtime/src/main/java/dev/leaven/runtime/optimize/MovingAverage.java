package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;

/**
 * An exponential moving average of the weights (Polyak, Juditsky 1992; Tarvainen, Valpola 2017,
 * "Mean teachers are better role models"): after each step {@code average ← d·average +
 * (1-d)·weights}, with {@code d = 2^(-1/halfLife)}.
 *
 * <p>So that the first random weights do not linger, the decay warms up as in timm: in the t-th
 * step it is at most {@code 1 - t^(-2/3)}, which makes the first average a copy. Effect: often
 * better and always steadier than the trained weights while the learning rate is high, much like
 * them at the end of a schedule that goes to zero. Cost: one pass over the weights for each step, a
 * copy of them in memory, and a second validation.
 *
 * @param halfLife optimizer steps after which weights count half, above 0; 1000 as in Composer
 */
public record MovingAverage(double halfLife) implements Averaging {

  private static final double WARM_UP_POWER = 2.0 / 3;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when it is not above 0
   */
  public MovingAverage {
    Check.positive("ema", "halfLife", halfLife);
  }

  /** With Composer's half-life of 1000 steps. */
  public MovingAverage() {
    this(1000);
  }

  @Override
  public double weight(Position position) {
    double decay = Math.pow(2, -1 / halfLife);
    return 1 - Math.min(decay, 1 - Math.pow(position.step(), -WARM_UP_POWER));
  }

  @Override
  public String describe() {
    return "moving average of the weights with a half-life of %s steps"
        .formatted(Check.number(halfLife));
  }
}
