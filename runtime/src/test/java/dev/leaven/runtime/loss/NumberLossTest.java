package dev.leaven.runtime.loss;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GradientCheck;
import dev.leaven.runtime.graph.GraphRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The losses of numbers. */
class NumberLossTest {

  @Test
  void isTheMeanOverTheNumbersOfAnImage() {
    double[] losses =
        GraphRun.values(
            tf ->
                new MeanSquaredError()
                    .perImage(
                        tf,
                        array(tf, new float[] {1, 2, 3, 4}, 2, 2),
                        array(tf, new float[] {1, 0, 0, 8}, 2, 2)));
    assertThat(losses).containsExactly(2, 12.5);
  }

  @Test
  void absoluteErrorAndHuber() {
    float[] outputs = {1, -.5f, 3, 0};
    float[] targets = {1, 0, 0, .25f};
    double[] absolute =
        GraphRun.values(
            tf ->
                new MeanAbsoluteError()
                    .perImage(tf, array(tf, outputs, 2, 2), array(tf, targets, 2, 2)));
    assertThat(absolute).containsExactly(.25, 1.625);
    double[] huber =
        GraphRun.values(
            tf -> new Huber(0.5).perImage(tf, array(tf, outputs, 2, 2), array(tf, targets, 2, 2)));
    // Errors 0, 0.5, 3 and 0.25: 0, 0.125, 0.5·(3 - 0.25), 0.03125.
    assertThat(huber).containsExactly(.0625, (1.375 + .03125) / 2);
  }

  @Test
  void hubersGradientIsRightOnBothSidesOfDelta() {
    try (GraphRun run = new GraphRun()) {
      Operand<TFloat32> outputs = array(run.tf(), new float[] {1, -.4f, .25f, 2}, 2, 2);
      Operand<TFloat32> targets = array(run.tf(), new float[] {.7f, 0, -1, 2.1f}, 2, 2);
      GradientCheck.check(
          run, new Huber(0.5).perImage(run.tf(), outputs, targets), List.of(outputs));
    }
  }

  @Test
  void hasTheRightGradient() {
    try (GraphRun run = new GraphRun()) {
      Operand<TFloat32> outputs = array(run.tf(), new float[] {1, -.5f, .25f, 2}, 2, 2);
      Operand<TFloat32> targets = array(run.tf(), new float[] {.5f, 0, -1, 2}, 2, 2);
      GradientCheck.check(
          run, new MeanSquaredError().perImage(run.tf(), outputs, targets), List.of(outputs));
    }
  }

  @Test
  void targetsAreLearnedInTheirOwnSpread() {
    TargetScale scale = TargetScale.measure(new float[] {10, 1, 20, 1, 60, 1}, 2);
    // Mean 30, deviations -20, -10, 30: √(1400/3). The other column is always the same.
    assertThat(scale.mean()).containsExactly(30.0, 1.0);
    assertThat(scale.deviation().get(0)).isCloseTo(Math.sqrt(1400 / 3.0), within(1e-12));
    assertThat(scale.deviation().get(1)).isEqualTo(1);
    double[] scaled = GraphRun.values(tf -> scale.scaled(tf, array(tf, new float[] {60, 3}, 1, 2)));
    assertThat(scaled[0]).isCloseTo(30 / Math.sqrt(1400 / 3.0), within(1e-6));
    assertThat(scaled[1]).isEqualTo(2);
    double[] back =
        GraphRun.values(
            tf -> scale.unscaled(tf, scale.scaled(tf, array(tf, new float[] {-7, 3}, 1, 2))));
    // Two roundings of float32 at 30.
    assertThat(back[0]).isCloseTo(-7, within(1e-5));
    assertThat(back[1]).isEqualTo(3);
  }
}
