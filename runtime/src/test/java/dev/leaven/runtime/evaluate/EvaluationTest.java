package dev.leaven.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.TechniqueJson;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final float[][] ANSWERS = {
    {.5f, .25f, .25f}, {.25f, .5f, .25f}, {.5f, .25f, .25f}, {.125f, .75f, .125f}
  };

  @Test
  void readsWellOnATerminal() {
    Evaluation evaluation = Evaluation.of(MadeUpPredictions.labels(ANSWERS, 0, 1, 1, 1), 2, 10_000);
    String text = evaluation.text();
    assertThat(text)
        .startsWith("4 images of 3 classes\n")
        .containsPattern("top-1 +75\\.00 % +30\\.06 % to 95\\.44 %\n")
        .containsPattern("top-2 +100\\.00 % +51\\.01 % to 100\\.00 %\n")
        .containsPattern("\nF1, macro +73\\.33 %")
        .containsPattern("\nROC AUC, macro +\\d")
        .containsPattern("\naverage precision, macro +\\d")
        .doesNotContain("top-5 ")
        .containsPattern("top-10000 +100\\.00 %")
        .containsPattern("\na +1 +50\\.0 % +100\\.0 % +66\\.7 %")
        .containsPattern("\nb +3 +100\\.0 % +66\\.7 % +80\\.0 %")
        .containsPattern("\nc +0 +– +– +– +– +–\n")
        .contains("  b taken for a: 1 image, 33.3 % of its images\n")
        .contains("note: top-10000 is 1, as there are only 3 classes\n")
        .contains(
            "note: no image has the class c, so its ROC AUC and average precision are left out of"
                + " the means\n")
        .doesNotContain("NaN");
    assertThat(text.lines().filter(line -> !line.startsWith("note")))
        .allMatch(line -> line.length() <= 80)
        .allMatch(line -> line.equals(line.stripTrailing()));
  }

  @Test
  void ofManyClassesOnlyTheWorstAreShown() {
    int classes = 26;
    float[][] answers = new float[classes][classes];
    for (int i = 0; i < classes; i++) {
      answers[i][i == 7 ? 8 : i] = 1;
    }
    String text =
        Evaluation.of(MadeUpPredictions.labels(answers, IntStream.range(0, classes).toArray()))
            .text();
    assertThat(text).contains("the 20 of 26 classes with the lowest F1:\n");
    assertThat(text).containsPattern("\ntop-5 +\\d");
    assertThat(text.lines().filter(line -> line.matches("[a-z] +1 .*"))).hasSize(20);
    assertThat(text).containsPattern("avg prec\nh +1 +– ");
  }

  @Test
  void ofTwoClassesTheRocAucIsThatOfTheSecond() {
    float[][] answers = {{.75f, .25f}, {.5f, .5f}};
    assertThat(Evaluation.of(MadeUpPredictions.labels(answers, 0, 1)).text())
        .containsPattern("\nF1, macro +\\d")
        .containsPattern("\nROC AUC +\\d")
        .containsPattern("\naverage precision, macro +\\d");
  }

  @Test
  void comesBackFromJson() {
    Evaluation labels = Evaluation.of(MadeUpPredictions.labels(ANSWERS, 0, 1, 1, 1), 2);
    assertThat(TechniqueJson.read(labels.json(), Evaluation.class)).isEqualTo(labels);
    float[][] truth = {{1, 0, 0}, {0, 1, 0}, {0, 0, 0}, {0, 1, 1}};
    Evaluation rows = Evaluation.of(MadeUpPredictions.of(Task.MULTI_LABEL, ANSWERS, truth));
    assertThat(TechniqueJson.read(rows.json(), Evaluation.class)).isEqualTo(rows);
    Evaluation numbers = Evaluation.of(MadeUpPredictions.of(Task.REGRESSION, ANSWERS, truth));
    assertThat(TechniqueJson.read(numbers.json(), Evaluation.class)).isEqualTo(numbers);
    assertThat(rows.text()).contains("exact match").contains("F1, micro");
    assertThat(numbers.text()).contains("R²").contains("median");
  }

  @Test
  void aMaximumOverViewsIsNoProbability() {
    Evaluation evaluation =
        Evaluation.of(MadeUpPredictions.labels(new float[][] {{.75f, .5f}, {.5f, .625f}}, 0, 1));
    assertThat(evaluation.metrics()).doesNotContainKeys(Metric.BRIER, Metric.CALIBRATION_ERROR);
    assertThat(evaluation.calibration()).isEmpty();
    assertThat(evaluation.get(Metric.TOP1)).isEqualTo(1);
    assertThat(evaluation.notes()).anyMatch(note -> note.contains("do not sum to 1"));
  }

  @Test
  void ofVeryManyClassesSomeIsLeftOut() {
    int images = 1000;
    int classes = 4001;
    float[][] answers = new float[images][classes];
    Arrays.stream(answers).forEach(row -> row[3] = 1);
    int[] labels = new int[images];
    labels[0] = 3;
    Evaluation evaluation = Evaluation.of(MadeUpPredictions.labels(answers, labels), 10_000);
    assertThat(evaluation.estimate(Metric.ROC_AUC).interval()).isEmpty();
    assertThat(evaluation.estimate(Metric.BRIER).interval()).isPresent();
    assertThat(evaluation.confusion()).isEmpty();
    assertThat(evaluation.topK().get(0).share().value()).isEqualTo(1);
    assertThat(evaluation.notes())
        .anyMatch(note -> note.contains("takes too long"))
        .anyMatch(note -> note.contains("no confusion matrix"));
  }

  /** Resamples of images that are all alike say nothing of other images; Wilson's interval does. */
  @Test
  void noIntervalIsMadeOfImagesThatAreAllAlike() {
    Evaluation evaluation =
        Evaluation.of(MadeUpPredictions.labels(new float[][] {{.75f, .25f}, {.25f, .75f}}, 0, 1));
    assertThat(evaluation.allRight()).isTrue();
    assertThat(evaluation.get(Metric.BALANCED_ACCURACY)).isEqualTo(1);
    assertThat(evaluation.estimate(Metric.BALANCED_ACCURACY).interval()).isEmpty();
    assertThat(evaluation.estimate(Metric.TOP1).interval()).isPresent();
  }

  /** Nine times a ninth is more than one, as far as it is rounded. */
  @Test
  void noMetricIsAboveItsBest() {
    float[][] answers = new float[20][];
    int[] labels = new int[20];
    for (int i = 0; i < 20; i++) {
      labels[i] = i < 9 ? 0 : 1;
      float share = (i + 1) / 64f;
      answers[i] = labels[i] == 0 ? new float[] {1 - share, share} : new float[] {share, 1 - share};
    }
    Evaluation evaluation = Evaluation.of(MadeUpPredictions.labels(answers, labels));
    assertThat(evaluation.classes().get(0).averagePrecision()).contains(1.0);
    assertThat(evaluation.get(Metric.AVERAGE_PRECISION)).isEqualTo(1);
  }

  @Test
  void saysWhichMetricsThereAre() {
    Evaluation evaluation = Evaluation.of(MadeUpPredictions.labels(ANSWERS, 0, 1, 1, 1));
    assertThatThrownBy(() -> evaluation.get(Metric.RMSE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("there is no RMSE of these images, but [top-1, top-5, F1,");
  }

  @Test
  void refusesWhatCannotBeEvaluated() {
    assertThatThrownBy(() -> Evaluation.of(MadeUpPredictions.labels(ANSWERS, 0, 1, 1, 1), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("evaluate: k must be at least 1, but is 0");
    float[][] broken = {{.5f, .5f}, {Float.NaN, Float.NaN}};
    assertThatThrownBy(() -> Evaluation.of(MadeUpPredictions.labels(broken, 0, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("evaluate: the answers to 1 of 2 images are not finite numbers");
  }
}
