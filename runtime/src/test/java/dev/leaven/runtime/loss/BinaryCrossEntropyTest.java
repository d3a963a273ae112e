package dev.leaven.runtime.loss;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GradientCheck;
import dev.leaven.runtime.graph.GraphRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class BinaryCrossEntropyTest {

  private static final float[] LOGITS = {1.5f, -.5f, 0};
  private static final float[] TARGETS = {1, 0, 1};

  private static double loss(double epsilon) {
    return GraphRun.values(
        tf ->
            new BinaryCrossEntropy()
                .perImage(
                    tf,
                    array(tf, LOGITS, 1, 3),
                    new LabelSmoothing(epsilon).apply(tf, array(tf, TARGETS, 1, 3), 2)))[0];
  }

  @Test
  void isTheGoldenValue() {
    // float32 keeps seven digits.
    assertThat(loss(0)).isCloseTo(.45621252, within(1e-6 * .456));
  }

  @Test
  void smoothsAsAChoiceOfTwo() {
    // Keras' rule for binary cross-entropy: y(1-ε) + ε/2.
    assertThat(loss(0.1)).isCloseTo(.48954582, within(1e-6 * .49));
  }

  @Test
  void positiveWeightsWeighWhatIsThere() {
    double weighted =
        GraphRun.values(
            tf ->
                new BinaryCrossEntropy(List.of(2.0), null)
                    .perImage(tf, array(tf, LOGITS, 1, 3), array(tf, TARGETS, 1, 3)))[0];
    assertThat(weighted).isCloseTo(.75439930, within(1e-6 * .754));
    assertThatThrownBy(() -> new BinaryCrossEntropy(List.of(1.0, 2.0), null).check(3))
        .hasMessage(
            "binaryCrossEntropy: there are 2 positive weights, but 3 classes; give one for each");
  }

  @Test
  void aThresholdMakesMixedTargetsWholeAgain() {
    double binary =
        GraphRun.values(
            tf ->
                new BinaryCrossEntropy(List.of(), 0.2)
                    .perImage(
                        tf, array(tf, LOGITS, 1, 3), array(tf, new float[] {.7f, .2f, .3f}, 1, 3)))[
            0];
    assertThat(binary).isCloseTo(.45621252, within(1e-6 * .456));
  }

  @Test
  void enormousLogitsGiveFiniteLosses() {
    double[] losses =
        GraphRun.values(
            tf ->
                new BinaryCrossEntropy()
                    .perImage(
                        tf,
                        array(tf, new float[] {1e4f, -1e4f, 1e4f, -1e4f}, 2, 2),
                        array(tf, new float[] {1, 0, 0, 1}, 2, 2)));
    assertThat(losses).containsExactly(0, 1e4);
  }

  @Test
  void logitsAndAnswersAreEachOthersReverse() {
    float[] logits = {-9, -1, 0, .25f, 3, 12};
    double[] back =
        GraphRun.values(
            tf -> {
              BinaryCrossEntropy loss = new BinaryCrossEntropy();
              return loss.logits(tf, loss.answers(tf, array(tf, logits, 2, 3)));
            });
    for (int i = 0; i < logits.length; i++) {
      // Next to 1 a float32 probability has steps of 6e-8, which is 1 % of 1 - σ(12).
      assertThat(back[i]).isCloseTo(logits[i], within(logits[i] == 12 ? 0.01 : 1e-3));
    }
  }

  @Test
  void hasTheRightGradient() {
    try (GraphRun run = new GraphRun()) {
      Operand<TFloat32> logits = array(run.tf(), new float[] {1.5f, -.5f, .7f, -2, .1f, 3}, 2, 3);
      Operand<TFloat32> targets = array(run.tf(), new float[] {1, 0, .3f, 0, 1, .95f}, 2, 3);
      GradientCheck.check(
          run, new BinaryCrossEntropy().perImage(run.tf(), logits, targets), List.of(logits));
    }
  }
}
