package dev.leaven.runtime.report;

import static dev.leaven.runtime.report.LineChart.at;

import dev.leaven.runtime.evaluate.Calibration;

/**
 * The calibration of probabilities: the fraction of right predictions over the predicted
 * probability, and below it the number of images for each.
 */
record CalibrationChart(Calibration calibration) {

  private static final int SIDE = 290;
  private static final int LEFT = 52;
  private static final int TOP = 12;
  private static final int STRIP = 56;
  private static final int GAP = 16;
  // Half of the last label, "100 %", lies beyond the end of the axis.
  private static final int RIGHT = 24;
  private static final int WIDTH = LEFT + SIDE + RIGHT;
  private static final int HEIGHT = TOP + SIDE + GAP + STRIP + 44;

  // With fewer images the fraction is too noisy: 95 % of such bins lie within 30 points of their
  // true fraction.
  private static final int FEW = 10;

  void write(Html html) {
    Axis x = new Axis(0, 1, 0.2, LEFT, LEFT + SIDE);
    Axis y = new Axis(0, 1, 0.2, TOP + SIDE, TOP);
    double bottom = TOP + SIDE + GAP + STRIP;
    html.begin("figure", "class", "chart narrow");
    LineChart.open(
        html,
        "calibration-chart",
        WIDTH,
        HEIGHT,
        "Calibration",
        "The share of right answers for each probability claimed; the expected calibration error is"
            + " %s.".formatted(Figures.percent(calibration.error())));
    for (double tick : y.ticks()) {
      LineChart.line(html, "grid", LEFT, y.place(tick), LEFT + SIDE, y.place(tick));
      LineChart.label(html, LEFT - 8, y.place(tick) + 4, "end", percent(tick));
      LineChart.label(html, x.place(tick), bottom + 18, "middle", percent(tick));
    }
    int most = calibration.bins().stream().mapToInt(Calibration.Bin::images).max().orElse(1);
    for (Calibration.Bin bin : calibration.bins()) {
      if (bin.images() > 0) {
        bin(html, bin, x, y, bottom, most);
      }
    }
    LineChart.line(html, "ideal", x.place(0), y.place(0), x.place(1), y.place(1));
    LineChart.line(html, "base", LEFT, TOP + SIDE, LEFT + SIDE, TOP + SIDE);
    LineChart.line(html, "base", LEFT, bottom, LEFT + SIDE, bottom);
    LineChart.label(html, LEFT - 8, bottom - STRIP / 2.0 + 4, "end", "images");
    LineChart.label(html, LEFT + SIDE / 2.0, bottom + 36, "middle", "probability claimed");
    html.end("svg").end("figure").line();
  }

  private static void bin(Html html, Calibration.Bin bin, Axis x, Axis y, double bottom, int most) {
    double left = x.place(bin.low()) + 1;
    double wide = x.place(bin.high()) - left - 1;
    double high = Math.max(1.5, (double) STRIP * bin.images() / most);
    html.begin("g", "class", bin.images() < FEW ? "few" : "bin");
    html.put(
        "title",
        "%s claimed %s to %s: %s right, %s on average claimed"
            .formatted(
                Figures.several(bin.images(), "image", "images"),
                percent(bin.low()),
                percent(bin.high()),
                Figures.percent(bin.accuracy()),
                Figures.percent(bin.confidence())));
    rect(html, "bar c1", left, y.place(bin.accuracy()), wide, y.place(0) - y.place(bin.accuracy()));
    rect(html, "bar c0", left, bottom - high, wide, high);
    double claimed = y.place(bin.confidence());
    LineChart.line(html, "claimed", left, claimed, left + wide, claimed);
    html.end();
  }

  private static void rect(
      Html html, String style, double x, double y, double width, double height) {
    html.empty(
        "rect", "class", style, "x", at(x), "y", at(y), "width", at(width), "height", at(height));
  }

  private static String percent(double share) {
    return Figures.roundPercent(share);
  }
}
