package dev.leaven.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.loss.BinaryCrossEntropy;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.MeanSquaredError;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.train.Runs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptionTest {

  private static final List<String> NAMES = List.of("tench", "church", "golf ball");
  // Every letter is six pixels wide, and the last one has no gap behind it.
  private static final Lettering LETTERS = new DotLettering(1);

  private static Plan plan(Task task) {
    return switch (task) {
      case CLASSIFICATION -> Runs.with(Runs.plan(), "classNames", NAMES);
      case MULTI_LABEL ->
          Runs.with(
              Runs.plan(), "classNames", NAMES, "task", task, "loss", new BinaryCrossEntropy());
      case REGRESSION ->
          Runs.with(
              Runs.plan(),
              "classNames",
              NAMES,
              "task",
              task,
              "loss",
              new MeanSquaredError(),
              "smoothing",
              new LabelSmoothing(0));
    };
  }

  private static Caption caption(Task task, double... row) {
    float[] floats = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      floats[i] = (float) row[i];
    }
    return Caption.of(plan(task), floats);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLASSIFICATION | 0    | 1    | 0    | church",
        "CLASSIFICATION | 0.73 | 0.27 | 0    | 0.73 tench + 0.27 church",
        "CLASSIFICATION | 0.27 | 0    | 0.73 | 0.73 golf ball + 0.27 tench",
        "CLASSIFICATION | 0.5  | 0    | 0.5  | 0.50 tench + 0.50 golf ball",
        "CLASSIFICATION | 0.99 | 0.01 | 0    | 0.99 tench + 0.01 church",
        "CLASSIFICATION | 0.997| 0.003| 0    | tench",
        "MULTI_LABEL    | 1    | 0    | 1    | tench, golf ball",
        "MULTI_LABEL    | 0    | 0    | 0    | none",
        "MULTI_LABEL    | 1    | 0.4  | 0    | 1.00 tench + 0.40 church",
        "REGRESSION     | 1    | 2.5  | -30  | tench 1, church 2.5, golf ball -30",
        "REGRESSION     | 1.5e10 | 12345678 | 0.00001 | tench 1.5e+10, church 1.235e+07, golf ball 1e-05",
      })
  void aRowInWords(Task task, double first, double second, double third, String text) {
    assertThat(caption(task, first, second, third).text()).isEqualTo(text);
  }

  @Test
  void whatDoesNotFitGoesOnInTheNextLine() {
    Caption caption = caption(Task.CLASSIFICATION, 0.73, 0.27, 0);
    int whole = "0.73 tench + 0.27 church".length() * 6 - 1;
    assertThat(caption.lines(LETTERS, whole, 3)).containsExactly("0.73 tench + 0.27 church");
    assertThat(caption.lines(LETTERS, whole - 1, 3)).containsExactly("0.73 tench", "+ 0.27 church");
  }

  @Test
  void namesAreShortenedAndSharesAreNot() {
    Caption caption = caption(Task.CLASSIFICATION, 0.25, 0, 0.75);
    // The ellipsis is three dots wide here.
    int width = 11 * 6;
    assertThat(caption.lines(LETTERS, width, 3)).containsExactly("0.75 gol…", "+ 0.25 t…");
    assertThat(caption(Task.REGRESSION, 1, 2, 3).lines(LETTERS, 10 * 6, 3))
        .containsExactly("tench 1", "church 2", "golf… 3");
  }

  @Test
  void theLastLineSaysHowManyAreLeftOut() {
    assertThat(caption(Task.MULTI_LABEL, 1, 1, 1).lines(LETTERS, 60, 2))
        .containsExactly("tench", "+ 2 more");
  }
}
