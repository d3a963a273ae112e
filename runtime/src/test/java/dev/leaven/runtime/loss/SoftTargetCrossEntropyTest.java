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

class SoftTargetCrossEntropyTest {

  private static final float[] LOGITS = {2, 1, .1f, .5f, 2.5f, -1};
  private static final float[] ONE_HOT = {1, 0, 0, 0, 1, 0};

  private static double[] losses(double epsilon) {
    return GraphRun.values(
        tf ->
            new SoftTargetCrossEntropy()
                .perImage(
                    tf,
                    array(tf, LOGITS, 2, 3),
                    new LabelSmoothing(epsilon).apply(tf, array(tf, ONE_HOT, 2, 3), 3)));
  }

  private static void close(double actual, double golden) {
    // float32 keeps seven digits.
    assertThat(actual).isCloseTo(golden, within(1e-6 * golden));
  }

  @Test
  void isTheCrossEntropyOfOneHotTargets() {
    double[] losses = losses(0);
    close(losses[0], .41702995);
    close(losses[1], .15317824);
    close((losses[0] + losses[1]) / 2, .28510410);
  }

  @Test
  void isFastaisLossOnSmoothedTargets() {
    double[] losses = losses(0.1);
    close(losses[0], .51369661);
    close(losses[1], .33651158);
    close((losses[0] + losses[1]) / 2, .42510408);
    close(losses[0] + losses[1], .85020816);
  }

  @Test
  void enormousLogitsGiveFiniteLosses() {
    double[] losses =
        GraphRun.values(
            tf ->
                new SoftTargetCrossEntropy()
                    .perImage(
                        tf,
                        array(tf, new float[] {1e4f, -1e4f, 0, -1e4f, 1e4f, 0}, 2, 3),
                        array(tf, new float[] {1, 0, 0, 1, 0, 0}, 2, 3)));
    assertThat(losses).containsExactly(0, 2e4);
  }

  @Test
  void hasTheRightGradientForSmoothedTargets() {
    try (GraphRun run = new GraphRun()) {
      Operand<TFloat32> logits = array(run.tf(), LOGITS, 2, 3);
      Operand<TFloat32> targets =
          new LabelSmoothing(0.1).apply(run.tf(), array(run.tf(), ONE_HOT, 2, 3), 3);
      GradientCheck.check(
          run, new SoftTargetCrossEntropy().perImage(run.tf(), logits, targets), List.of(logits));
    }
  }
}
