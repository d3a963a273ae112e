package dev.leaven.runtime.report;

import dev.leaven.runtime.evaluate.ConfusionMatrix;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A confusion matrix as a table: a row for each class, a column for each predicted class, shaded by
 * the fraction of the row. Of many classes those with the most mistakes are shown.
 */
record ConfusionTable(ConfusionMatrix matrix) {

  /** The number of classes that leave space next to the table. */
  static final int NARROW = 12;

  private static final int MOST = 25;
  private static final int OF_MANY = 20;

  // On deeper shades of either colour neither dark nor light digits have a contrast of 4.5.
  private static final double DEEPEST = 0.5;
  private static final double PALEST = 0.05;

  private int classes() {
    return matrix.classNames().size();
  }

  private int mistakes(int k) {
    int mistakes = 0;
    for (int other = 0; other < classes(); other++) {
      mistakes += other == k ? 0 : matrix.count(k, other) + matrix.count(other, k);
    }
    return mistakes;
  }

  /** The shown classes, in their order. */
  List<Integer> shown() {
    int[] mistakes = IntStream.range(0, classes()).map(this::mistakes).toArray();
    return IntStream.range(0, classes())
        .boxed()
        .sorted(Comparator.comparingInt(k -> -mistakes[k]))
        .limit(classes() <= MOST ? MOST : OF_MANY)
        .sorted()
        .toList();
  }

  void write(Html html) {
    List<Integer> shown = shown();
    html.begin("div", "class", "scroll");
    html.begin("table", "class", shown.size() > NARROW ? "confusion dense" : "confusion");
    html.put(
        "caption",
        "Rows are the true classes, columns the answers."
            + (shown.size() < classes()
                ? " Shown are the %d of %d classes with the most mistakes."
                    .formatted(shown.size(), classes())
                : ""));
    html.begin("thead").begin("tr").put("td", "");
    for (int k : shown) {
      html.begin("th", "scope", "col").put("span", matrix.classNames().get(k)).end();
    }
    html.end("tr").end("thead").begin("tbody").line();
    for (int actual : shown) {
      html.begin("tr").put("th", matrix.classNames().get(actual), "scope", "row");
      int images = matrix.images(actual);
      for (int answer : shown) {
        cell(html, actual == answer, matrix.count(actual, answer), images);
      }
      html.end("tr").line();
    }
    html.end("tbody").end("table").end("div").line();
  }

  private static void cell(Html html, boolean right, int count, int images) {
    if (count == 0) {
      html.put("td", right ? "0" : "·", "class", right ? "" : "none");
      return;
    }
    double share = (double) count / images;
    // Mistakes are few: the square root makes their shades distinguishable.
    double shade = PALEST + (DEEPEST - PALEST) * (right ? share : Math.sqrt(share));
    html.put(
        "td",
        Integer.toString(count),
        "class",
        right ? "hit" : "miss",
        "style",
        String.format(Locale.ROOT, "--v:%.2f", shade));
  }
}
