package dev.leaven.dsl;

import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.LearningRates;
import dev.leaven.runtime.run.LearningRates.Point;
import dev.leaven.runtime.run.LearningRates.Suggestion;
import dev.leaven.runtime.run.RateRule;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reports found learning rates in plain lines: some points of the curve, what each rule suggests,
 * and what to write into the recipe.
 *
 * <pre>
 * valley   0.0014  in the middle of the longest fall
 * ...
 * in the recipe, after resize(128): .learningRate(0.0014)
 * </pre>
 */
public final class LearningRateLines {

  private static final int ROWS = 10;
  private static final double SMALLEST_PLAIN = 1e-4;
  private static final double LARGEST_PLAIN = 1e4;

  private LearningRateLines() {}

  /**
   * Writes everything.
   *
   * @param stageNumber the stage that the rates are for, from 1
   * @param stage its size
   * @param rates the result of the finder
   * @return lines without their ends
   */
  public static List<String> of(int stageNumber, Stage stage, LearningRates rates) {
    List<String> lines = new ArrayList<>();
    int steps = rates.points().size();
    if (steps > 0) {
      lines.add("learning rate  loss");
      int stride = Math.max(1, (rates.steps() + ROWS - 1) / ROWS);
      for (int i = 0; i < steps; i += stride) {
        lines.add(row(rates.points().get(i)));
      }
      if ((steps - 1) % stride != 0) {
        lines.add(row(rates.points().get(steps - 1)));
      }
    }
    if (rates.end() == LearningRates.End.STOPPED) {
      lines.add(
          "stopped after %d of %d steps, too early to suggest a learning rate"
              .formatted(steps, rates.steps()));
      return lines;
    }
    lines.add(end(rates));
    for (RateRule rule : RateRule.values()) {
      String name = rule.name().toLowerCase(Locale.ROOT);
      String rate = rates.suggestion(rule).map(s -> rate(s.rate())).orElse("none");
      lines.add("%-8s %-8s %s".formatted(name, rate, rule.meaning()));
    }
    lines.add(advice(stageNumber, stage, rates));
    return lines;
  }

  private static String row(Point point) {
    return String.format(Locale.ROOT, "%13.1e  %.4f", point.rate(), point.smoothedLoss());
  }

  private static String end(LearningRates rates) {
    int steps = rates.points().size();
    return switch (rates.end()) {
      case DIVERGED ->
          "ended after %d of %d steps: the loss exploded".formatted(steps, rates.steps());
      case NOT_A_NUMBER ->
          "ended after %d of %d steps: the loss was no longer a number"
              .formatted(steps, rates.steps());
      default -> "all %d steps were taken: the loss did not explode".formatted(steps);
    };
  }

  private static String advice(int stageNumber, Stage stage, LearningRates rates) {
    return rates
        .suggestion()
        .map(Suggestion::rate)
        .map(
            rate ->
                "in the recipe, after %s(%d): .learningRate(%s)"
                    .formatted(stageNumber == 1 ? "resize" : "then", stage.size(), rate(rate)))
        .orElse("the loss fell nowhere: begin at a lower rate, or take more steps");
  }

  /**
   * Writes a learning rate in two digits, as a literal of Java and Kotlin.
   *
   * @param rate above 0
   * @return for instance {@code 0.0014} or {@code 2.5e-6}
   */
  public static String rate(double rate) {
    if (rate >= SMALLEST_PLAIN && rate < LARGEST_PLAIN) {
      String plain =
          new BigDecimal(rate).round(new MathContext(2)).stripTrailingZeros().toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    return String.format(Locale.ROOT, "%.1e", rate)
        .replaceFirst("e([+-])0", "e$1")
        .replace("+", "");
  }
}
