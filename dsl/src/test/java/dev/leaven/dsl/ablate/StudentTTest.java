package dev.leaven.dsl.ablate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentTTest {

  // Of scipy.stats.t.ppf(0.975, degrees); every printed table has their first digits.
  @ParameterizedTest
  @CsvSource({
    "1, 12.706204736174694",
    "2, 4.302652729749462",
    "3, 3.1824463052837078",
    "4, 2.7764451051977934",
    "5, 2.5705818356363146",
    "9, 2.262157162798205",
    "10, 2.228138851986274",
    "30, 2.0422724563012378",
    "999, 1.9623414611334493"
  })
  void quantiles_are_those_of_the_tables(int degrees, double t) {
    // The sums lose a few of the last digits of a double where the density is flat.
    assertThat(StudentT.quantile(0.975, degrees)).isCloseTo(t, within(1e-10 * t));
  }

  // Of scipy.stats.t.cdf(t, degrees).
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0.75",
    "2, 1.5, 0.8638034375544994",
    "3, 0.7, 0.7328365008476182",
    "7, 2, 0.957190335718512"
  })
  void shares_are_those_of_the_tables(int degrees, double t, double share) {
    assertThat(StudentT.below(t, degrees)).isCloseTo(share, within(1e-14));
    assertThat(StudentT.below(-t, degrees)).isCloseTo(1 - share, within(1e-14));
  }
}
