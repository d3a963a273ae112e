package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A warm-up in front of any schedule (Goyal et al. 2017, "Accurate, large minibatch SGD"): a
 * straight line up to the schedule's first value; the schedule then gets the rest of the steps, as
 * in torchvision's recipes. During the warm-up the momentum is that of the schedule's beginning.
 *
 * @param share the fraction of the steps, above 0 and below 1
 * @param start where it begins, as a fraction of the schedule's first value, from 0 to 1; 0.01 by
 *     default
 * @param of the schedule
 */
public record WarmUp(double share, double start, Schedule of) implements Schedule {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public WarmUp {
    Objects.requireNonNull(of, "of");
    checkShare(share);
    Check.range("warmUp", "start", start, 0, 1);
  }

  /**
   * Starts from a hundredth.
   *
   * @param share the fraction of the steps, above 0 and below 1
   * @param of the schedule
   */
  public WarmUp(double share, Schedule of) {
    this(share, 0.01, of);
  }

  /**
   * Rejects fractions that leave no warm-up, or nothing else.
   *
   * @param share the fraction of the steps
   * @return {@code share}
   * @throws IllegalArgumentException when it is not above 0 and below 1
   */
  public static double checkShare(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "warmUp: share must be above 0 and below 1, but is " + Check.number(share));
    }
    return share;
  }

  @Override
  public Rates at(double progress, double peak) {
    return at(progress, peak, List.of());
  }

  @Override
  public Rates at(double progress, double peak, List<Double> losses) {
    Check.range("warmUp", "progress", progress, 0, 1);
    if (Curve.reached(progress, share)) {
      double rest = Math.max(0, (progress - share) / (1 - share));
      return of.at(rest, peak, losses);
    }
    Rates first = of.at(0, peak, List.of());
    double part = start + (1 - start) * progress / share;
    OptionalDouble momentum = first.momentum();
    return new Rates(first.learningRate() * part, momentum);
  }

  @Override
  public String describe() {
    return "warm-up from %s in %s %% of the steps, then %s"
        .formatted(
            Check.number(start), Check.number(Math.round(share * 1e4) / 100.0), of.describe());
  }
}
