package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.OptionalDouble;

/**
 * One-cycle (Smith 2018, "A disciplined approach to neural network hyper-parameters"), with
 * fastai's cosines: the learning rate rises from {@code peak/div} to the peak in the first {@code
 * start} of the steps and falls to {@code peak/divFinal} in the rest, while the momentum falls from
 * {@code momentumHigh} to {@code momentumLow} and rises again.
 *
 * @param div the ratio of the peak to the beginning, at least 1
 * @param divFinal the ratio of the peak to the end, at least 1
 * @param start the fraction of the steps that rise, from 0 to 1
 * @param momentumHigh the momentum at both ends, from 0 to below 1
 * @param momentumLow the momentum at the peak, from 0 to {@code momentumHigh}
 */
public record OneCycle(
    double div, double divFinal, double start, double momentumHigh, double momentumLow)
    implements Schedule {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public OneCycle {
    Check.range("oneCycle", "div", div, 1, 1e12);
    Check.range("oneCycle", "divFinal", divFinal, 1, 1e12);
    Check.range("oneCycle", "start", start, 0, 1);
    Check.range("oneCycle", "momentumHigh", momentumHigh, 0, 0.9999);
    Check.range("oneCycle", "momentumLow", momentumLow, 0, momentumHigh);
  }

  /** fastai's defaults: 25, 100000, 0.25, 0.95 and 0.85. */
  public OneCycle() {
    this(25, 1e5, 0.25, 0.95, 0.85);
  }

  @Override
  public Rates at(double progress, double peak) {
    Check.range("oneCycle", "progress", progress, 0, 1);
    boolean rising = progress < start;
    double part = rising ? progress / start : start == 1 ? 1 : (progress - start) / (1 - start);
    double rate =
        rising ? Curve.cosine(peak / div, peak, part) : Curve.cosine(peak, peak / divFinal, part);
    double momentum =
        rising
            ? Curve.cosine(momentumHigh, momentumLow, part)
            : Curve.cosine(momentumLow, momentumHigh, part);
    return new Rates(rate, OptionalDouble.of(momentum));
  }

  @Override
  public String describe() {
    return ("one-cycle: up from 1/%s of the peak for %s %% of the steps, down to 1/%s;"
            + " momentum %s → %s → %s")
        .formatted(
            Check.number(div),
            Check.number(start * 100),
            Check.number(divFinal),
            Check.number(momentumHigh),
            Check.number(momentumLow),
            Check.number(momentumHigh));
  }
}
