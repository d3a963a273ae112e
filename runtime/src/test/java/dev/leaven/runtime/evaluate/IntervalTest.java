package dev.leaven.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {

  /** Newcombe, Two-sided confidence intervals for the single proportion, 1998, method 3. */
  @ParameterizedTest
  @CsvSource({"81,263,.2553,.3662", "15,148,.0624,.1605", "0,20,0,.1611", "1,29,.0061,.1718"})
  void wilsonsIsNewcombes(long hits, long of, double low, double high) {
    Interval interval = Interval.wilson(hits, of);
    // He gives four places.
    assertThat(interval.low()).isCloseTo(low, within(5e-5));
    assertThat(interval.high()).isCloseTo(high, within(5e-5));
    Interval other = Interval.wilson(of - hits, of);
    assertThat(other.low()).isCloseTo(1 - interval.high(), within(1e-12));
    assertThat(other.high()).isCloseTo(1 - interval.low(), within(1e-12));
  }

  @Test
  void containsTheShareEvenAtTheEnds() {
    for (int of = 1; of < 200; of++) {
      for (int hits = 0; hits <= of; hits++) {
        assertThat(Interval.wilson(hits, of).contains((double) hits / of)).isTrue();
      }
    }
  }

  @Test
  void theMiddleIsInterpolatedAsNumpyDoes() {
    assertThat(Interval.middle(IntStream.rangeClosed(0, 1000).mapToDouble(i -> 1000 - i).toArray()))
        .isEqualTo(new Interval(25, 975));
    // numpy.percentile([1, 2, 4], [2.5, 97.5])
    Interval few = Interval.middle(new double[] {4, 1, 2});
    assertThat(few.low()).isCloseTo(1.05, within(1e-12));
    assertThat(few.high()).isCloseTo(3.9, within(1e-12));
    assertThat(Interval.middle(new double[] {3})).isEqualTo(new Interval(3, 3));
  }

  @Test
  void refusesImpossibleNumbers() {
    assertThatThrownBy(() -> Interval.wilson(3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("wilson: hits must be between 0 and 2, but is 3");
    assertThatThrownBy(() -> Interval.wilson(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Interval(2, 1))
        .hasMessage("interval: low must be at most high, but they are 2.0 and 1.0");
    assertThatThrownBy(() -> new Interval(Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
