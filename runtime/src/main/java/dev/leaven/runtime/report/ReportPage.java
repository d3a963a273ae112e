package dev.leaven.runtime.report;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A run as one page of HTML that loads nothing: its style, pictures and the few lines of script are
 * inside. It suits narrow and wide, light and dark screens, and describes every picture in words.
 */
final class ReportPage {

  private static final String NOTHING_IS_LOADED =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

  private final RunContent run;
  private final Html html = new Html();
  private final Map<String, String> sections = new LinkedHashMap<>();

  private ReportPage(RunContent run) {
    this.run = run;
    sections.put("recipe", "Recipe");
    if (!run.history().isEmpty()) {
      sections.put("curves", "Curves");
    }
    if (!run.batch().isEmpty()) {
      sections.put("batch", "Images");
    }
    run.evaluation()
        .ifPresent(
            evaluation -> {
              sections.put("metrics", "Metrics");
              evaluation.confusion().ifPresent(c -> sections.put("confusion", "Confusion"));
              if (!run.mistakes().isEmpty()) {
                sections.put("mistakes", "Top losses");
              }
              if (!evaluation.classes().isEmpty() || !evaluation.numbers().isEmpty()) {
                sections.put("classes", classes() ? "Classes" : "Numbers");
              }
              evaluation.calibration().ifPresent(c -> sections.put("calibration", "Calibration"));
            });
    if (!run.history().isEmpty()) {
      sections.put("time", "Time");
    }
    sections.put("again", "Reproduce");
  }

  /** Writes the page. */
  static String of(RunContent run) {
    return new ReportPage(run).write();
  }

  private boolean classes() {
    return run.plan().data().task() != Task.REGRESSION;
  }

  private String write() {
    html.begin("html", "lang", "en").line().begin("head");
    html.empty("meta", "charset", "utf-8").line();
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", NOTHING_IS_LOADED)
        .line();
    html.put("title", "%s – Leaven report".formatted(run.name())).line();
    html.raw("style", resource("report.css")).end("head").line().begin("body");
    head();
    navigation();
    html.begin("main", "class", "wide").line();
    recipe();
    if (sections.containsKey("curves")) {
      new CurveSection(run).write(begin("curves", "How it learned"));
      html.end("section").line();
    }
    if (sections.containsKey("batch")) {
      batch();
    }
    run.evaluation()
        .ifPresent(
            evaluation -> {
              AnswerSections answers = new AnswerSections(html, evaluation);
              begin("metrics", "What was measured");
              answers.metrics();
              html.end("section").line();
              evaluation
                  .confusion()
                  .ifPresent(
                      matrix -> {
                        begin("confusion", "What it confuses");
                        answers.confusion(matrix);
                        html.end("section").line();
                      });
              mistakes();
              if (sections.containsKey("classes")) {
                begin("classes", classes() ? "Each class" : "Each number");
                answers.classesOrNumbers();
                html.end("section").line();
              }
              evaluation
                  .calibration()
                  .ifPresent(
                      calibration -> {
                        begin("calibration", "How sure it may be");
                        answers.calibration(calibration);
                        html.end("section").line();
                      });
            });
    if (sections.containsKey("time")) {
      time();
    }
    again();
    html.begin("footer");
    html.put("p", "Written by Leaven. This page is one file and loads nothing from elsewhere.");
    html.end("footer").end("main");
    html.raw("script", resource("report.js")).end("body").line().end("html");
    return "<!DOCTYPE html>\n" + html.text() + "\n";
  }

