package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An {@link Evaluation} as lines for a terminal of 80 columns. */
final class EvaluationText {

  private static final int MOST_CLASSES = 20;
  private static final int MOST_PAIRS = 5;
  private static final int LONGEST_NAME = 28;

  private final Evaluation evaluation;
  private final StringBuilder text = new StringBuilder();

  private EvaluationText(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  static String of(Evaluation evaluation) {
    return new EvaluationText(evaluation).write();
  }

  private String write() {
    line("%,d %s of %s", evaluation.images(), plural(evaluation.images(), "image"), subject());
    line("");
    metrics();
    classes();
    numbers();
    confused();
    if (!evaluation.notes().isEmpty()) {
      line("");
      evaluation.notes().forEach(note -> line("note: %s", note));
    }
    return text.toString();
  }

  private String subject() {
    int outputs = evaluation.classNames().size();
    return evaluation.task() == Task.REGRESSION
        ? "%d %s".formatted(outputs, plural(outputs, "number"))
        : "%,d %s".formatted(outputs, outputs == 1 ? "class" : "classes");
  }

  private void metrics() {
    List<Map.Entry<String, String[]>> rows = new ArrayList<>();
    // What counts most comes first.
    List<Metric> order = new ArrayList<>(Metric.of(evaluation.task()));
    evaluation.metrics().keySet().stream().filter(m -> !order.contains(m)).forEach(order::add);
    for (Metric metric : order) {
      Optional.ofNullable(evaluation.metrics().get(metric))
          .filter(estimate -> metric.tells(evaluation.classNames().size()))
          .ifPresent(estimate -> rows.add(row(evaluation.label(metric), estimate, digits(metric))));
      if (metric == Metric.TOP5) {
        evaluation
            .topK()
            .forEach(top -> rows.add(row("top-" + top.k(), top.share(), digits(metric))));
      }
    }
    boolean smoothed = evaluation.smoothed();
    rows.add(row(smoothed ? "loss, as trained" : "loss", evaluation.loss(), Digits.FOUR_PLACES));
    if (smoothed) {
      rows.add(row("loss, plain", evaluation.plainLoss(), Digits.FOUR_PLACES));
    }
    int width = rows.stream().mapToInt(row -> row.getKey().length()).max().orElse(0);
    line("%s %11s   %s", " ".repeat(width), "", "95 % interval");
    for (Map.Entry<String, String[]> row : rows) {
      line("%s %11s   %s", padded(row.getKey(), width), row.getValue()[0], row.getValue()[1]);
    }
  }

  private enum Digits {
    PERCENT,
    FOUR_PLACES,
    FOUR_DIGITS;

    String write(double value) {
      return switch (this) {
        case PERCENT -> String.format(Locale.ROOT, "%.2f %%", 100 * value);
        case FOUR_PLACES -> String.format(Locale.ROOT, "%.4f", value);
        case FOUR_DIGITS -> String.format(Locale.ROOT, "%.4g", value);
      };
    }
  }

  private static Digits digits(Metric metric) {
    if (metric.isShare()) {
      return Digits.PERCENT;
    }
    return switch (metric) {
      case RMSE, MAE, MEDIAN_ERROR -> Digits.FOUR_DIGITS;
      default -> Digits.FOUR_PLACES;
    };
  }

  private static Map.Entry<String, String[]> row(String label, Estimate estimate, Digits digits) {
    String interval =
        estimate
            .interval()
            .map(i -> "%s to %s".formatted(digits.write(i.low()), digits.write(i.high())))
            .orElse("");
    return Map.entry(label, new String[] {digits.write(estimate.value()), interval});
  }

  private void classes() {
    if (evaluation.classes().isEmpty()) {
      return;
    }
    List<ClassScores> shown = evaluation.classes();
    line("");
    if (shown.size() > MOST_CLASSES) {
      line("the %d of %,d classes with the lowest F1:", MOST_CLASSES, shown.size());
      shown =
          shown.stream()
              .filter(scores -> scores.images() > 0)
              .sorted(Comparator.comparingDouble(ClassScores::f1))
              .limit(MOST_CLASSES)
              .toList();
    }
    int width = width(shown.stream().map(ClassScores::name).toList());
    line(
        "%s %7s %10s %8s %8s %8s %8s",
        padded("class", width), "images", "precision", "recall", "F1", "ROC AUC", "avg prec");
    for (ClassScores scores : shown) {
      line(
          "%s %,7d %10s %8s %8s %8s %8s",
          padded(cut(scores.name()), width),
          scores.images(),
          scores.answered() == 0 ? "–" : percent(scores.precision()),
          scores.images() == 0 ? "–" : percent(scores.recall()),
          scores.images() + scores.answered() == 0 ? "–" : percent(scores.f1()),
          scores.rocAuc().map(EvaluationText::places).orElse("–"),
          scores.averagePrecision().map(EvaluationText::places).orElse("–"));
    }
  }

  private void numbers() {
    if (evaluation.numbers().size() < 2) {
      return;
    }
    int width = width(evaluation.numbers().stream().map(NumberScores::name).toList());
    line("");
    line("%s %10s %10s %10s %8s", padded("number", width), "RMSE", "MAE", "median", "R²");
    for (NumberScores scores : evaluation.numbers()) {
      line(
          "%s %10s %10s %10s %8s",
          padded(cut(scores.name()), width),
          Digits.FOUR_DIGITS.write(scores.rmse()),
          Digits.FOUR_DIGITS.write(scores.mae()),
          Digits.FOUR_DIGITS.write(scores.medianError()),
          places(scores.r2()));
    }
  }

  private void confused() {
    List<ConfusionMatrix.Pair> pairs =
        evaluation.confusion().map(matrix -> matrix.mostConfused(MOST_PAIRS)).orElse(List.of());
    if (pairs.isEmpty()) {
      return;
    }
    line("");
    line("most often confused:");
    for (ConfusionMatrix.Pair pair : pairs) {
      line(
          "  %s taken for %s: %,d %s, %.1f %% of its images",
          cut(pair.actual()),
          cut(pair.predicted()),
          pair.images(),
          plural(pair.images(), "image"),
          100 * pair.share());
    }
  }

  private static int width(List<String> names) {
    return Math.max(
        6,
        names.stream()
            .map(EvaluationText::cut)
            .collect(Collectors.summarizingInt(String::length))
            .getMax());
  }

  private static String cut(String name) {
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME - 1) + "…" : name;
  }

  private static String padded(String name, int width) {
    return name + " ".repeat(Math.max(0, width - name.length()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String places(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String plural(int number, String noun) {
    return number == 1 ? noun : noun + "s";
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
