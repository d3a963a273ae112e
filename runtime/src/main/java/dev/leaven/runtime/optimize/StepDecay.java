package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Stays flat and is multiplied by {@code factor} at every milestone, as PyTorch's {@code
 * MultiStepLR}. The momentum is the optimizer's own. By default a tenth after a third and after two
 * thirds of the steps: the schedule of the first ResNets, 30 epochs each.
 *
 * @param milestones fractions of the steps, above 0, below 1 and rising; 1/3 and 2/3 by default
 * @param factor above 0 and at most 1; 0.1 by default
 */
public record StepDecay(List<Double> milestones, double factor) implements Schedule {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public StepDecay {
    milestones = List.copyOf(milestones);
    Check.positive("stepDecay", "factor", factor);
    Check.range("stepDecay", "factor", factor, 0, 1);
    if (milestones.isEmpty()) {
      throw new IllegalArgumentException("stepDecay: there must be a milestone, but there is none");
    }
    double before = 0;
    for (double milestone : milestones) {
      if (!(milestone > before && milestone < 1)) {
        throw new IllegalArgumentException(
            "stepDecay: milestones must rise between 0 and 1, but are " + numbers(milestones));
      }
      before = milestone;
    }
  }

  /** A tenth after a third of the steps, and again after two thirds. */
  public StepDecay() {
    this(List.of(1.0 / 3, 2.0 / 3), 0.1);
  }

  @Override
  public Rates at(double progress, double peak) {
    Check.range("stepDecay", "progress", progress, 0, 1);
    double rate = peak;
    for (double milestone : milestones) {
      if (Curve.reached(progress, milestone)) {
        rate *= factor;
      }
    }
    return new Rates(rate, OptionalDouble.empty());
  }

  private static String numbers(List<Double> values) {
    return values.stream().map(Check::number).collect(Collectors.joining(", "));
  }

  @Override
  public String describe() {
    List<String> percents =
        milestones.stream().map(m -> Check.number(Math.round(m * 1000) / 10.0) + " %").toList();
    return "times %s after %s of the steps"
        .formatted(Check.number(factor), String.join(", ", percents));
  }
}
