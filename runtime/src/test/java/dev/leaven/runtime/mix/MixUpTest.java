package dev.leaven.runtime.mix;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.GradientCheck;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.SoftTargetCrossEntropy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class MixUpTest {

  private static final float[] LOGITS = {2, 1, .1f, .5f, 2.5f, -1};
  private static final float[] ONE_HOT = {1, 0, 0, 0, 1, 0};

  private static double[] lambdas(double alpha, int count) {
    return GraphRun.values(
        tf ->
            new MixUp(alpha)
                .draw(tf, tf.constant(count), Randomness.of(tf, 5, tf.constant(0L)))
                .lambda());
  }

  // The reference: the losses of both labels, each smoothed, mixed in double.
  private static double lossOfBothLabels(double[] lambda, int[] partner, double epsilon) {
    double sum = 0;
    for (int i = 0; i < 2; i++) {
      sum += lambda[i] * smoothedLoss(i, i, epsilon);
      sum += (1 - lambda[i]) * smoothedLoss(i, partner[i], epsilon);
    }
    return sum / 2;
  }

  private static double smoothedLoss(int row, int label, double epsilon) {
    double total = 0;
    for (int k = 0; k < 3; k++) {
      total += Math.exp(LOGITS[row * 3 + k]);
    }
    double loss = 0;
    for (int k = 0; k < 3; k++) {
      double target = epsilon / 3 + (k == label ? 1 - epsilon : 0);
      loss -= target * (LOGITS[row * 3 + k] - Math.log(total));
    }
    return loss;
  }

  private static Batch goldenBatch(Ops tf) {
    MixUp.Draw draw =
        new MixUp.Draw(tf.constant(new float[] {.7f, .8f}), tf.constant(new int[] {1, 0}));
    Operand<TFloat32> images = array(tf, new float[2], 2, 1, 1, 1);
    Batch mixed = new MixUp().apply(tf, new Batch(images, array(tf, ONE_HOT, 2, 3)), draw);
    return new Batch(images, new LabelSmoothing(0.1).apply(tf, mixed.targets(), 3));
  }

  @Test
  void aLossOnMixedAndSmoothedTargetsIsTheMixedSmoothedLossOfBothLabels() {
    double[] losses =
        GraphRun.values(
            tf ->
                new SoftTargetCrossEntropy()
                    .perImage(tf, array(tf, LOGITS, 2, 3), goldenBatch(tf).targets()));
    double golden = .74010408;
    // float32 keeps seven digits.
    assertThat((losses[0] + losses[1]) / 2).isCloseTo(golden, within(1e-6 * golden));
    // The golden value was computed in float32, whose steps are 6e-8 here.
    assertThat(lossOfBothLabels(new double[] {.7, .8}, new int[] {1, 0}, 0.1))
        .isCloseTo(golden, within(6e-8));
  }

  @Test
  void theLossOnMixedTargetsHasTheRightGradient() {
    try (GraphRun run = new GraphRun()) {
      Operand<TFloat32> logits = array(run.tf(), LOGITS, 2, 3);
      Operand<TFloat32> targets = goldenBatch(run.tf()).targets();
      GradientCheck.check(
          run, new SoftTargetCrossEntropy().perImage(run.tf(), logits, targets), List.of(logits));
    }
  }

  @Test
  void itsOwnLabelDominates() {
    int count = 20_000;
    double[] lambdas = lambdas(0.4, count);
    assertThat(Arrays.stream(lambdas)).allMatch(lambda -> lambda >= 0.5 && lambda <= 1);
    double mean = Arrays.stream(lambdas).average().orElseThrow();
    double variance =
        Arrays.stream(lambdas).map(l -> (l - mean) * (l - mean)).average().orElseThrow();
    // E max(λ, 1-λ) = ½ + 1/(α·4^α·B(α, α)) = 0.8398 for α = 0.4; four standard errors.
    assertThat(mean).isCloseTo(0.8398, within(4 * Math.sqrt(variance / count)));
    // 18.8 % are practically unmixed; four standard errors of that share.
    double unmixed = (double) Arrays.stream(lambdas).filter(l -> l > .99).count() / count;
    assertThat(unmixed).isCloseTo(.188, within(4 * Math.sqrt(.188 * .812 / count)));
  }

  @Test
  void aWeightMayBeForAllImagesOfABatch() {
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Randomness randomness = Randomness.of(tf, 5, tf.constant(3L));
      MixUp mixUp = new MixUp(1, true, true);
      float[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
      Batch batch = new Batch(array(tf, identity, 3, 1, 1, 3), array(tf, identity, 3, 3));
      Batch mixed = mixUp.mix(tf, batch, randomness);
      MixUp.Draw draw = mixUp.draw(tf, tf.constant(3), randomness);
      List<double[]> values =
          run.fetch(Map.of(), List.of(mixed.images(), mixed.targets(), draw.lambda()));
      assertThat(values.get(2)).hasSize(1);
      double lambda = values.get(2)[0];
      double rest = 1 - lambda;
      // 1-λ is rounded once in float32.
      assertThat(values.get(0))
          .containsExactly(
              new double[] {lambda, rest, 0, 0, lambda, rest, rest, 0, lambda}, within(6e-8));
      assertThat(values.get(1)).isEqualTo(values.get(0));
    }
  }

  @Test
  void aWeightThatIsKeptAsItIsMayGiveMostToThePartner() {
    int count = 20_000;
    double[] lambdas =
        GraphRun.values(
            tf ->
                new MixUp(0.4, false, false)
                    .draw(tf, tf.constant(count), Randomness.of(tf, 5, tf.constant(0L)))
                    .lambda());
    double[] squares = Arrays.stream(lambdas).map(l -> (l - .5) * (l - .5)).toArray();
    // Beta(α, α) has the mean ½, and the variance 1 / (4 (2α + 1)); four standard errors.
    double variance = 1 / (4 * 1.8);
    assertThat(Arrays.stream(lambdas).average().orElseThrow())
        .isCloseTo(.5, within(4 * Math.sqrt(variance / count)));
    double spread = Arrays.stream(squares).map(s -> (s - variance) * (s - variance)).sum() / count;
    assertThat(Arrays.stream(squares).average().orElseThrow())
        .isCloseTo(variance, within(4 * Math.sqrt(spread / count)));
    // It is the weight that the symmetric form folds at one half.
    double[] folded = Arrays.stream(lambdas).map(l -> Math.max(l, 1 - l)).toArray();
    assertThat(folded).containsExactly(lambdas(0.4, count), within(6e-8));
  }

  @Test
  void aRecipeSaysNoKnobThatIsAsUsual() {
    assertThat(TechniqueJson.write(new MixUp(0.4)))
        .isEqualTo("{\"technique\":\"MixUp\",\"alpha\":0.4}");
    assertThat(TechniqueJson.write(new MixUp(0.2, true, false)))
        .isEqualTo("{\"technique\":\"MixUp\",\"alpha\":0.2,\"perBatch\":true,\"symmetric\":false}");
    assertThat(TechniqueJson.read("{\"technique\":\"MixUp\",\"alpha\":0.2}", Mixing.class))
        .isEqualTo(new MixUp(0.2, false, true));
    assertThatThrownBy(() -> TechniqueJson.read("{\"technique\":\"MixUp\"}", Mixing.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                TechniqueJson.read(
                    "{\"technique\":\"MixUp\",\"alpha\":0.2,\"batch\":true}", Mixing.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 1e-2, 1, 100})
  void noAlphaGivesAWeightThatIsNoNumber(double alpha) {
    assertThat(Arrays.stream(lambdas(alpha, 20_000)))
        .allMatch(lambda -> lambda >= 0.5 && lambda <= 1);
  }

  @Test
  void aTinyAlphaMixesNearlyNothing() {
    // P(λ < 0.99) is about 2α·ln(99) = 0.1 %.
    assertThat(Arrays.stream(lambdas(1e-4, 20_000)).filter(l -> l < .99).count()).isLessThan(60);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void imagesAndTargetsAreMixedAlikeWithTheNextImage(int size) {
    float[] identity = new float[size * size];
    for (int i = 0; i < size; i++) {
      identity[i * size + i] = 1;
    }
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Randomness randomness = Randomness.of(tf, 5, tf.constant(3L));
      Batch mixed =
          new MixUp()
              .mix(
                  tf,
                  new Batch(array(tf, identity, size, 1, 1, size), array(tf, identity, size, size)),
                  randomness);
      MixUp.Draw draw = new MixUp().draw(tf, tf.constant(size), randomness);
      List<double[]> values =
          run.fetch(
              Map.of(), List.of(mixed.images(), mixed.targets(), draw.lambda(), draw.partner()));
      double[] images = values.get(0);
      assertThat(images).isEqualTo(values.get(1));
      for (int i = 0; i < size; i++) {
        double lambda = values.get(2)[i];
        assertThat(values.get(3)[i]).isEqualTo((i + 1) % size);
        double sum = 0;
        for (int k = 0; k < size; k++) {
          double expected = k == i ? lambda : k == (i + 1) % size ? 1 - lambda : 0;
          // 1-λ is rounded once in float32.
          assertThat(images[i * size + k]).isCloseTo(expected, within(6e-8));
          sum += images[i * size + k];
        }
        assertThat(sum).isCloseTo(1, within(6e-8));
      }
    }
  }

  @Test
  void aBatchOfOneDoesNotChange() {
    float[] image = GraphRun.numbers(1, 12);
    double[] mixed =
        GraphRun.values(
            tf ->
                new MixUp(1)
                    .mix(
                        tf,
                        new Batch(
                            array(tf, image, 1, 2, 2, 3), array(tf, new float[] {0, 1}, 1, 2)),
                        Randomness.of(tf, 5, tf.constant(0L)))
                    .images());
    for (int i = 0; i < image.length; i++) {
      // λx + (1-λ)x is rounded four times.
      assertThat(mixed[i]).isCloseTo(image[i], within(2.4e-7 * Math.abs(image[i])));
    }
  }

  @Test
  void everyStepDrawsAnew() {
    double[] first =
        GraphRun.values(
            tf ->
                new MixUp()
                    .draw(tf, tf.constant(8), Randomness.of(tf, 5, tf.constant(1L)))
                    .lambda());
    assertThat(lambdas(0.4, 8)).doesNotContain(first);
  }

  @Test
  void refusesAnAlphaOutOfItsRange() {
    refuses(0, "mixup: alpha must be above 0, but is 0");
    refuses(-0.4, "mixup: alpha must be above 0, but is -0.4");
    refuses(Double.NaN, "mixup: alpha must be above 0, but is NaN");
    refuses(101, "mixup: alpha must be between 0 and 100, but is 101");
  }

  private static void refuses(double alpha, String message) {
    assertThatThrownBy(() -> new MixUp(alpha))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
