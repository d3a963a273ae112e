package dev.leaven.dsl.ablate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.dsl.ablate.Gain.Verdict;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GainTest {

  // A double's rounding in a handful of additions.
  private static final Offset<Double> EXACT = within(1e-15);

  // Of scipy.stats.sem([0.8425, 0.8390, 0.8460]).
  @Test
  void estimates_a_mean_and_its_standard_error() {
    Estimate estimate = Estimate.of(List.of(0.8425, 0.8390, 0.8460));

    assertThat(estimate.values()).isEqualTo(3);
    assertThat(estimate.mean()).isCloseTo(0.8425, EXACT);
    assertThat(estimate.standardError()).hasValueCloseTo(0.0020207259421636922, EXACT);
    assertThat(Estimate.of(List.of(0.5)).standardError()).isEmpty();
    assertThatThrownBy(() -> Estimate.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  // Of scipy.stats.ttest_rel([0.8510, 0.8455, 0.8475], [0.8425, 0.8390, 0.8460]), whose p is 0.118.
  @Test
  void an_interval_that_holds_0_is_noise() {
    Gain gain = Gain.of(List.of(0.0085, 0.0065, 0.0015));

    assertThat(gain.seeds()).isEqualTo(3);
    assertThat(gain.mean()).isCloseTo(0.0055, EXACT);
    assertThat(gain.standardError()).hasValueCloseTo(0.0020816659994661083, EXACT);
    // Through a quantile that is right to ten digits.
    assertThat(gain.low()).hasValueCloseTo(-0.0034566858950294673, within(1e-12));
    assertThat(gain.high()).hasValueCloseTo(0.014456685895029513, within(1e-12));
    assertThat(gain.largerThanNoise()).isEqualTo(Verdict.NO);
  }

  // Of scipy.stats.t.interval(0.95, 4, mean, sem).
  @Test
  void an_interval_beside_0_is_larger_than_noise() {
    List<Double> differences = List.of(0.0085, 0.0065, 0.0015, 0.0070, 0.0090);
    Gain gain = Gain.of(differences);

    assertThat(gain.mean()).isCloseTo(0.0065, EXACT);
    assertThat(gain.low()).hasValueCloseTo(0.0028009664540094, within(1e-12));
    assertThat(gain.high()).hasValueCloseTo(0.010199033545990601, within(1e-12));
    assertThat(gain.largerThanNoise()).isEqualTo(Verdict.YES);
    Gain loss = Gain.of(differences.stream().map(x -> -x).toList());
    assertThat(loss.largerThanNoise()).isEqualTo(Verdict.YES);
    assertThat(loss.mean()).isCloseTo(-0.0065, EXACT);
  }

  @Test
  void fewer_than_three_seeds_are_too_few() {
    assertThat(Gain.of(List.of(0.5, 0.5001)).largerThanNoise()).isEqualTo(Verdict.TOO_FEW_SEEDS);
    Gain one = Gain.of(List.of(0.5));
    assertThat(one.largerThanNoise()).isEqualTo(Verdict.TOO_FEW_SEEDS);
    assertThat(one.margin()).isEmpty();
    assertThat(one.low()).isEmpty();
  }

  @Test
  void equal_differences_leave_no_noise() {
    assertThat(Gain.of(List.of(0.25, 0.25, 0.25)).largerThanNoise()).isEqualTo(Verdict.YES);
    assertThat(Gain.of(List.of(0.0, 0.0, 0.0)).largerThanNoise()).isEqualTo(Verdict.NO);
  }
}
