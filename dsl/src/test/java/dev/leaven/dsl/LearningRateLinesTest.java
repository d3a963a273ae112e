package dev.leaven.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.LearningRates;
import dev.leaven.runtime.run.LearningRates.End;
import dev.leaven.runtime.run.LearningRates.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateLinesTest {

  private static final Stage STAGE = new Stage(128, 148, 128, 1, 64, 10, 0.003, new OneCycle());

  /** Rates from 1e-4 in steps of 10^0.1; the loss falls, and explodes after the 30th. */
  private static List<Point> points(int count) {
    return IntStream.range(0, count)
        .mapToObj(k -> point(1e-4 * Math.pow(10, 0.1 * k), k < 30 ? 3 - 0.002 * k * k : 3 * k))
        .toList();
  }

  private static Point point(double rate, double loss) {
    return new Point(rate, loss, loss);
  }

  @Test
  void showsTheCurveTheSuggestionsAndWhatToWrite() {
    // Considered are the points 4 to 29, all of which fall: the valley is -1 + 26/3 + 26/6 = 11
    // among
    // them, the 15th of all. The lowest is the 29th.
    LearningRates rates = new LearningRates(points(35), 40, End.DIVERGED);

    assertThat(LearningRateLines.of(2, STAGE, rates))
        .containsExactly(
            "learning rate  loss",
            "      1.0e-04  3.0000",
            "      2.5e-04  2.9680",
            "      6.3e-04  2.8720",
            "      1.6e-03  2.7120",
            "      4.0e-03  2.4880",
            "      1.0e-02  2.2000",
            "      2.5e-02  1.8480",
            "      6.3e-02  1.4320",
            "      1.6e-01  96.0000",
            "      2.5e-01  102.0000",
            "ended after 35 of 40 steps: the loss exploded",
            "valley   0.0032   in the middle of the longest fall",
            "slide    0.00025  where the slope of the loss begins to change, seen from the right",
            "minimum  0.0079   a tenth of the rate with the lowest loss",
            "steep    0.063    where the loss falls fastest",
            "in the recipe, after then(128): .learningRate(0.0032)");
  }

  @Test
  void saysWhenThereIsNothingToSuggest() {
    LearningRates rising =
        new LearningRates(List.of(point(0.1, 2), point(1, 4), point(10, 9)), 100, End.DIVERGED);

    assertThat(LearningRateLines.of(1, STAGE, rising))
        .contains("valley   none     in the middle of the longest fall")
        .endsWith("the loss fell nowhere: begin at a lower rate, or take more steps");
  }

  @Test
  void saysHowFarItCameWhenItWasStopped() {
    assertThat(LearningRateLines.of(1, STAGE, new LearningRates(points(2), 40, End.STOPPED)))
        .containsExactly(
            "learning rate  loss",
            "      1.0e-04  3.0000",
            "      1.3e-04  2.9980",
            "stopped after 2 of 40 steps, too early to suggest a learning rate");
    assertThat(LearningRateLines.of(1, STAGE, new LearningRates(List.of(), 40, End.STOPPED)))
        .containsExactly("stopped after 0 of 40 steps, too early to suggest a learning rate");
  }

  @Test
  void saysWhyTheCurveEnds() {
    assertThat(LearningRateLines.of(1, STAGE, new LearningRates(points(30), 30, End.WHOLE_RANGE)))
        .contains("all 30 steps were taken: the loss did not explode")
        .endsWith("in the recipe, after resize(128): .learningRate(0.0016)");
    assertThat(LearningRateLines.of(1, STAGE, new LearningRates(points(30), 40, End.NOT_A_NUMBER)))
        .contains("ended after 30 of 40 steps: the loss was no longer a number");
  }

  @ParameterizedTest
  @CsvSource({
    "0.00144, 0.0014",
    "0.0000251, 2.5e-5",
    "0.00009999, 1.0e-4",
    "0.01, 0.01",
    "1, 1.0",
    "12.3, 12.0",
    "1e-12, 1.0e-12",
    "98765, 9.9e4"
  })
  void writesRatesAsLiterals(double rate, String text) {
    assertThat(LearningRateLines.rate(rate)).isEqualTo(text);
    assertThat(Double.parseDouble(text))
        .isCloseTo(rate, org.assertj.core.data.Percentage.withPercentage(5));
  }
}