  private Html begin(String id, String title) {
    return html.begin("section", "id", id, "aria-labelledby", id + "-title")
        .put("h2", title, "id", id + "-title");
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head() {
    html.begin("header", "class", "wide");
    html.begin("p", "class", "eyebrow").put("span", "Leaven report").text(" " + run.name()).end();
    html.put("h1", title());
    html.put("p", lead(), "class", "lead");
    for (String note : run.notes()) {
      html.put("p", note, "class", "note", "role", "note");
    }
    html.end("header").line();
  }

  private String title() {
    Optional<Scores> last = run.last();
    if (last.isEmpty()) {
      return "No epoch was finished";
    }
    Metric metric = last.get().primary();
    return "%s %s on %s%s"
        .formatted(
            Figures.metric(metric, last.get().get(metric)),
            metric.label(),
            Figures.several(last.get().images(), "validation image", "validation images"),
            run.finished() ? "" : " so far");
  }

  private String lead() {
    int stages = run.plan().stages().size();
    String epochs = Figures.several(run.plan().epochs(), "epoch", "epochs");
    String planned =
        run.history().size() == run.plan().epochs()
            ? epochs
            : "%d of %s".formatted(run.history().size(), epochs);
    return "%s, %s in %s, %s. %s"
        .formatted(
            run.plan().model().architecture().describe(),
            planned,
            Figures.several(stages, "stage", "stages"),
            Figures.time(run.seconds()),
            run.plan().data().source().describe());
  }

  private void navigation() {
    html.begin("nav", "aria-label", "Sections").begin("ul");
    sections.forEach((id, name) -> html.begin("li").put("a", name, "href", "#" + id).end("li"));
    html.end("ul").end("nav").line();
  }

  private void recipe() {
    html.begin("section", "aria-label", "Key numbers").begin("dl", "class", "tiles");
    tiles();
    html.end("dl").end("section").line();
    begin("recipe", "The recipe");
    html.begin("pre", "class", "sentence").put("code", broken(run.recipe())).end("pre").line();
    stages();
    html.begin("details").put("summary", "The plan: what the recipe became for this data");
    html.begin("pre").put("code", run.planText().strip()).end("pre").end("details").line();
    html.begin("details").put("summary", "The recipe as JSON");
    html.begin("pre").put("code", pretty(run.plan().recipe())).end("pre").end("details").line();
    html.end("section").line();
  }

  /** A line for each word of a recipe; the content of its brackets stays together. */
  static String broken(String sentence) {
    StringBuilder lines = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < sentence.length(); i++) {
      char letter = sentence.charAt(i);
      depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
      boolean next = letter == '.' && depth == 0 && i > 0 && sentence.charAt(i - 1) == ')';
      lines.append(next ? "\n    ." : letter);
    }
    return lines.toString();
  }

  private static String pretty(String json) {
    return TechniqueJson.writePretty(TechniqueJson.read(json, Object.class));
  }

  private void tiles() {
    run.last().ifPresent(this::scoreTiles);
    tile("epochs took", Figures.time(run.seconds()), speed());
    tile(
        "parameters",
        Figures.count(run.parameters()),
        "seed %d, %s"
            .formatted(run.plan().seed(), "" + run.plan().step().precision())
            .toLowerCase(Locale.ROOT));
  }

  private void scoreTiles(Scores last) {
    String after = "after epoch %d".formatted(run.history().size());
    boolean first = true;
    for (Metric metric : Metric.of(run.plan().data().task())) {
      if (!metric.tells(run.plan().data().classNames().size())) {
        continue;
      }
      String small = after;
      if (first && run.best().isPresent()) {
        EpochReport best = run.best().get();
        small +=
            best.epoch() == run.history().size()
                ? ", the best"
                : "; best %s in epoch %d"
                    .formatted(Figures.metric(metric, best.scores().get(metric)), best.epoch());
      }
      tile(metric.label(), Figures.metric(metric, last.get(metric)), small);
      if (first) {
        run.tta()
            .ifPresent(
                tta ->
                    tile(
                        metric.label() + " with TTA",
                        Figures.metric(metric, tta.get(metric)),
                        difference(metric, tta.get(metric) - last.get(metric))));
      }
      first = false;
    }
    tile(
        "validation loss",
        Figures.loss(last.loss()),
        last.loss() == last.plainLoss()
            ? ""
            : "%s plain, without smoothing".formatted(Figures.loss(last.plainLoss())));
  }

  private static String difference(Metric metric, double difference) {
    String sign = difference < 0 ? "−" : "+";
    String size =
        metric.isShare()
            ? "%s points".formatted(Figures.number(Math.abs(100 * difference)))
            : Figures.number(Math.abs(difference));
    return sign + size + " against the plain view";
  }

