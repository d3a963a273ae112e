package dev.leaven.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterCountTest {

  // fastai's own counts.
  @ParameterizedTest
  @CsvSource({"18, 10, 11200874", "34, 10, 21309034", "50, 10, 23547754", "50, 1000, 25576264"})
  void counts_what_fastai_counts(int depth, int classes, long parameters) {
    assertThat(ParameterCount.of(new XResNet(depth), 3, classes)).isEqualTo(parameters);
  }
}
