package dev.leaven.runtime.report;

import static dev.leaven.runtime.report.LineChart.BOTTOM;
import static dev.leaven.runtime.report.LineChart.HEIGHT;
import static dev.leaven.runtime.report.LineChart.LEFT;
import static dev.leaven.runtime.report.LineChart.RIGHT;
import static dev.leaven.runtime.report.LineChart.TOP;
import static dev.leaven.runtime.report.LineChart.WIDTH;
import static dev.leaven.runtime.report.LineChart.at;

import dev.leaven.runtime.plan.EpochReport;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The time of a run by purpose, in seconds: a bar for each epoch and a row for each purpose.
 *
 * @param history the run's epochs
 */
record TimeChart(List<EpochReport> history) {

  private static final String[] NAMES = {
    "waiting for images", "training steps", "validation and saving"
  };
  private static final String[] STYLES = {"c2", "c1", "c3"};

  private static double[] parts(EpochReport epoch) {
    double waited = epoch.waiting() * epoch.trainSeconds();
    return new double[] {
      waited, epoch.trainSeconds() - waited, Math.max(0, epoch.seconds() - epoch.trainSeconds())
    };
  }

  /** The time of each purpose in the whole run. */
  double[] sums() {
    double[] sums = new double[NAMES.length];
    for (EpochReport epoch : history) {
      double[] parts = parts(epoch);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += parts[i];
      }
    }
    return sums;
  }

  void table(Html html) {
    double[] sums = sums();
    double all = sums[0] + sums[1] + sums[2];
    html.begin("div", "class", "scroll").begin("table", "class", "ledger");
    html.put(
        "caption",
        "Timing ledger of %s".formatted(Figures.several(history.size(), "epoch", "epochs")));
    html.begin("thead").begin("tr").put("th", "purpose", "scope", "col");
    html.put("th", "time", "scope", "col", "class", "number");
    html.put("th", "share", "scope", "col", "class", "number").end().end();
    html.begin("tbody");
    for (int i = 0; i < sums.length; i++) {
      row(html, STYLES[i], NAMES[i], sums[i], all);
    }
    html.end("tbody").begin("tfoot");
    row(html, "", "all epochs", all, all);
    html.end("tfoot").end("table").end("div").line();
  }

  private static void row(Html html, String style, String name, double seconds, double all) {
    html.begin("tr").begin("th", "scope", "row");
    if (!style.isEmpty()) {
      html.put("span", "", "class", "key block " + style);
    }
    html.text(name).end();
    html.put("td", Figures.time(seconds), "class", "number");
    html.put("td", Figures.roundPercent(all == 0 ? 0 : seconds / all), "class", "number").end();
  }

  void picture(Html html) {
    Axis x = new Axis(0, history.size(), 1, LEFT, WIDTH - RIGHT);
    double longest = history.stream().mapToDouble(EpochReport::seconds).max().orElse(1);
    Axis y = Axis.around(DoubleStream.of(0, longest), HEIGHT - BOTTOM, TOP - 12);
    html.begin("figure", "class", "chart");
    html.begin("figcaption").put("h3", "Seconds of each epoch").end();
    LineChart.open(
        html,
        "time-chart",
        WIDTH,
        HEIGHT,
        "Seconds of each epoch",
        "A bar for each epoch: waiting for images, training steps, validation and saving. The"
            + " longest took %s.".formatted(Figures.time(longest)));
    for (double tick : y.ticks()) {
      LineChart.line(html, "grid", LEFT, y.place(tick), WIDTH - RIGHT, y.place(tick));
      LineChart.label(html, LEFT - 8, y.place(tick) + 4, "end", y.label(tick));
    }
    int every = Math.max(1, (int) Axis.exact(0, history.size(), 1, 0, 1).step());
    double wide = x.place(1) - x.place(0);
    for (int e = 0; e < history.size(); e++) {
      bar(html, e, x.place(e) + wide / 8, wide * 3 / 4, y);
      int number = history.get(e).epoch();
      if (number % every == 0) {
        LineChart.label(html, x.place(e + 0.5), HEIGHT - BOTTOM + 18, "middle", "" + number);
      }
    }
    LineChart.line(html, "base", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    LineChart.label(html, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - BOTTOM + 36, "middle", "epoch");
    html.end("svg").end("figure").line();
  }

  private void bar(Html html, int index, double left, double wide, Axis y) {
    double[] parts = parts(history.get(index));
    double below = 0;
    for (int i : new int[] {1, 0, 2}) {
      double top = y.place(below + parts[i]);
      html.begin(
          "rect",
          "class",
          "bar " + STYLES[i],
          "x",
          at(left),
          "y",
          at(top),
          "width",
          at(wide),
          "height",
          at(y.place(below) - top));
      html.put(
          "title",
          "epoch %d, %s: %s"
              .formatted(history.get(index).epoch(), NAMES[i], Figures.time(parts[i])));
      html.end();
      below += parts[i];
    }
  }
}
