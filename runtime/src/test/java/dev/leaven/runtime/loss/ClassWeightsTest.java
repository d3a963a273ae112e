package dev.leaven.runtime.loss;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassWeightsTest {

  private static double mean(ClassWeights weights, float[] losses, float[] targets, int classes) {
    return GraphRun.values(
        tf ->
            weights.mean(
                tf, array(tf, losses, losses.length), array(tf, targets, losses.length, classes)))[
        0];
  }

  @Test
  void weighsByTheTrueClassAndDividesByTheWeights() {
    ClassWeights weights = new ClassWeights(List.of(1.0, 2.0, 3.0));
    float[] targets = {1, 0, 0, 0, 1, 0};
    // Without smoothing this is torch's weighted mean: (1·.41702995 + 2·.15317824) / 3.
    assertThat(mean(weights, new float[] {.41702995f, .15317824f}, targets, 3))
        .isCloseTo((.41702995 + 2 * .15317824) / 3, within(1e-7));
  }

  @Test
  void aMixedImageHasTheWeightsOfBothByTheirShares() {
    ClassWeights weights = new ClassWeights(List.of(1.0, 5.0));
    // Weights 1·0.7 + 5·0.3 = 2.2 and 5.
    assertThat(mean(weights, new float[] {1, 2}, new float[] {.7f, .3f, 0, 1}, 2))
        .isCloseTo((2.2 * 1 + 5 * 2) / 7.2, within(1e-6));
  }

  @Test
  void equalWeightsAreThePlainMean() {
    ClassWeights weights = new ClassWeights(List.of(4.0, 4.0));
    assertThat(mean(weights, new float[] {1, 2, 6}, new float[] {1, 0, 0, 1, 1, 0}, 2))
        .isCloseTo(3, within(1e-6));
  }

  @Test
  void balancedWeightsAreThoseOfScikitLearn() {
    // compute_class_weight('balanced'): 6 / (3 · count).
    assertThat(ClassWeights.balanced().settled(new int[] {0, 0, 0, 1, 1, 2}, 3).weights())
        .containsExactly(6 / 9.0, 1.0, 2.0);
  }

  @Test
  void refusesAnotherNumberOfWeightsThanClasses() {
    ClassWeights two = new ClassWeights(List.of(1.0, 2.0));
    assertThatThrownBy(() -> two.settled(new int[] {0, 1, 2}, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("classWeights: there are 2 weights, but 3 classes; give one for each class");
    assertThatThrownBy(() -> new ClassWeights(List.of(1.0, 0.0)))
        .hasMessage("classWeights: weight must be above 0, but is 0");
  }
}
