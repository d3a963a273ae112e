package dev.leaven.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoppingTest {

  private static EpochReport report(int epoch, Scores scores) {
    return new EpochReport(
        epoch, 1, 16, 1, Optional.empty(), scores, Optional.empty(), 0.01, 20, 15, 100, 0, 0);
  }

  private static List<EpochReport> top1(double... values) {
    List<EpochReport> history = new ArrayList<>();
    for (double value : values) {
      history.add(report(history.size() + 1, new Scores(10, 1, 1, value, 1)));
    }
    return history;
  }

  private static List<EpochReport> loss(double... values) {
    List<EpochReport> history = new ArrayList<>();
    for (double value : values) {
      history.add(report(history.size() + 1, new Scores(10, value, 1, 0.5, 1)));
    }
    return history;
  }

  @Test
  void endsWhenPatienceIsUsedUpAndNotBefore() {
    EarlyStopping rule = new EarlyStopping(2);
    assertThat(rule.afterEpoch(top1(0.5))).isEmpty();
    assertThat(rule.afterEpoch(top1(0.5, 0.4))).isEmpty();
    assertThat(rule.afterEpoch(top1(0.5, 0.4, 0.6, 0.6))).isEmpty();
    assertThat(rule.afterEpoch(top1(0.5, 0.4, 0.6, 0.6, 0.5)))
        .contains("no better top-1 in 2 epochs than in epoch 3");
    assertThat(new EarlyStopping(1).afterEpoch(top1(0.5, 0.5)))
        .contains("no better top-1 in 1 epoch than in epoch 1");
  }

  @Test
  void smallStepsAddUpButDoNotCountAlone() {
    EarlyStopping rule = new EarlyStopping(3, 0.0625, EarlyStopping.Watched.METRIC);
    // Each is 1/32 better than the one before: the third is 3/32 above the best that counted.
    assertThat(rule.afterEpoch(top1(0.5, 0.53125, 0.5625, 0.59375))).isEmpty();
    // Exactly minDelta is not enough.
    assertThat(rule.afterEpoch(top1(0.5, 0.5625, 0.5625, 0.5625)))
        .contains("no better top-1 in 3 epochs than in epoch 1");
  }

  @Test
  void canWatchTheLoss() {
    EarlyStopping rule = new EarlyStopping(1, 0.25, EarlyStopping.Watched.LOSS);
    assertThat(rule.afterEpoch(loss(2, 1.5, 1.125))).isEmpty();
    assertThat(rule.afterEpoch(loss(2, 1.5, 1.375)))
        .contains("no better loss in 1 epoch than in epoch 2");
  }

  @Test
  void anErrorMustGetSmaller() {
    EarlyStopping rule = new EarlyStopping(1);
    assertThat(rule.afterEpoch(rmse(3, 2.9))).isEmpty();
    assertThat(rule.afterEpoch(rmse(3, 3.1))).contains("no better RMSE in 1 epoch than in epoch 1");
  }

  private static List<EpochReport> rmse(double first, double second) {
    return List.of(
        report(1, new Scores(10, 1, 1, Map.of(Metric.RMSE, first))),
        report(2, new Scores(10, 1, 1, Map.of(Metric.RMSE, second))));
  }

  @Test
  void aTimeLimitCountsTheEpochsAndThePresentOne() {
    // Each epoch of these histories takes 20 seconds.
    TimeLimit rule = new TimeLimit(1);
    assertThat(rule.afterEpoch(top1(0.5, 0.5))).isEmpty();
    assertThat(rule.afterEpoch(top1(0.5, 0.5, 0.5))).contains("the time limit of 1 minute");
    assertThat(rule.afterStep(top1(0.5, 0.5), 19.9)).isEmpty();
    assertThat(rule.afterStep(top1(0.5, 0.5), 20)).contains("the time limit of 1 minute");
    assertThat(rule.afterStep(List.of(), 60)).isPresent();
  }

  @Test
  void wrongValuesAreRefused() {
    assertThatThrownBy(() -> new EarlyStopping(0))
        .hasMessage("earlyStopping: patience must be at least 1, but is 0");
    assertThatThrownBy(() -> new EarlyStopping(1, -0.1, EarlyStopping.Watched.LOSS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("earlyStopping: minDelta must be between 0 and ");
    assertThatThrownBy(() -> new TimeLimit(0))
        .hasMessage("timeLimit: minutes must be above 0, but is 0");
    assertThatThrownBy(() -> new TimeLimit(Double.NaN)).hasMessageContaining("but is NaN");
  }
}
