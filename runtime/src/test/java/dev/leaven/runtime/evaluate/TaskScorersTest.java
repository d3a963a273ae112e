package dev.leaven.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.Task;
import org.junit.jupiter.api.Test;

/** Against values worked out by hand with the definitions of scikit-learn. */
class TaskScorersTest {

  @Test
  void severalClasses() {
    Scorer scorer = Scorer.of(Task.MULTI_LABEL);
    scorer.add(new float[] {.9f, .4f, .6f}, new float[] {1, 0, 0}, 1, 1);
    scorer.add(new float[] {.5f, .7f, .1f}, new float[] {1, 1, 0}, 3, 2);
    Scores scores = scorer.scores();
    // 0.5 is not above the threshold: four of six answers are right.
    assertThat(scores.get(Metric.ACCURACY_MULTI)).isCloseTo(4 / 6.0, within(1e-12));
    // F1: class 0 2·1/(1+2), class 1 1, class 2 0 (answered once, never there).
    assertThat(scores.get(Metric.F1)).isCloseTo((2 / 3.0 + 1 + 0) / 3, within(1e-12));
    assertThat(scores.primary()).isEqualTo(Metric.ACCURACY_MULTI);
    assertThat(scores.loss()).isEqualTo(2);
    assertThat(scores.plainLoss()).isEqualTo(1.5);
  }

  @Test
  void whatIsNotANumberAnswersNothingRight() {
    Scorer scorer = Scorer.of(Task.MULTI_LABEL);
    scorer.add(new float[] {Float.NaN, Float.NaN}, new float[] {0, 1}, 0, 0);
    assertThat(scorer.scores().get(Metric.ACCURACY_MULTI)).isZero();
    assertThat(scorer.scores().get(Metric.F1)).isZero();
  }

  @Test
  void numbers() {
    Scorer scorer = Scorer.of(Task.REGRESSION);
    scorer.add(new float[] {2}, new float[] {1}, 1, 1);
    scorer.add(new float[] {2}, new float[] {3}, 1, 1);
    scorer.add(new float[] {5}, new float[] {8}, 9, 9);
    Scores scores = scorer.scores();
    assertThat(scores.get(Metric.RMSE)).isCloseTo(Math.sqrt(11 / 3.0), within(1e-12));
    assertThat(scores.get(Metric.MAE)).isCloseTo(5 / 3.0, within(1e-12));
    // Targets 1, 3, 8 have a mean of 4 and squared deviations of 9 + 1 + 16.
    assertThat(scores.get(Metric.R2)).isCloseTo(1 - 11 / 26.0, within(1e-12));
    assertThat(scores.primary()).isEqualTo(Metric.RMSE);
  }

  @Test
  void aSmallErrorIsBetterThanALargeOne() {
    Scorer good = Scorer.of(Task.REGRESSION);
    good.add(new float[] {1}, new float[] {1.5f}, 5, 5);
    Scorer bad = Scorer.of(Task.REGRESSION);
    bad.add(new float[] {1}, new float[] {3}, 4, 4);
    assertThat(good.scores().betterThan(bad.scores())).isTrue();
    assertThat(bad.scores().betterThan(good.scores())).isFalse();
  }

  @Test
  void ofEqualAccuracyTheLowerLossIsBetter() {
    Scores low = new Scores(10, 1.0, 1, 0.5, 0.9);
    Scores high = new Scores(10, 2.0, 1, 0.5, 0.9);
    Scores best = new Scores(10, 3.0, 1, 0.6, 0.9);
    assertThat(low.betterThan(high)).isTrue();
    assertThat(high.betterThan(low)).isFalse();
    assertThat(best.betterThan(low)).isTrue();
  }

  @Test
  void thereIsNoTop1OfNumbers() {
    Scorer scorer = Scorer.of(Task.REGRESSION);
    scorer.add(new float[] {2}, new float[] {1}, 1, 1);
    Scores scores = scorer.scores();
    assertThatThrownBy(scores::top1)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no top-1 of this task, but [RMSE, MAE, R²]");
  }
}
