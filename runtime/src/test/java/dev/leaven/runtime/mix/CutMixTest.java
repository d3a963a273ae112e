package dev.leaven.runtime.mix;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.op.Ops;

class CutMixTest {

  private static CutMix.Draw drawn(Ops tf, float lambda, float x, float y, int... partner) {
    return new CutMix.Draw(
        tf.constant(new float[] {lambda}),
        tf.constant(new float[] {x}),
        tf.constant(new float[] {y}),
        tf.constant(partner));
  }

  /** λ, x, y, and the box as left, top, right, bottom, λ'; of as many images. */
  private static List<double[]> draws(CutMix cutMix, int count, int height, int width) {
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      var shape = tf.constant(new int[] {count, height, width, 3});
      CutMix.Draw draw = cutMix.draw(tf, shape, Randomness.of(tf, 5, tf.constant(0L)));
      CutMix.Box box = cutMix.box(tf, shape, draw);
      return run.fetch(
          Map.of(),
          List.of(
              draw.lambda(),
              draw.x(),
              draw.y(),
              box.left(),
              box.top(),
              box.right(),
              box.bottom(),
              box.lambda()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "224, 224, .64,   112, 112, 45, 45,  179, 179, .64213967",
    "224, 224, .64,   10,  200, 0,  133, 77,  224, .86035156",
    "224, 224, .3647, 0,   0,   0,  0,   89,  89,  .84213568",
    "224, 160, .5,    100, 20,  21, 0,   179, 76,  .66495536",
    "224, 160, 1,     100, 20,  100, 20, 100, 20,  1",
    "224, 160, 0,     0,   0,   0,  0,   112, 80,  .75",
    "15,  15,  .5,    7,   7,   2,  2,   12,  12,  .55555556"
  })
  void cutsTheSameBoxAsFastai(
      int width,
      int height,
      float lambda,
      float x,
      float y,
      double left,
      double top,
      double right,
      double bottom,
      double area) {
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      CutMix.Box box =
          new CutMix()
              .box(tf, tf.constant(new int[] {2, height, width, 3}), drawn(tf, lambda, x, y, 1, 0));
      List<double[]> values =
          run.fetch(
              Map.of(), List.of(box.left(), box.top(), box.right(), box.bottom(), box.lambda()));
      assertThat(values.subList(0, 4))
          .containsExactly(
              new double[] {left}, new double[] {top}, new double[] {right}, new double[] {bottom});
      // Golden values have eight digits; float32 has steps of 6e-8 here.
      assertThat(values.get(4)[0]).isCloseTo(area, within(6e-8));
    }
  }

