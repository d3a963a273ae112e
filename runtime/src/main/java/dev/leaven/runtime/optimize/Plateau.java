package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Lowers the learning rate when training no longer helps, as fastai's {@code ReduceLROnPlateau}:
 * whenever the validation loss was not below its best for {@code patience} epochs in a row, the
 * learning rate is divided by {@code factor}, and the count starts again. The momentum is the
 * optimizer's own.
 *
 * <p>It is a function of the losses so far, which every checkpoint holds, so that a resumed run
 * continues exactly where it stopped. No plan can predict when it will fall.
 *
 * @param patience epochs without a better loss, at least 1; 1 by default
 * @param factor the divisor of each fall, above 1; 10 by default
 * @param lowest the lower limit, as a fraction of the peak, from 0 to 1; 0 by default
 */
public record Plateau(int patience, double factor, double lowest) implements Schedule {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Plateau {
    Check.atLeast("plateau", "patience", patience, 1);
    if (!(factor > 1 && factor <= 1e6)) {
      throw new IllegalArgumentException(
          "plateau: factor must be above 1 and at most 1000000, but is " + Check.number(factor));
    }
    Check.range("plateau", "lowest", lowest, 0, 1);
  }

  /** fastai's defaults: 1, 10 and 0. */
  public Plateau() {
    this(1, 10, 0);
  }

  @Override
  public Rates at(double progress, double peak) {
    return at(progress, peak, List.of());
  }

  @Override
  public Rates at(double progress, double peak, List<Double> losses) {
    Check.range("plateau", "progress", progress, 0, 1);
    double best = Double.POSITIVE_INFINITY;
    double share = 1;
    int waited = 0;
    for (double loss : losses) {
      if (loss < best) {
        best = loss;
        waited = 0;
      } else if (++waited == patience) {
        share = Math.max(share / factor, lowest);
        waited = 0;
      }
    }
    return new Rates(peak * share, OptionalDouble.empty());
  }

  @Override
  public String describe() {
    return "flat, divided by %s after %s without a better validation loss%s"
        .formatted(
            Check.number(factor),
            patience == 1 ? "an epoch" : "%d epochs".formatted(patience),
            lowest == 0 ? "" : ", down to %s of the peak".formatted(Check.number(lowest)));
  }
}