  private String speed() {
    return run.history().isEmpty()
        ? ""
        : "%s images/s in the last stage"
            .formatted(
                Figures.count(
                    Math.round(run.history().get(run.history().size() - 1).imagesPerSecond())));
  }

  private void tile(String name, String figure, String small) {
    html.begin("div").put("dt", name).put("dd", figure, "class", "figure");
    if (!small.isEmpty()) {
      html.put("dd", small, "class", "small");
    }
    html.end("div").line();
  }

  private void stages() {
    html.begin("div", "class", "scroll").begin("table").put("caption", "Stages");
    html.begin("thead").begin("tr").put("th", "stage", "scope", "col");
    for (String name : List.of("image side", "epochs", "batch", "highest rate", "time")) {
      html.put("th", name, "scope", "col", "class", "number");
    }
    Metric metric = Metric.of(run.plan().data().task()).get(0);
    html.put("th", metric.label() + " at its end", "scope", "col", "class", "number");
    html.end("tr").end("thead").begin("tbody");
    for (int i = 0; i < run.plan().stages().size(); i++) {
      stage(i, run.plan().stages().get(i), metric);
    }
    html.end("tbody").end("table").end("div").line();
  }

  private void stage(int index, Stage stage, Metric metric) {
    List<EpochReport> epochs =
        run.history().stream().filter(epoch -> epoch.stage() == index + 1).toList();
    boolean whole = epochs.size() == stage.epochs();
    html.begin("tr").put("th", Integer.toString(index + 1), "scope", "row");
    number(stage.size() + " px");
    number(whole ? "" + stage.epochs() : "%d of %d".formatted(epochs.size(), stage.epochs()));
    number(
        stage.accumulate() == 1
            ? "" + stage.batchSize()
            : "%d × %d".formatted(stage.accumulate(), stage.batchSize()));
    number(Figures.number(stage.learningRate()));
    number(
        epochs.isEmpty()
            ? "–"
            : Figures.time(epochs.stream().mapToDouble(EpochReport::seconds).sum()));
    number(
        epochs.isEmpty()
            ? "–"
            : Figures.metric(metric, epochs.get(epochs.size() - 1).scores().get(metric)));
    html.end("tr");
  }

  private void number(String text) {
    html.put("td", text, "class", "number");
  }

  private void batch() {
    begin("batch", "What the model saw");
    html.put(
        "p",
        "Images of the first training step: as they were loaded, and as the model saw them, with"
            + " what it was to learn for each.",
        "class",
        "about");
    ImageCard.write(html, run.batch());
    html.end("section").line();
  }

  private void mistakes() {
    if (run.mistakes().isEmpty()) {
      return;
    }
    boolean wrong = run.evaluation().filter(Evaluation::allRight).isEmpty();
    begin("mistakes", wrong ? "Where it is most wrong" : "Where it is least sure");
    boolean mapped = run.mistakes().stream().anyMatch(card -> card.views().size() > 1);
    html.put(
        "p",
        "The validation images with the highest losses."
            + (wrong ? " Often their labels are wrong, or they show more than one thing." : "")
            + (mapped
                ? " The warm colours are Grad-CAM: where the model found what speaks for its answer."
                : " There is no Grad-CAM: at this size the model's last layer has one place, which"
                    + " says nothing of where."),
        "class",
        "about");
    ImageCard.write(html, run.mistakes());
    html.end("section").line();
  }

  private void time() {
    TimeChart chart = new TimeChart(run.history());
    begin("time", "Where the time went");
    html.begin("div", "class", "columns");
    chart.picture(html);
    chart.table(html);
    html.end("div").end("section").line();
  }

  private void again() {
    begin("again", "Do it again");
    html.begin("pre").put("code", String.join("\n", run.command())).end("pre").line();
    html.begin("div", "class", "scroll", "style", "margin-top: 1rem").begin("table");
    html.put("caption", "Where it was trained").begin("tbody");
    run.environment()
        .forEach(
            (name, value) ->
                html.begin("tr").put("th", name, "scope", "row").put("td", value).end());
    html.end("tbody").end("table").end("div").end("section").line();
  }
}
