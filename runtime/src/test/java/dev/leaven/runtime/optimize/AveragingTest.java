package dev.leaven.runtime.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AveragingTest {

  private static final int STEPS = 5;

  /** The average of one weight that is the number of its step, over some epochs. */
  private static double average(Averaging averaging, int epochs) {
    double average = Double.NaN;
    for (int step = 1; step <= epochs * STEPS; step++) {
      int epoch = (step - 1) / STEPS + 1;
      double weight =
          averaging.weight(
              new Averaging.Position(
                  step, (long) epochs * STEPS, epoch, epochs, step % STEPS == 0));
      assertThat(weight).isBetween(0.0, 1.0);
      average = weight == 1 ? step : average + weight * (step - average);
    }
    return average;
  }

  @Test
  void afterHalfALifeAWeightCountsHalf() {
    MovingAverage average = new MovingAverage(100);
    double decay = 1 - average.weight(new Averaging.Position(1_000_000, 2_000_000, 9, 9, false));
    assertThat(Math.pow(decay, 100)).isCloseTo(0.5, within(1e-12));
    // Composer's 1000 batches.
    assertThat(
            1
                - new MovingAverage()
                    .weight(new Averaging.Position(1_000_000, 2_000_000, 9, 9, false)))
        .isCloseTo(.999307, within(1e-6));
  }

  @Test
  void theFirstAverageIsACopyAndTheDecayWarmsUp() {
    MovingAverage average = new MovingAverage(1000);
    assertThat(average.weight(new Averaging.Position(1, 10, 1, 1, false))).isEqualTo(1);
    // timm: 1 - (1 + t)^(-2/3), t counted from 0.
    assertThat(average.weight(new Averaging.Position(8, 10, 1, 1, false)))
        .isCloseTo(0.25, within(1e-12));
  }

  @Test
  void theMeanOfTheLastEpochsEnds() {
    // Epochs 4 and 5 of five end after more than 0.6 of the run: steps 20 and 25.
    assertThat(average(new StochasticAverage(0.6), 5)).isEqualTo(22.5);
    // Of ten, 0.7 · 10 is 7 although 0.7 is a little more or less in binary: 40, 45 and 50.
    assertThat(average(new StochasticAverage(0.7), 10)).isEqualTo(45);
    assertThat(average(new StochasticAverage(0), 3)).isEqualTo(10);
  }

  @Test
  void untilAveragingBeginsItIsTheModelItself() {
    assertThat(new StochasticAverage(0.75).weight(new Averaging.Position(7, 100, 2, 20, false)))
        .isEqualTo(1);
    assertThatThrownBy(() -> new StochasticAverage(1))
        .hasMessage("swa: start must be between 0 and 0.999999, but is 1");
    assertThatThrownBy(() -> new MovingAverage(0))
        .hasMessage("ema: halfLife must be above 0, but is 0");
  }
}
