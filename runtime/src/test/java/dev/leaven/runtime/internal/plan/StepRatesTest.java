package dev.leaven.runtime.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.train.Runs;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepRatesTest {

  @Test
  void everyStepHasTheRateThatTrainingUses() {
    Plan plan = Runs.plan();
    StepRates rates = StepRates.of(plan, List.of(), 1000);
    Timeline timeline = new Timeline(plan);
    assertThat(rates.rates()).hasSize(24);
    for (int step = 0; step < 24; step++) {
      assertThat(rates.epochs().get(step)).isEqualTo(step / 6 + step % 6 / 6.0);
      assertThat(rates.rates().get(step))
          .isEqualTo(timeline.rates(step / 6, step % 6, List.of()).learningRate());
    }
  }

  @Test
  void ofManyStepsSomeAreTakenWithTheFirstAndTheLast() {
    StepRates rates = StepRates.of(Runs.plan(), List.of(), 4);
    // Steps 0, 8, 15 and 23: thirds of 23, rounded.
    assertThat(rates.epochs()).containsExactly(0.0, 8 / 6.0, 15 / 6.0, 23 / 6.0);
  }
}
