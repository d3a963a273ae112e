package dev.leaven.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leaven.runtime.Task;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Metrics against scikit-learn's: {@code metrics.json} is written by {@code write.py} beside it.
 *
 * <p>Both compute with float64 from the same float32 answers, in sums of another order: of up to
 * 500 terms of at most 100, so that they differ by less than 500 · 100 · 2⁻⁵³ ≈ 6·10⁻¹². Values of
 * at most 1 are far nearer.
 */
class ScikitLearnTest {

  private static final Offset<Double> ROUNDING = within(1e-11);

  static Stream<Named<JsonNode>> labels() throws IOException {
    return cases("labels");
  }

  static Stream<Named<JsonNode>> rows() throws IOException {
    return cases("rows");
  }

  static Stream<Named<JsonNode>> numbers() throws IOException {
    return cases("numbers");
  }

  private static Stream<Named<JsonNode>> cases(String kind) throws IOException {
    try (InputStream file = ScikitLearnTest.class.getResourceAsStream("metrics.json")) {
      List<Named<JsonNode>> cases = new ArrayList<>();
      new ObjectMapper()
          .readTree(file)
          .get(kind)
          .forEach(node -> cases.add(Named.of(node.get("name").asText(), node)));
      assertThat(cases).isNotEmpty();
      return cases.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("labels")
  void oneClassForEachImage(JsonNode expected) {
    float[][] answers = matrix(expected.get("answers"));
    float[][] targets = new float[answers.length][1];
    for (int i = 0; i < targets.length; i++) {
      targets[i][0] = expected.get("labels").get(i).intValue();
    }
    Evaluation evaluation =
        Evaluation.of(
            MadeUpPredictions.of(Task.CLASSIFICATION, answers, targets), 1, 2, 5, 20, 10000);

    requireMetrics(evaluation, expected);
    requireClasses(evaluation, expected);
    JsonNode top = expected.get("top");
    assertThat(evaluation.get(Metric.TOP1)).isCloseTo(top.get("1").asDouble(), ROUNDING);
    assertThat(evaluation.get(Metric.TOP5)).isCloseTo(top.get("5").asDouble(), ROUNDING);
    for (TopK topK : evaluation.topK()) {
      double share = top.path(Integer.toString(topK.k())).asDouble(1);
      assertThat(topK.share().value()).isCloseTo(share, ROUNDING);
    }
    assertThat(evaluation.topK()).extracting(TopK::k).containsExactly(2, 20, 10000);
    int[][] confusion = evaluation.confusion().orElseThrow().counts();
    for (int a = 0; a < confusion.length; a++) {
      for (int p = 0; p < confusion.length; p++) {
        assertThat(confusion[a][p]).isEqualTo(expected.get("confusion").get(a).get(p).intValue());
      }
    }
    assertThat(evaluation.calibration().orElseThrow().error())
        .isCloseTo(evaluation.get(Metric.CALIBRATION_ERROR), ROUNDING);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void severalClassesForEachImage(JsonNode expected) {
    Evaluation evaluation =
        Evaluation.of(
            MadeUpPredictions.of(
                Task.MULTI_LABEL,
                matrix(expected.get("answers")),
                matrix(expected.get("targets"))));
    requireMetrics(evaluation, expected);
    requireClasses(evaluation, expected);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void numbersForEachImage(JsonNode expected) {
    Evaluation evaluation =
        Evaluation.of(
            MadeUpPredictions.of(
                Task.REGRESSION, matrix(expected.get("answers")), matrix(expected.get("targets"))));
    requireMetrics(evaluation, expected);
    List<NumberScores> numbers = evaluation.numbers();
    assertThat(numbers).hasSameSizeAs(expected.get("rmse"));
    for (int k = 0; k < numbers.size(); k++) {
      NumberScores scores = numbers.get(k);
      assertThat(scores.rmse()).isCloseTo(expected.get("rmse").get(k).asDouble(), ROUNDING);
      assertThat(scores.mae()).isCloseTo(expected.get("mae").get(k).asDouble(), ROUNDING);
      assertThat(scores.medianError())
          .isCloseTo(expected.get("median").get(k).asDouble(), ROUNDING);
      assertThat(scores.r2()).isCloseTo(expected.get("r2").get(k).asDouble(), ROUNDING);
    }
  }

  private static void requireMetrics(Evaluation evaluation, JsonNode expected) {
    Iterator<Map.Entry<String, JsonNode>> metrics = expected.get("metrics").fields();
    int defined = 0;
    while (metrics.hasNext()) {
      Map.Entry<String, JsonNode> entry = metrics.next();
      Metric metric = Metric.valueOf(entry.getKey());
      if (entry.getValue().isNull()) {
        assertThat(evaluation.metrics()).doesNotContainKey(metric);
        assertThat(evaluation.notes()).anyMatch(note -> note.contains("no " + metric.label()));
      } else {
        defined++;
        assertThat(evaluation.get(metric))
            .as(metric.label())
            .isCloseTo(entry.getValue().asDouble(), ROUNDING);
      }
    }
    // Nothing is said that is not compared here; top-1 and top-5 are by their own.
    int tops = evaluation.task() == Task.CLASSIFICATION ? 2 : 0;
    assertThat(evaluation.metrics()).hasSize(defined + tops);
  }

  private static void requireClasses(Evaluation evaluation, JsonNode expected) {
    assertThat(evaluation.classes()).hasSameSizeAs(expected.get("support"));
    for (int k = 0; k < evaluation.classes().size(); k++) {
      ClassScores scores = evaluation.classes().get(k);
      assertThat(scores.images()).isEqualTo(expected.get("support").get(k).intValue());
      assertThat(scores.precision())
          .isCloseTo(expected.get("precision").get(k).asDouble(), ROUNDING);
      assertThat(scores.recall()).isCloseTo(expected.get("recall").get(k).asDouble(), ROUNDING);
      assertThat(scores.f1()).isCloseTo(expected.get("f1").get(k).asDouble(), ROUNDING);
      requireEqual(scores.rocAuc(), expected.get("auc").get(k));
      requireEqual(scores.averagePrecision(), expected.get("ap").get(k));
    }
  }

  private static void requireEqual(Optional<Double> value, JsonNode expected) {
    if (expected.isNull()) {
      assertThat(value).isEmpty();
    } else {
      assertThat(value.orElseThrow()).isCloseTo(expected.asDouble(), ROUNDING);
    }
  }

  private static float[][] matrix(JsonNode rows) {
    return IntStream.range(0, rows.size())
        .mapToObj(
            i -> {
              float[] row = new float[rows.get(i).size()];
              for (int k = 0; k < row.length; k++) {
                row[k] = rows.get(i).get(k).floatValue();
              }
              return row;
            })
        .toArray(float[][]::new);
  }
}
