package dev.leaven.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.Task;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScorerTest {

  private static Scores score(int label, float... probabilities) {
    Scorer scorer = Scorer.of(Task.CLASSIFICATION);
    scorer.add(probabilities, new float[] {label}, 0, 0);
    return scorer.scores();
  }

  @Test
  void addsUpMeans() {
    Scorer scorer = Scorer.of(Task.CLASSIFICATION);
    scorer.add(new float[] {.1f, .9f}, new float[] {1}, 0.5, 0.25);
    scorer.add(new float[] {.1f, .9f}, new float[] {0}, 1.5, 0.5);
    scorer.add(new float[] {.8f, .2f}, new float[] {0}, 4, 0);
    assertThat(scorer.scores()).isEqualTo(new Scores(3, 2, 0.25, 2.0 / 3, 1));
  }

  @Test
  void ofEqualProbabilitiesTheLowerNumberStandsFirst() {
    assertThat(score(0, .4f, .4f, .2f).top1()).isEqualTo(1);
    assertThat(score(1, .4f, .4f, .2f).top1()).isZero();
    float[] same = new float[10];
    assertThat(score(4, same).top5()).isEqualTo(1);
    assertThat(score(5, same).top5()).isZero();
  }

  @Test
  void fewerThanFiveClassesAreAllAmongFive() {
    assertThat(score(3, .4f, .3f, .2f, .1f).top5()).isEqualTo(1);
    assertThat(score(1, .9f, .1f)).isEqualTo(new Scores(1, 0, 0, 0, 1));
  }

  @Test
  void whatIsNotANumberIsWrong() {
    float nan = Float.NaN;
    assertThat(score(0, nan, nan, nan)).isEqualTo(new Scores(1, 0, 0, 0, 0));
    assertThat(score(1, nan, .6f, .4f).top1()).as("its own is a number").isEqualTo(1);
  }

  @Test
  void agreesWithSortingOnRandomCases() {
    SplittableRandom random = new SplittableRandom(1);
    Scorer scorer = Scorer.of(Task.CLASSIFICATION);
    double loss = 0;
    int top1 = 0;
    int top5 = 0;
    for (int image = 0; image < 2000; image++) {
      int classes = random.nextInt(2, 12);
      float[] probabilities = new float[classes];
      for (int k = 0; k < classes; k++) {
        // Few different values make many ties.
        probabilities[k] = random.nextInt(20) == 0 ? Float.NaN : random.nextInt(6) / 6f;
      }
      int label = random.nextInt(classes);
      loss += image * 0.1;
      scorer.add(probabilities, new float[] {label}, image * 0.1, 1);
      List<Integer> ranking =
          IntStream.range(0, classes)
              .filter(k -> !Float.isNaN(probabilities[k]))
              .boxed()
              .sorted(Comparator.comparingDouble(k -> -(double) probabilities[k]))
              .toList();
      int rank = ranking.indexOf(label);
      top1 += rank == 0 ? 1 : 0;
      top5 += rank >= 0 && rank < 5 ? 1 : 0;
    }
    Scores scores = scorer.scores();
    assertThat(scores.images()).isEqualTo(2000);
    // The same sum in the same order.
    assertThat(scores.loss()).isCloseTo(loss / 2000, within(1e-12));
    assertThat(scores.plainLoss()).isEqualTo(1);
    assertThat(scores.top1()).isEqualTo(top1 / 2000.0);
    assertThat(scores.top5()).isEqualTo(top5 / 2000.0);
  }

  @Test
  void refusesToScoreNothing() {
    assertThatThrownBy(() -> Scorer.of(Task.CLASSIFICATION).scores())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("there are no images to score");
  }
}