  @Test
  void pastesTheBoxOfThePartnerAndNothingElse() {
    int height = 4;
    int width = 8;
    float[] own = GraphRun.numbers(1, height * width * 2);
    float[] other = GraphRun.numbers(2, height * width * 2);
    float[] both = Arrays.copyOf(own, own.length * 2);
    System.arraycopy(other, 0, both, own.length, other.length);
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      // λ of 0.75 halves both sides: 4 columns from 3, 2 rows from 0.
      Batch mixed =
          new CutMix()
              .apply(
                  tf,
                  new Batch(
                      array(tf, both, 2, height, width, 2),
                      array(tf, new float[] {1, 0, 0, 1}, 2, 2)),
                  drawn(tf, .75f, 5, 1, 1, 0));
      List<double[]> values = run.fetch(Map.of(), List.of(mixed.images(), mixed.targets()));
      assertThat(values.get(1)).containsExactly(.75, .25, .25, .75);
      for (int i = 0; i < own.length; i++) {
        int row = i / 2 / width;
        int column = i / 2 % width;
        boolean cut = row < 2 && column >= 3 && column < 7;
        assertThat(values.get(0)[i]).isEqualTo(cut ? other[i] : own[i]);
        assertThat(values.get(0)[own.length + i]).isEqualTo(cut ? own[i] : other[i]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,false", "3,false", "8,false", "1,true", "3,true", "8,true"})
  void imagesAndTargetsAreMixedAlikeWithTheNextImage(int size, boolean perImage) {
    int height = 12;
    int width = 20;
    int pixels = height * width;
    float[] images = new float[size * pixels];
    float[] targets = new float[size * size];
    for (int i = 0; i < size; i++) {
      Arrays.fill(images, i * pixels, (i + 1) * pixels, i);
      targets[i * size + i] = 1;
    }
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Batch mixed =
          new CutMix(1, perImage)
              .mix(
                  tf,
                  new Batch(
                      array(tf, images, size, height, width, 1), array(tf, targets, size, size)),
                  Randomness.of(tf, 5, tf.constant(3L)));
      List<double[]> values = run.fetch(Map.of(), List.of(mixed.images(), mixed.targets()));
      boolean anyCut = false;
      for (int i = 0; i < size; i++) {
        int next = (i + 1) % size;
        double[] image = Arrays.copyOfRange(values.get(0), i * pixels, (i + 1) * pixels);
        double[] target = Arrays.copyOfRange(values.get(1), i * size, (i + 1) * size);
        int self = i;
        assertThat(Arrays.stream(image)).allMatch(pixel -> pixel == self || pixel == next);
        double kept = Arrays.stream(image).filter(pixel -> pixel == self).count();
        anyCut |= kept < pixels;
        // λ' is rounded twice in float32, and a target once more.
        assertThat(target[i]).isCloseTo(kept / pixels, within(1.8e-7));
        assertThat(Arrays.stream(target).sum()).isCloseTo(1, within(1.2e-7));
        assertThat(Arrays.stream(target)).allMatch(share -> share >= 0);
        assertThat(target[i] + (size == 1 ? 0 : target[next])).isCloseTo(1, within(1.2e-7));
      }
      assertThat(anyCut).isEqualTo(size > 1);
    }
  }

  @Test
  void targetsGoByTheDrawnShareIfTheyAreNotCorrected() {
    // A box of 8×8 around the corner of 16×16 shows a quarter of itself: λ is 0.75, λ' 15/16.
    List<List<Double>> targets = new ArrayList<>();
    for (boolean corrected : new boolean[] {true, false}) {
      try (GraphRun run = new GraphRun()) {
        Ops tf = run.tf();
        float[] images = GraphRun.numbers(1, 2 * 16 * 16);
        Batch batch =
            new Batch(array(tf, images, 2, 16, 16, 1), array(tf, new float[] {1, 0, 0, 1}, 2, 2));
        Batch mixed =
            new CutMix(1, false, corrected).apply(tf, batch, drawn(tf, 0.75f, 0, 0, 1, 0));
        List<double[]> values = run.fetch(Map.of(), List.of(mixed.images(), mixed.targets()));
        int changed = 0;
        for (int i = 0; i < images.length; i++) {
          changed += values.get(0)[i] == images[i] ? 0 : 1;
        }
        assertThat(changed).isEqualTo(2 * 16);
        targets.add(Arrays.stream(values.get(1)).boxed().toList());
      }
    }
    assertThat(targets.get(0)).containsExactly(0.9375, 0.0625, 0.0625, 0.9375);
    assertThat(targets.get(1)).containsExactly(0.75, 0.25, 0.25, 0.75);
  }

  @Test
  void aRecipeSaysTheCorrectionOnlyWhereThereIsNone() {
    assertThat(TechniqueJson.write(new CutMix()))
        .isEqualTo("{\"technique\":\"CutMix\",\"alpha\":1.0,\"perImage\":false}");
    assertThat(TechniqueJson.write(new CutMix(0.5, true, false)))
        .isEqualTo(
            "{\"technique\":\"CutMix\",\"alpha\":0.5,\"corrected\":false,\"perImage\":true}");
    assertThat(
            TechniqueJson.read(
                "{\"technique\":\"CutMix\",\"alpha\":1.0,\"perImage\":true}", Mixing.class))
        .isEqualTo(new CutMix(1, true, true));
  }

  @Test
  void aBatchHasOneBoxUnlessEachImageHasItsOwn() {
    assertThat(draws(new CutMix(), 8, 32, 32)).allSatisfy(values -> assertThat(values).hasSize(1));
    assertThat(draws(new CutMix(1, true), 8, 32, 32).get(0)).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void everyShareAndEveryCentreIsEquallyLikely() {
    int count = 20_000;
    List<double[]> draws = draws(new CutMix(1, true), count, 160, 224);
    assertMean(draws.get(0), 1 / 2.0, 1 / 12.0);
    assertMean(draws.get(1), 223 / 2.0, (224 * 224 - 1) / 12.0);
    assertMean(draws.get(2), 159 / 2.0, (160 * 160 - 1) / 12.0);
    assertThat(Arrays.stream(draws.get(1)).distinct().count()).isEqualTo(224);
    assertThat(Arrays.stream(draws.get(2)).distinct().count()).isEqualTo(160);
    assertThat(Arrays.stream(draws.get(1)).max()).hasValue(223);
    assertThat(Arrays.stream(draws.get(2)).max()).hasValue(159);
    // Neither coordinate follows the other or λ; four standard errors of a correlation.
    for (int[] pair : new int[][] {{0, 1}, {0, 2}, {1, 2}}) {
      assertThat(correlation(draws.get(pair[0]), draws.get(pair[1])))
          .isCloseTo(0, within(4 / Math.sqrt(count)));
    }
  }

  @Test
  void alphaSaysHowAlikeTheSharesAre() {
    // The variance of Beta(α, α) is 1 / (4 (2α + 1)).
    for (double alpha : new double[] {0.2, 1, 5}) {
      double[] lambda = draws(new CutMix(alpha, true), 20_000, 32, 32).get(0);
      double expected = 1 / (4 * (2 * alpha + 1));
      double[] squares = Arrays.stream(lambda).map(l -> (l - .5) * (l - .5)).toArray();
      assertMean(lambda, .5, expected);
      assertMean(squares, expected, variance(squares));
    }
  }

  @Test
  void areasAreThoseOfBoxesCutOffAtTheBorder() {
    int side = 2240;
    List<double[]> draws = draws(new CutMix(1, true), 20_000, side, side);
    double[] kept = draws.get(7);
    for (int i = 0; i < kept.length; i++) {
      double width = draws.get(5)[i] - draws.get(3)[i];
      double height = draws.get(6)[i] - draws.get(4)[i];
      assertThat(width).isBetween(0.0, (double) side);
      assertThat(height).isBetween(0.0, (double) side);
      // Rounded twice in float32.
      assertThat(kept[i]).isCloseTo(1 - width * height / side / side, within(1.2e-7));
      assertThat(kept[i]).isGreaterThanOrEqualTo(draws.get(0)[i] - 1e-3);
    }
    // A side of r around an even centre loses r²/4 beyond the border; with r² uniform the mean of
    // (r - r²/4)² is 77/240. Sides are rounded, which at this size is below a tenth of the error.
    assertMean(kept, 1 - 77 / 240.0, variance(kept));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 1e-2, 100})
  void noAlphaGivesAWeightThatIsNoNumber(double alpha) {
    List<double[]> draws = draws(new CutMix(alpha, true), 20_000, 32, 32);
    assertThat(Arrays.stream(draws.get(0))).allMatch(lambda -> lambda >= 0 && lambda <= 1);
    assertThat(Arrays.stream(draws.get(7))).allMatch(lambda -> lambda >= 0 && lambda <= 1);
  }

  @Test
  void refusesAnAlphaOutOfItsRange() {
    refuses(0, "cutmix: alpha must be above 0, but is 0");
    refuses(Double.NaN, "cutmix: alpha must be above 0, but is NaN");
    refuses(100.5, "cutmix: alpha must be between 0 and 100, but is 100.5");
  }

  private static void refuses(double alpha, String message) {
    assertThatThrownBy(() -> new CutMix(alpha))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  // Four standard errors.
  private static void assertMean(double[] values, double expected, double variance) {
    assertThat(mean(values)).isCloseTo(expected, within(4 * Math.sqrt(variance / values.length)));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  private static double correlation(double[] a, double[] b) {
    double meanOfA = mean(a);
    double meanOfB = mean(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - meanOfA) * (b[i] - meanOfB);
    }
    return sum / a.length / Math.sqrt(variance(a) * variance(b));
  }
}
