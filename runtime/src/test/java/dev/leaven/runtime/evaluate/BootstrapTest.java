package dev.leaven.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {

  private static final int IMAGES = 400;

  private static double[] mean(double[] values, int[] counts) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += counts[i] * values[i];
    }
    return new double[] {sum / values.length};
  }

  @Test
  void theIntervalOfAMeanIsThatOfTheory() {
    Random random = new Random(7);
    double[] values = random.doubles(IMAGES).toArray();
    Estimate estimate = Bootstrap.estimates(IMAGES, counts -> mean(values, counts)).get(0);
    double mean = Arrays.stream(values).average().orElseThrow();
    double deviation =
        Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / IMAGES);
    double reach = 1.96 * deviation / Math.sqrt(IMAGES);
    assertThat(estimate.value()).isCloseTo(mean, within(1e-12));
    // The 2.5th percentile of 1,000 normal draws is known to about 0.08 deviations: 4 % of 1.96;
    // three times that is asked for.
    Interval interval = estimate.interval().orElseThrow();
    assertThat(interval.low()).isCloseTo(mean - reach, within(0.12 * reach));
    assertThat(interval.high()).isCloseTo(mean + reach, within(0.12 * reach));
  }

  @Test
  void repeatsBitForBit() {
    double[] values = new Random(3).doubles(IMAGES).toArray();
    assertThat(Bootstrap.estimates(IMAGES, counts -> mean(values, counts)))
        .isEqualTo(Bootstrap.estimates(IMAGES, counts -> mean(values, counts)));
  }

  @Test
  void countsAsManyImagesAsThereAre() {
    Bootstrap.estimates(
        IMAGES,
        counts -> {
          assertThat(Arrays.stream(counts).sum()).isEqualTo(IMAGES);
          return new double[] {0};
        });
  }

  @Test
  void hasNoIntervalOfWhatIsMostlyNotDefined() {
    // Image 0 is absent from 1/e of the resamples, image 1 present twice or more in 1 - 2/e.
    List<Estimate> estimates =
        Bootstrap.estimates(
            IMAGES,
            counts ->
                new double[] {
                  counts[0] > 0 ? counts[0] : Double.NaN, counts[1] > 1 ? 1 : Double.NaN
                });
    assertThat(estimates.get(0).interval()).isPresent();
    assertThat(estimates.get(1).interval()).isEmpty();
  }
}
