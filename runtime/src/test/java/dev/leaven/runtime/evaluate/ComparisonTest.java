package dev.leaven.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

  /** So many images right on both sides, on the first only, and on the second only. */
  private static Comparison compared(int both, int onlyFirst, int onlySecond) {
    int n = both + onlyFirst + onlySecond;
    float[][] first = new float[n][];
    float[][] second = new float[n][];
    for (int i = 0; i < n; i++) {
      first[i] = answer(i < both + onlyFirst);
      second[i] = answer(i < both || i >= both + onlyFirst);
    }
    return Comparison.of(
        MadeUpPredictions.labels(first, new int[n]), MadeUpPredictions.labels(second, new int[n]));
  }

  private static float[] answer(boolean right) {
    return right ? new float[] {.75f, .25f} : new float[] {.25f, .75f};
  }

  /** scipy.stats.binomtest(onlyFirst, onlyFirst + onlySecond).pvalue, float64 on both sides. */
  @ParameterizedTest
  @CsvSource({
    "10,20,0.09873714670538902",
    "20,10,0.09873714670538902",
    "0,6,0.03125",
    "3,3,1",
    "400,500,0.0009564441369189373",
    "0,0,1"
  })
  void theChanceIsTheExactBinomialOne(int onlyFirst, int onlySecond, double expected) {
    assertThat(Comparison.mcNemar(onlyFirst, onlySecond)).isCloseTo(expected, within(1e-11));
  }

  @Test
  void aGainOfManyImagesIsBeyondNoise() {
    Comparison comparison = compared(80, 2, 18);
    assertThat(comparison.first()).isEqualTo(.82);
    assertThat(comparison.second()).isEqualTo(.98);
    assertThat(comparison.gain()).isCloseTo(.16, within(1e-12));
    // The difference of a resample has a mean of 0.16 and a deviation of √((.02+.18-.16²)/100) =
    // .0418; 1.96 of them, with a tenth of it for the draws and the steps of .01.
    assertThat(comparison.interval().low()).isCloseTo(.16 - .0818, within(.015));
    assertThat(comparison.interval().high()).isCloseTo(.16 + .0818, within(.015));
    assertThat(comparison.onlyFirst()).isEqualTo(2);
    assertThat(comparison.onlySecond()).isEqualTo(18);
    assertThat(comparison.beyondNoise()).isTrue();
    assertThat(comparison.describe())
        .matches(
            "\\+16\\.00 points of top-1 \\(95 %: \\+\\d+\\.00 to \\+\\d+\\.00;"
                + " beyond noise, McNemar p < 0\\.001\\)");
  }

  @Test
  void aGainOfFewImagesIsNoise() {
    Comparison comparison = compared(90, 3, 7);
    assertThat(comparison.beyondNoise()).isFalse();
    assertThat(comparison.describe()).contains("within noise, McNemar p 0.344");
  }

  @Test
  void aLossIsNegative() {
    assertThat(compared(80, 18, 2).gain()).isCloseTo(-.16, within(1e-12));
    assertThat(compared(80, 18, 2).beyondNoise()).isTrue();
  }

  @Test
  void theSameAnswersDoNotDiffer() {
    Comparison comparison = compared(20, 0, 0);
    assertThat(comparison.interval()).isEqualTo(new Interval(0, 0));
    assertThat(comparison.beyondNoise()).isFalse();
  }

  @Test
  void ofErrorsLessIsBetter() {
    int n = 50;
    float[][] truth = new float[n][1];
    float[][] near = new float[n][1];
    float[][] far = new float[n][1];
    for (int i = 0; i < n; i++) {
      truth[i][0] = i;
      near[i][0] = i + 1;
      far[i][0] = i - 2;
    }
    Comparison comparison =
        Comparison.of(
            MadeUpPredictions.of(Task.REGRESSION, far, truth),
            MadeUpPredictions.of(Task.REGRESSION, near, truth));
    assertThat(comparison.metric()).isEqualTo(Metric.RMSE);
    assertThat(comparison.gain()).isEqualTo(1);
    assertThat(comparison.chance()).isEmpty();
    assertThat(comparison.beyondNoise()).isTrue();
    assertThat(comparison.describe())
        .isEqualTo("+1.000 of RMSE (95 %: +1.000 to +1.000; beyond noise)");
  }

  @Test
  void refusesOtherImages() {
    Predictions two = MadeUpPredictions.labels(new float[][] {answer(true), answer(true)}, 0, 0);
    Predictions one = MadeUpPredictions.labels(new float[][] {answer(true)}, 0);
    assertThatThrownBy(() -> Comparison.of(two, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the same images")
        .hasMessageContaining("2 and 1");
  }
}
