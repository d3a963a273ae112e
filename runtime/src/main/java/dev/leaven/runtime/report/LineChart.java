package dev.leaven.runtime.report;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * Curves over the epochs of a run as a picture in SVG, with the stages as bands behind them. The
 * page's style defines its colours, light or dark.
 *
 * @param id unique in the page
 * @param title its subject, in a few words
 * @param description the same for those who cannot see it
 * @param epochs the number of epochs of the whole run
 * @param bands the stages
 * @param series the curves, each in a style of its own
 * @param value formats a value
 */
record LineChart(
    String id,
    String title,
    String description,
    int epochs,
    List<Band> bands,
    List<Series> series,
    DoubleFunction<String> value) {

  static final int WIDTH = 360;
  static final int HEIGHT = 240;
  static final int LEFT = 44;
  static final int RIGHT = 14;
  static final int TOP = 26;
  static final int BOTTOM = 42;

  private static final int MOST_DOTS = 40;
  private static final int LEAST_BAND_WITH_LABEL = 44;

  /** A stage: its epochs from the end of {@code from} to that of {@code to}. */
  record Band(String label, int from, int to) {}

  /**
   * A curve.
   *
   * @param name the name in the legend
   * @param style a class of the page's style
   */
  record Series(String name, String style, List<Point> points) {
    Series {
      points =
          points.stream().filter(p -> Double.isFinite(p.y()) && Double.isFinite(p.x())).toList();
    }
  }

  /** A point: an epoch, or a part of one, and a value. */
  record Point(double x, double y) {}

  void write(Html html) {
    Axis x = Axis.exact(0, epochs, 1, LEFT, WIDTH - RIGHT);
    Axis y =
        Axis.around(
            series.stream().flatMap(s -> s.points().stream()).mapToDouble(Point::y),
            HEIGHT - BOTTOM,
            TOP);
    html.begin("figure", "class", "chart");
    html.begin("figcaption").put("h3", title);
    legend(html);
    html.end("figcaption");
    open(html, id, WIDTH, HEIGHT, title, description);
    bands(html, x);
    frame(html, x, y, "epoch");
    for (Series s : series) {
      curve(html, s, x, y);
    }
    html.end("svg").end("figure").line();
  }

  private void legend(Html html) {
    if (series.size() < 2) {
      return;
    }
    html.begin("ul", "class", "legend");
    for (Series s : series) {
      html.begin("li").put("span", "", "class", "key " + s.style()).text(s.name()).end();
    }
    html.end("ul");
  }

  private void bands(Html html, Axis x) {
    for (int i = 0; i < bands.size(); i++) {
      Band band = bands.get(i);
      double left = x.place(band.from());
      double right = x.place(Math.min(band.to(), epochs));
      html.empty(
          "rect",
          "class",
          i % 2 == 0 ? "band" : "band other",
          "x",
          at(left),
          "y",
          at(TOP),
          "width",
          at(Math.max(0, right - left)),
          "height",
          at(HEIGHT - BOTTOM - TOP));
      if (right - left >= LEAST_BAND_WITH_LABEL) {
        label(html, (left + right) / 2, TOP - 9, "middle", band.label());
      }
    }
  }

  /** Opens a picture that screen readers recognize. */
  static void open(Html html, String id, int width, int height, String title, String description) {
    html.begin(
        "svg",
        "viewBox",
        "0 0 %d %d".formatted(width, height),
        "role",
        "img",
        "aria-labelledby",
        "%s-title %s-desc".formatted(id, id));
    html.put("title", title, "id", id + "-title");
    html.put("desc", description, "id", id + "-desc");
  }

  /** Draws lines and numbers of both axes. */
  static void frame(Html html, Axis x, Axis y, String name) {
    for (double tick : y.ticks()) {
      double place = y.place(tick);
      line(html, "grid", x.from(), place, x.to(), place);
      label(html, x.from() - 8, place + 4, "end", y.label(tick));
    }
    for (double tick : x.ticks()) {
      label(html, x.place(tick), y.from() + 18, "middle", x.label(tick));
    }
    line(html, "base", x.from(), y.from(), x.to(), y.from());
    label(html, (x.from() + x.to()) / 2, y.from() + 36, "middle", name);
  }

  static void line(Html html, String style, double x1, double y1, double x2, double y2) {
    html.empty("line", "class", style, "x1", at(x1), "y1", at(y1), "x2", at(x2), "y2", at(y2));
  }

  static void label(Html html, double x, double y, String anchor, String text) {
    html.put("text", text, "x", at(x), "y", at(y), "text-anchor", anchor);
  }

  private void curve(Html html, Series s, Axis x, Axis y) {
    String path =
        s.points().stream()
            .map(p -> at(x.place(p.x())) + "," + at(y.place(p.y())))
            .collect(Collectors.joining(" "));
    html.empty("polyline", "class", "curve " + s.style(), "points", path);
    // For a rate at each step, dots would be useless.
    boolean whole = s.points().stream().allMatch(p -> p.x() == Math.rint(p.x()));
    if (!whole || s.points().size() > MOST_DOTS) {
      return;
    }
    for (Point p : s.points()) {
      html.begin(
          "circle",
          "class",
          "dot " + s.style(),
          "cx",
          at(x.place(p.x())),
          "cy",
          at(y.place(p.y())),
          "r",
          "3");
      html.put("title", "epoch %d, %s: %s".formatted((int) p.x(), s.name(), value.apply(p.y())));
      html.end();
    }
  }

  /** A position in a picture: a tenth of a unit is invisible. */
  static String at(double place) {
    String text = String.format(Locale.ROOT, "%.1f", place);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
