package dev.leaven.runtime.report;

import dev.leaven.runtime.evaluate.Calibration;
import dev.leaven.runtime.evaluate.ClassScores;
import dev.leaven.runtime.evaluate.ConfusionMatrix;
import dev.leaven.runtime.evaluate.Estimate;
import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.NumberScores;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The sections about the predictions for the validation images.
 *
 * @param html the page to write to
 * @param evaluation the metrics
 */
record AnswerSections(Html html, Evaluation evaluation) {

  private static final int MOST_PAIRS = 12;
  private static final String COLUMN = "col";

  void metrics() {
    html.put(
        "p",
        "Of %s, with the interval in which the true value lies with 95 %% where it is known. It is"
                .formatted(Figures.several(evaluation.images(), "image", "images"))
            + " the uncertainty of these images, not that of another training.",
        "class",
        "about");
    html.begin("div", "class", "scroll").begin("table").put("caption", "Metrics");
    html.begin("thead").begin("tr").put("th", "metric", "scope", COLUMN);
    head("value");
    head("95 % interval");
    html.end("tr").end("thead").begin("tbody");
    boolean smoothed = evaluation.smoothed();
    row(smoothed ? "loss, as trained" : "loss", Optional.empty(), evaluation.loss());
    if (smoothed) {
      row("loss, plain", Optional.empty(), evaluation.plainLoss());
    }
    evaluation
        .metrics()
        .forEach(
            (metric, estimate) -> {
              if (metric.tells(evaluation.classNames().size())) {
                row(evaluation.label(metric), Optional.of(metric), estimate);
              }
            });
    html.end("tbody").end("table").end("div").line();
    evaluation.notes().forEach(note -> html.put("p", note, "class", "about"));
  }

  private void row(String name, Optional<Metric> metric, Estimate estimate) {
    html.begin("tr").put("th", name, "scope", "row");
    number(value(metric, estimate.value()));
    number(
        estimate
            .interval()
            .map(i -> "%s to %s".formatted(value(metric, i.low()), value(metric, i.high())))
            .orElse("–"));
    html.end("tr");
  }

  private static String value(Optional<Metric> metric, double value) {
    return metric.map(m -> Figures.metric(m, value)).orElseGet(() -> Figures.loss(value));
  }

  private void head(String name) {
    html.put("th", name, "scope", COLUMN, "class", "number");
  }

  private void number(String text) {
    html.put("td", text, "class", "number");
  }

  void confusion(ConfusionMatrix matrix) {
    html.put(
        "p",
        "Right answers are on the diagonal; warm cells are mistakes. They are shaded by their share"
            + " of the row.",
        "class",
        "about");
    boolean narrow = matrix.classNames().size() <= ConfusionTable.NARROW;
    html.begin("div", "class", narrow ? "beside" : "below");
    new ConfusionTable(matrix).write(html);
    html.begin("div");
    pairs(matrix);
    html.end("div").end("div").line();
  }

  private void pairs(ConfusionMatrix matrix) {
    List<ConfusionMatrix.Pair> pairs = matrix.mostConfused(MOST_PAIRS);
    if (pairs.isEmpty()) {
      html.put("p", "No image was answered wrongly.", "class", "about");
      return;
    }
    html.put("h3", "Most confused pairs");
    double most = pairs.stream().mapToDouble(ConfusionMatrix.Pair::share).max().orElse(1);
    html.begin("ol", "class", "pairs").line();
    for (ConfusionMatrix.Pair pair : pairs) {
      html.begin("li");
      meter("meter bad", pair.share() / most);
      html.begin("span").put("strong", pair.actual()).text(" answered as ");
      html.put("strong", pair.predicted()).end("span");
      html.put(
          "span",
          "%s, %s of its class"
              .formatted(
                  Figures.several(pair.images(), "image", "images"), Figures.percent(pair.share())),
          "class",
          "of");
      html.end("li").line();
    }
    html.end("ol").line();
  }

  private void meter(String style, double share) {
    html.put(
        "span",
        "",
        "class",
        style,
        "aria-hidden",
        "true",
        "style",
        String.format(Locale.ROOT, "--v:%.4f", share));
  }

  void classesOrNumbers() {
    if (evaluation.classes().isEmpty()) {
      numbers();
      return;
    }
    html.begin("div", "class", "scroll").begin("table", "class", "sortable");
    html.put("caption", "Classes");
    html.begin("thead").begin("tr").put("th", "class", "scope", COLUMN);
    List.of("images", "answered", "precision", "recall", "F1", "ROC AUC", "average precision")
        .forEach(this::head);
    html.end("tr").end("thead").begin("tbody").line();
    for (ClassScores scores : evaluation.classes()) {
      html.begin("tr").put("th", scores.name(), "scope", "row");
      sortable(scores.images(), Figures.count(scores.images()));
      sortable(scores.answered(), Figures.count(scores.answered()));
      sortable(scores.precision(), Figures.percent(scores.precision()));
      sortable(scores.recall(), Figures.percent(scores.recall()));
      html.begin("td", "class", "number", "data-value", Double.toString(scores.f1()));
      meter("meter", scores.f1());
      html.text(Figures.percent(scores.f1())).end("td");
      rank(scores.rocAuc());
      rank(scores.averagePrecision());
      html.end("tr").line();
    }
    html.end("tbody").end("table").end("div").line();
  }

  private void rank(Optional<Double> value) {
    sortable(value.orElse(-1.0), value.map(v -> String.format(Locale.ROOT, "%.4f", v)).orElse("–"));
  }

  private void sortable(double value, String text) {
    html.put("td", text, "class", "number", "data-value", Double.toString(value));
  }

  private void numbers() {
    html.begin("div", "class", "scroll").begin("table").put("caption", "Numbers");
    html.begin("thead").begin("tr").put("th", "number", "scope", COLUMN);
    List.of("RMSE", "MAE", "median error", "R²").forEach(this::head);
    html.end("tr").end("thead").begin("tbody").line();
    for (NumberScores scores : evaluation.numbers()) {
      html.begin("tr").put("th", scores.name(), "scope", "row");
      number(Figures.number(scores.rmse()));
      number(Figures.number(scores.mae()));
      number(Figures.number(scores.medianError()));
      number(Figures.number(scores.r2()));
      html.end("tr").line();
    }
    html.end("tbody").end("table").end("div").line();
  }

  void calibration(Calibration calibration) {
    html.put(
        "p",
        "Bars are the share of right answers, the short lines the mean probability claimed; on the"
            + " dashed line both would be the same. Bars above it: the model could be surer. Pale"
            + " bars have fewer than 10 images. Expected calibration error: %s."
                .formatted(Figures.percent(calibration.error())),
        "class",
        "about");
    new CalibrationChart(calibration).write(html);
  }
}
