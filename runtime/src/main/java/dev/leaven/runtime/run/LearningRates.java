package dev.leaven.runtime.run;

import dev.leaven.runtime.train.LearningRateFinder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The result of a {@link LearningRateFinder}: the loss at ever higher learning rates, and the rates
 * that this curve suggests.
 *
 * @param points a point for each step, up to where the curve ends
 * @param steps the steps that the whole range would have taken
 * @param end the reason why the curve ends
 */
public record LearningRates(List<Point> points, int steps, End end) {

  // As in fastai: the first steps give little information, and in the last ones the loss explodes.
  private static final int LAST_LEFT_OUT = 5;
  private static final int FIRST_LEFT_OUT_SHARE = 10;

  /** Keeps its own copy of the list. */
  public LearningRates {
    points = List.copyOf(points);
  }

  /**
   * A step of the finder.
   *
   * @param rate the learning rate of the step
   * @param loss the loss of its batch
   * @param smoothedLoss the running mean of the losses up to this one
   */
  public record Point(double rate, double loss, double smoothedLoss) {}

  /** The reason why a curve ends. */
  public enum End {
    /** The highest rate was reached. */
    WHOLE_RANGE,
    /** The smoothed loss became several times its lowest value. */
    DIVERGED,
    /** The loss was no longer a number. */
    NOT_A_NUMBER,
    /** The finder was interrupted by a stop request. */
    STOPPED
  }

  /**
   * A learning rate to train with.
   *
   * @param rule the rule that found it
   * @param rate the learning rate
   * @param point the point of the curve that the rule picked, whose rate {@link RateRule#MINIMUM}
   *     divides by 10
   */
  public record Suggestion(RateRule rule, double rate, Point point) {}

  /**
   * The default choice of learning rate: {@link RateRule#VALLEY}.
   *
   * @return empty if the loss never fell, or there are too few points
   */
  public Optional<Suggestion> suggestion() {
    return suggestion(RateRule.VALLEY);
  }

  /**
   * The learning rate that a rule finds.
   *
   * @param rule the rule
   * @return empty if the curve lacks what the rule looks for, has too few points, or was stopped
   */
  public Optional<Suggestion> suggestion(RateRule rule) {
    List<Point> considered = considered();
    double[] rates = considered.stream().mapToDouble(Point::rate).toArray();
    double[] losses = considered.stream().mapToDouble(Point::smoothedLoss).toArray();
    return rule.place(rates, losses).stream()
        .mapToObj(considered::get)
        .map(point -> new Suggestion(rule, point.rate() * rule.factor(), point))
        .findFirst();
  }

  /**
   * The results of all rules.
   *
   * @return in the order of the rules, without rules that find nothing
   */
  public List<Suggestion> suggestions() {
    return Arrays.stream(RateRule.values()).flatMap(rule -> suggestion(rule).stream()).toList();
  }

  // A curve that was interrupted does not show yet where the loss rises.
  private List<Point> considered() {
    if (end == End.STOPPED) {
      return List.of();
    }
    int from = steps / FIRST_LEFT_OUT_SHARE;
    // The steps after the last point, which were not taken, count among the last steps.
    int to =
        end == End.NOT_A_NUMBER
            ? Math.min(points.size(), steps - LAST_LEFT_OUT)
            : points.size() - LAST_LEFT_OUT;
    return to <= from ? List.of() : points.subList(from, to);
  }
}
