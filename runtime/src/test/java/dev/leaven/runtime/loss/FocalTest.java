package dev.leaven.runtime.loss;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GradientCheck;
import dev.leaven.runtime.graph.GraphRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class FocalTest {

  private static final float[] LOGITS = {2, 1, .1f, .5f, 2.5f, -1};

  private static double[] losses(double gamma, float... targets) {
    return GraphRun.values(
        tf -> new Focal(gamma).perImage(tf, array(tf, LOGITS, 2, 3), array(tf, targets, 2, 3)));
  }

  @Test
  void isFastaisFocalLoss() {
    double[] losses = losses(2, 1, 0, 0, 0, 1, 0);
    // float32 keeps seven digits; (1-p)² of the small second value loses one.
    assertThat(losses[0]).isCloseTo(.04849232, within(1e-6 * .048));
    assertThat(losses[1]).isCloseTo(.00308970, within(1e-5 * .003));
  }

  @Test
  void withoutGammaItIsCrossEntropy() {
    double[] losses = losses(0, 1, 0, 0, 0, 1, 0);
    assertThat(losses[0]).isCloseTo(.41702995, within(1e-6));
    assertThat(losses[1]).isCloseTo(.15317824, within(1e-6));
  }

  @Test
  void aMixedTargetHasTheMixedLoss() {
    double mixed = losses(2, .7f, .3f, 0, 0, 1, 0)[0];
    double own = losses(2, 1, 0, 0, 0, 1, 0)[0];
    double other = losses(2, 0, 1, 0, 0, 1, 0)[0];
    assertThat(mixed).isCloseTo(.7 * own + .3 * other, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 2, 3.5})
  void hasTheRightGradient(double gamma) {
    try (GraphRun run = new GraphRun()) {
      Operand<TFloat32> logits = array(run.tf(), LOGITS, 2, 3);
      Operand<TFloat32> targets = array(run.tf(), new float[] {.7f, .3f, 0, 0, 1, 0}, 2, 3);
      GradientCheck.check(
          run, new Focal(gamma).perImage(run.tf(), logits, targets), List.of(logits));
    }
  }

  @Test
  void certaintyGivesFiniteLosses() {
    double[] losses =
        GraphRun.values(
            tf ->
                new Focal(0.5)
                    .perImage(
                        tf,
                        array(tf, new float[] {1e4f, -1e4f, -1e4f, 1e4f}, 2, 2),
                        array(tf, new float[] {1, 0, 1, 0}, 2, 2)));
    assertThat(losses[0]).isCloseTo(0, within(1e-12));
    assertThat(losses[1]).isEqualTo(2e4);
  }
}
