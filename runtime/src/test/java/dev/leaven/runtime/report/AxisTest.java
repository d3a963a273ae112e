package dev.leaven.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {

  @ParameterizedTest
  @CsvSource({
    "0.213, 1.18, '0.2 0.4 0.6 0.8 1.0 1.2'",
    "87.1, 91.9, '87 88 89 90 91 92'",
    "0, 0.002, '0.0000 0.0005 0.0010 0.0015 0.0020'",
    "-3, 12, '-5 0 5 10 15'",
    "0, 4.1e-5, '0 1e-5 2e-5 3e-5 4e-5 5e-5'",
    "7, 7, '6.0 6.5 7.0 7.5 8.0'",
  })
  void ticksAreRoundAndHoldAllValues(double low, double high, String labels) {
    Axis axis = Axis.around(DoubleStream.of(high, low, Double.NaN), 100, 0);
    assertThat(axis.low()).isLessThanOrEqualTo(low);
    assertThat(axis.high()).isGreaterThanOrEqualTo(high);
    assertThat(String.join(" ", axis.ticks().stream().map(axis::label).toList())).isEqualTo(labels);
  }

  @Test
  void epochsAreWhole() {
    assertThat(Axis.exact(0, 3, 1, 0, 300).ticks()).containsExactly(0.0, 1.0, 2.0, 3.0);
    assertThat(Axis.exact(0, 80, 1, 0, 300).ticks()).containsExactly(0.0, 20.0, 40.0, 60.0, 80.0);
    assertThat(Axis.exact(0, 80, 1, 20, 100).place(40)).isEqualTo(60);
  }

  @Test
  void withoutValuesItIsFromZeroToOne() {
    assertThat(Axis.around(DoubleStream.empty(), 0, 1).ticks()).startsWith(0.0).endsWith(1.0);
  }
}
