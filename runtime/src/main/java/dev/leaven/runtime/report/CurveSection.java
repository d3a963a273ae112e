package dev.leaven.runtime.report;

import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.report.LineChart.Band;
import dev.leaven.runtime.report.LineChart.Point;
import dev.leaven.runtime.report.LineChart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The curves of a run, and the numbers behind them. */
record CurveSection(RunContent run) {

  void write(Html html) {
    html.put("p", "Shaded bands are stages, with the side of their images.", "class", "about");
    html.begin("div", "class", "charts").line();
    loss().write(html);
    for (Metric metric : shown()) {
      metric(metric).write(html);
    }
    rates().write(html);
    html.end("div").line();
    table(html);
  }

  // With few classes nearly every image has its class among five, and the curve is meaningless.
  private List<Metric> shown() {
    List<Metric> metrics = Metric.of(run.plan().data().task());
    return metrics.stream()
        .filter(metric -> metric != Metric.TOP5 || run.plan().data().classNames().size() > 20)
        .toList();
  }

  private List<Band> bands() {
    List<Band> bands = new ArrayList<>();
    int from = 0;
    for (Stage stage : run.plan().stages()) {
      bands.add(new Band(stage.size() + " px", from, from + stage.epochs()));
      from += stage.epochs();
    }
    return bands;
  }

  // The axis includes the remaining epochs of a run, so it shows the progress.
  private int epochs() {
    return run.finished() ? run.history().size() : run.plan().epochs();
  }

  private List<Point> points(ToDoubleFunction<EpochReport> value) {
    return run.history().stream()
        .map(epoch -> new Point(epoch.epoch(), value.applyAsDouble(epoch)))
        .toList();
  }

  private LineChart loss() {
    List<Series> series = new ArrayList<>();
    series.add(new Series("training", "c2", points(EpochReport::trainLoss)));
    evaluated(series, Scores::loss);
    EpochReport first = run.history().get(0);
    EpochReport last = run.history().get(run.history().size() - 1);
    return new LineChart(
        "loss",
        "Loss",
        "Training loss from %s to %s, validation loss from %s to %s."
            .formatted(
                Figures.loss(first.trainLoss()),
                Figures.loss(last.trainLoss()),
                Figures.loss(first.scores().loss()),
                Figures.loss(last.scores().loss())),
        epochs(),
        bands(),
        series,
        Figures::loss);
  }

  private void evaluated(List<Series> series, ToDoubleFunction<Scores> value) {
    boolean averaged = run.plan().step().averaging().isPresent();
    series.add(
        new Series(
            averaged ? "validation, trained weights" : "validation",
            "c1",
            points(epoch -> value.applyAsDouble(epoch.valid()))));
    if (averaged) {
      series.add(
          new Series(
              "validation, averaged weights",
              "c3",
              points(epoch -> value.applyAsDouble(epoch.scores()))));
    }
  }

  private LineChart metric(Metric metric) {
    List<Series> series = new ArrayList<>();
    // A chart's values are in percent, and so is its axis.
    double unit = metric.isShare() ? 100 : 1;
    evaluated(series, scores -> unit * scores.get(metric));
    EpochReport first = run.history().get(0);
    EpochReport best = run.best().orElseThrow();
    return new LineChart(
        metric.key(),
        metric.label() + (metric.isShare() ? " in percent" : ""),
        "From %s to %s in epoch %d, the best."
            .formatted(
                Figures.metric(metric, first.scores().get(metric)),
                Figures.metric(metric, best.scores().get(metric)),
                best.epoch()),
        epochs(),
        bands(),
        series,
        value -> Figures.metric(metric, value / unit));
  }

  private LineChart rates() {
    List<Point> done =
        run.rates().stream().filter(point -> point.x() <= run.history().size()).toList();
    List<Series> series = new ArrayList<>();
    series.add(new Series("learning rate", "c1", done));
    if (!run.finished()) {
      series.add(
          new Series(
              "still to come",
              "c0",
              run.rates().stream().filter(point -> point.x() >= run.history().size()).toList()));
    }
    double highest = done.stream().mapToDouble(Point::y).max().orElse(0);
    return new LineChart(
        "rate",
        "Learning rate",
        "The learning rate of every step; the highest is %s.".formatted(Figures.number(highest)),
        epochs(),
        bands(),
        series,
        Figures::number);
  }

  private void table(Html html) {
    int classes = run.plan().data().classNames().size();
    List<Metric> metrics =
        Metric.of(run.plan().data().task()).stream().filter(m -> m.tells(classes)).toList();
    html.begin("details").put("summary", "Every epoch in numbers");
    html.begin("div", "class", "scroll").begin("table").put("caption", "Epochs");
    html.begin("thead").begin("tr").put("th", "epoch", "scope", "col");
    List<String> names = new ArrayList<>(List.of("side", "training loss", "validation loss"));
    metrics.forEach(metric -> names.add(metric.label()));
    names.addAll(List.of("last rate", "images/s", "waiting", "time"));
    names.forEach(name -> html.put("th", name, "scope", "col", "class", "number"));
    html.end("tr").end("thead").begin("tbody").line();
    for (EpochReport epoch : run.history()) {
      Function<String, Html> number = text -> html.put("td", text, "class", "number");
      html.begin("tr").put("th", Integer.toString(epoch.epoch()), "scope", "row");
      number.apply(epoch.size() + " px");
      number.apply(Figures.loss(epoch.trainLoss()));
      number.apply(Figures.loss(epoch.scores().loss()));
      metrics.forEach(m -> number.apply(Figures.metric(m, epoch.scores().get(m))));
      number.apply(Figures.number(epoch.learningRate()));
      number.apply(Figures.count(Math.round(epoch.imagesPerSecond())));
      number.apply(Figures.roundPercent(epoch.waiting()));
      number.apply(Figures.time(epoch.seconds()));
      html.end("tr").line();
    }
    html.end("tbody").end("table").end("div").end("details").line();
  }
}
