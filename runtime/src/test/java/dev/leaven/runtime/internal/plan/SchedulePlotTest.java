package dev.leaven.runtime.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.optimize.Constant;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.optimize.WarmRestarts;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.TinyNet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchedulePlotTest {

  private static List<String> plot(int epochs, int steps, Schedule schedule) {
    Stage stage = new Stage(16, 19, 16, epochs, 8, steps, 0.3, schedule);
    return new SchedulePlot(
            Runs.plan(
                Runs.data(), new TinyNet(2), List.of(stage), Optional.empty(), Precision.FLOAT32))
        .lines();
  }

  @Test
  void aConstantOnlyBeginsAndEnds() {
    assertThat(plot(2, 3, new Constant()))
        .containsExactly("1  ██████", "   0.30 at step 1, 0.30 at step 6");
    assertThat(plot(1, 1, new Constant())).containsExactly("1  █", "   0.30 at step 1");
  }

  @Test
  void longRunsAreDrawnInSixtyColumnsAndSayTheirFirstAndLastTurns() {
    List<String> lines = plot(10, 101, new WarmRestarts(10, 1, 1));
    assertThat(lines.get(0))
        .isEqualTo("1  ██▆▅▃▁██▆▅▃▁██▆▅▃▁██▆▅▃▁██▆▅▃▁██▆▅▃▁██▆▅▃▁██▆▅▃▁██▆▅▃▁██▆▅▃▁");
    assertThat(lines.get(1))
        .startsWith(
            "   0.30 at step 1, 7.3e-05 at step 101 (epoch 1), 0.30 at step 102 (epoch 2), ")
        .contains(" at step 505 (epoch 5), …, 0.30 at step 910 ")
        .endsWith("(epoch 10), 7.3e-05 at step 1010");
  }
}
