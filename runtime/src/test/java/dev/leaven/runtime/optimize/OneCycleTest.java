package dev.leaven.runtime.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneCycleTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1.2e-4, .95",
    ".05, 3.95015528e-4, .94045085",
    ".1, 1.11501553e-3, .91545085",
    ".2, 2.72498447e-3, .85954915",
    ".25, 3e-3, .85",
    ".3, 2.96722173e-3, .85109262",
    ".5, 2.2500075e-3, .875",
    ".75, 7.500225e-4, .925",
    ".9, 1.29710517e-4, .945677273",
    ".99, 1.34574169e-6, .949956142",
    "1, 3e-8, .95",
  })
  void followsFastai(double progress, double rate, double momentum) {
    Schedule.Rates rates = new OneCycle().at(progress, 3e-3);
    // Half a unit of the golden values' last digit: the ninth, and the eighth after the point.
    assertThat(rates.learningRate()).isCloseTo(rate, within(5e-9 * rate));
    assertThat(rates.momentum().orElseThrow()).isCloseTo(momentum, within(5e-9));
  }

  @Test
  void risesOrFallsThroughoutWhenTheStartIsOneOrZero() {
    OneCycle falling = new OneCycle(25, 1e5, 0, 0.95, 0.85);
    assertThat(falling.at(0, 1).learningRate()).isEqualTo(1);
    assertThat(falling.at(0.5, 1).learningRate()).isCloseTo(0.5 * (1 + 1e-5), within(1e-15));
    OneCycle rising = new OneCycle(25, 1e5, 1, 0.95, 0.85);
    assertThat(rising.at(0, 1).learningRate()).isCloseTo(0.04, within(1e-15));
    assertThat(rising.at(0.999999, 1).learningRate()).isCloseTo(1, within(1e-9));
  }

  @Test
  void refusesParametersOutOfTheirRanges() {
    refuses(0.5, 1e5, .25, .95, .85, "div must be between 1 and 1000000000000, but is 0.5");
    refuses(25, 0, .25, .95, .85, "divFinal must be between 1 and 1000000000000, but is 0");
    refuses(25, 1e5, 1.1, .95, .85, "start must be between 0 and 1, but is 1.1");
    refuses(25, 1e5, .25, 1, .85, "momentumHigh must be between 0 and 0.9999, but is 1");
    refuses(25, 1e5, .25, .9, .95, "momentumLow must be between 0 and 0.9, but is 0.95");
    assertThatThrownBy(() -> new OneCycle().at(1.5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("oneCycle: progress must be between 0 and 1, but is 1.5");
  }

  private static void refuses(
      double div, double divFinal, double start, double high, double low, String message) {
    assertThatThrownBy(() -> new OneCycle(div, divFinal, start, high, low))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("oneCycle: " + message);
  }
}
