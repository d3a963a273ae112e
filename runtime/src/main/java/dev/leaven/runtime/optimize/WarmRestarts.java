package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Cosine with warm restarts (Loshchilov, Hutter 2016, "SGDR: Stochastic gradient descent with warm
 * restarts"), as fastai's {@code fit_sgdr}: every cycle follows half a cosine from the peak to 0,
 * and each cycle is {@code multiplier} times as long as the one before. The momentum is the
 * optimizer's own.
 *
 * <p>It is designed for {@code length·(1 + multiplier + multiplier² + …)} epochs, and a recipe
 * without a number of epochs gets this number. The first step of each cycle is at its peak exactly.
 *
 * @param cycles at least 1
 * @param length the epochs of the first cycle, at least 1
 * @param multiplier the ratio of each cycle's length to the one before, from 1 to 100; 2 by default
 * @param decay the ratio of each cycle's peak to the one before, above 0 and at most 1; 1 by
 *     default
 */
public record WarmRestarts(int cycles, int length, int multiplier, double decay)
    implements Schedule {

  private static final int MOST_EPOCHS = 1_000_000;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public WarmRestarts {
    Check.atLeast("warmRestarts", "cycles", cycles, 1);
    Check.atLeast("warmRestarts", "length", length, 1);
    Check.range("warmRestarts", "multiplier", multiplier, 1, 100);
    Check.positive("warmRestarts", "decay", decay);
    Check.range("warmRestarts", "decay", decay, 0, 1);
    long all = 0;
    double cycle = length;
    for (int i = 0; i < cycles; i++, cycle *= multiplier) {
      all += (long) Math.min(cycle, MOST_EPOCHS + 1);
      if (all > MOST_EPOCHS) {
        throw new IllegalArgumentException(
            "warmRestarts: all cycles together must be at most %d epochs, but are more"
                .formatted(MOST_EPOCHS));
      }
    }
  }

  /**
   * With cycles that begin at the same peak.
   *
   * @param cycles at least 1
   * @param length the epochs of the first cycle, at least 1
   * @param multiplier the ratio of each cycle's length to the one before, from 1 to 100
   */
  public WarmRestarts(int cycles, int length, int multiplier) {
    this(cycles, length, multiplier, 1);
  }

  /**
   * With fastai's multiplier of 2.
   *
   * @param cycles at least 1
   * @param length the epochs of the first cycle, at least 1
   */
  public WarmRestarts(int cycles, int length) {
    this(cycles, length, 2);
  }

  @Override
  public Rates at(double progress, double peak) {
    Check.range("warmRestarts", "progress", progress, 0, 1);
    int all = total();
    int begin = 0;
    int cycle = length;
    double height = peak;
    // Whole numbers: equal fractions are equal doubles, so that no restart is missed by rounding.
    while (begin + cycle < all && Curve.reached(progress, (double) (begin + cycle) / all)) {
      begin += cycle;
      cycle *= multiplier;
      height *= decay;
    }
    double from = (double) begin / all;
    double to = (double) (begin + cycle) / all;
    double part = Math.max(0, (progress - from) / (to - from));
    return new Rates(Curve.cosine(height, 0, part), OptionalDouble.empty());
  }

  private int total() {
    return lengths().stream().mapToInt(Integer::intValue).sum();
  }

  private List<Integer> lengths() {
    List<Integer> lengths = new ArrayList<>();
    for (int cycle = length; lengths.size() < cycles; cycle *= multiplier) {
      lengths.add(cycle);
    }
    return lengths;
  }

  @Override
  public OptionalInt epochs() {
    return OptionalInt.of(total());
  }

  @Override
  public String describe() {
    List<String> lengths = lengths().stream().limit(8).map(String::valueOf).toList();
    return "along a cosine to 0, %s of %s%s epochs%s"
        .formatted(
            cycles == 1 ? "in 1 cycle" : "with warm restarts: %d cycles".formatted(cycles),
            String.join(", ", lengths),
            cycles > lengths.size() ? ", …" : "",
            decay == 1 ? "" : ", each peak %s of the one before".formatted(Check.number(decay)));
  }
}
