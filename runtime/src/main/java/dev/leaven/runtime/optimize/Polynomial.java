package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.OptionalDouble;

/**
 * Follows a power of the progress, {@code peak + (peak·end - peak)·progress^power}: fastai's {@code
 * SchedPoly}. A power above 1 stays high and falls late, one below 1 falls early. Other libraries
 * raise {@code 1 - progress} to the power instead, which falls early for powers above 1. The
 * momentum is the optimizer's own.
 *
 * @param power above 0
 * @param end where it ends, as a fraction of the peak, from 0 to 1; 0 by default
 */
public record Polynomial(double power, double end) implements Schedule {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Polynomial {
    Check.positive("polynomial", "power", power);
    Check.range("polynomial", "end", end, 0, 1);
  }

  /**
   * To 0.
   *
   * @param power above 0
   */
  public Polynomial(double power) {
    this(power, 0);
  }

  @Override
  public Rates at(double progress, double peak) {
    Check.range("polynomial", "progress", progress, 0, 1);
    double rate = peak + (peak * end - peak) * Math.pow(progress, power);
    return new Rates(rate, OptionalDouble.empty());
  }

  @Override
  public String describe() {
    return "along a polynomial of power %s to %s of the peak"
        .formatted(Check.number(power), Check.number(end));
  }
}
