package dev.leaven.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.run.LearningRates.End;
import dev.leaven.runtime.run.LearningRates.Point;
import dev.leaven.runtime.train.LearningRateFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * The expected rates are those of a numpy program written from the text of the rules: the longest
 * fall by patience sorting, slopes by {@code numpy.gradient} and {@code numpy.diff}.
 */
class RateRuleTest {

  private static double valleyCurve(int k) {
    return 2.3 - 1.2 / (1 + Math.exp(-(k - 55) / 5.0)) + 0.1 * Math.exp((k - 85) / 4.0);
  }

  private static double fallingCurve(int k) {
    return 3 - 0.02 * k - 0.0001 * k * k;
  }

  /** The curve as the finder would end it: at a loss that is no number, or 4 times the lowest. */
  private static LearningRates curve(int steps, IntToDoubleFunction smoothed) {
    LearningRateFinder finder = new LearningRateFinder().steps(steps);
    List<Point> points = new ArrayList<>();
    double lowest = Double.POSITIVE_INFINITY;
    for (int k = 0; k < steps; k++) {
      double loss = smoothed.applyAsDouble(k);
      if (Double.isNaN(loss)) {
        return new LearningRates(points, steps, End.NOT_A_NUMBER);
      }
      points.add(new Point(finder.rate(k), loss, loss));
      lowest = Math.min(lowest, loss);
      if (loss > 4 * lowest) {
        return new LearningRates(points, steps, End.DIVERGED);
      }
    }
    return new LearningRates(points, steps, End.WHOLE_RANGE);
  }

  /** Valley, slide, minimum and steep, in six digits. */
  private static List<String> found(LearningRates rates) {
    List<String> found = new ArrayList<>();
    for (RateRule rule : RateRule.values()) {
      found.add(
          rates
              .suggestion(rule)
              .map(suggestion -> String.format(Locale.ROOT, "%.5e", suggestion.rate()))
              .orElse("none"));
    }
    return found;
  }

  @Test
  void aCleanValley() {
    LearningRates rates = curve(100, RateRuleTest::valleyCurve);
    assertThat(found(rates))
        .containsExactly("2.29087e-04", "8.31764e-04", "1.44544e-02", "2.08930e-03");
    assertThat(rates.suggestion()).isEqualTo(rates.suggestion(RateRule.VALLEY));
  }

  @Test
  void aNoisyValley() {
    assertThat(found(curve(100, k -> valleyCurve(k) + 0.08 * Math.sin(12.9898 * k))))
        .containsExactly("1.31826e-02", "8.31764e-04", "4.78630e-03", "1.44544e-03");
  }

  @Test
  void aLossThatOnlyFalls() {
    assertThat(found(curve(100, RateRuleTest::fallingCurve)))
        .containsExactly("1.20226e-03", "2.08930e-01", "3.31131e-01", "2.75423e+00");
    // Here the window slides to the left end, where the slope has changed all the way.
    assertThat(found(curve(100, k -> 30 - 1e-4 * Math.pow(k, 2.5))))
        .containsExactly("1.20226e-03", "6.30957e-07", "3.31131e-01", "2.75423e+00");
  }

  @Test
  void aLossThatOnlyRisesHasNoValley() {
    assertThat(found(curve(100, k -> 2 * Math.pow(1.005, k))))
        .containsExactly("none", "2.08930e-01", "6.30957e-08", "none");
  }

  @Test
  void aLossThatExplodesAtOnceSaysNothing() {
    LearningRates rates = curve(100, k -> 2 * Math.pow(2, k));
    assertThat(rates.points()).hasSize(4);
    assertThat(rates.suggestions()).isEmpty();
  }

  @Test
  void theCurveIsCutWhereItIsNoNumber() {
    assertThat(found(curve(100, k -> k < 60 ? valleyCurve(k) : Double.NaN)))
        .containsExactly("4.36516e-05", "5.75440e-06", "5.24807e-04", "2.08930e-03");
    assertThat(found(curve(100, k -> k < 97 ? fallingCurve(k) : Double.NaN)))
        .containsExactly("1.20226e-03", "2.08930e-01", "3.31131e-01", "2.75423e+00");
    assertThat(curve(100, k -> k < 9 ? valleyCurve(k) : Double.NaN).suggestions()).isEmpty();
  }

  @Test
  void aShortCurveSaysLittle() {
    assertThat(found(curve(6, k -> 3 - 0.3 * k)))
        .containsExactly("none", "none", "1.00000e-08", "none");
    assertThat(found(curve(20, k -> 3 - 0.1 * k - 0.002 * k * k)))
        .containsExactly("6.30957e-05", "none", "3.98107e-03", "1.58489e-02");
  }

  @Test
  void aCurveThatWasStoppedSaysNothing() {
    LearningRates whole = curve(100, RateRuleTest::valleyCurve);
    assertThat(whole.suggestions()).hasSize(4);
    assertThat(new LearningRates(whole.points().subList(0, 60), 100, End.STOPPED).suggestions())
        .isEmpty();
  }

  @Test
  void theMinimumIsMarkedWhereItIs() {
    LearningRates.Suggestion minimum =
        curve(100, RateRuleTest::valleyCurve).suggestion(RateRule.MINIMUM).orElseThrow();
    assertThat(minimum.point().rate() / 10).isEqualTo(minimum.rate());
  }
}
