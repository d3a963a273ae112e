package dev.leaven.runtime.loss;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import org.junit.jupiter.api.Test;

class LabelSmoothingTest {

  @Test
  void takesFromTheTrueClassAndGivesToAll() {
    float[] oneHot = new float[10];
    oneHot[3] = 1;
    double[] smoothed =
        GraphRun.values(tf -> new LabelSmoothing(0.1).apply(tf, array(tf, oneHot, 1, 10), 10));
    for (int k = 0; k < 10; k++) {
      // Two roundings of float32 below 1.
      assertThat(smoothed[k]).isCloseTo(k == 3 ? 0.91 : 0.01, within(1.2e-7));
    }
  }

  @Test
  void withoutEpsilonNothingChanges() {
    float[] targets = {.3f, .7f};
    assertThat(GraphRun.values(tf -> new LabelSmoothing(0).apply(tf, array(tf, targets, 1, 2), 2)))
        .containsExactly(.3f, .7f);
  }

  @Test
  void refusesAnEpsilonOutOfItsRange() {
    refuses(1.5, "labelSmoothing: epsilon must be at least 0 and below 1, but is 1.5");
    refuses(1, "labelSmoothing: epsilon must be at least 0 and below 1, but is 1");
    refuses(-0.1, "labelSmoothing: epsilon must be at least 0 and below 1, but is -0.1");
    refuses(Double.NaN, "labelSmoothing: epsilon must be at least 0 and below 1, but is NaN");
  }

  private static void refuses(double epsilon, String message) {
    assertThatThrownBy(() -> new LabelSmoothing(epsilon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
