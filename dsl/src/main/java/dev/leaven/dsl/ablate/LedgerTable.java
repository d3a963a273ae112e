package dev.leaven.dsl.ablate;

import dev.leaven.dsl.ablate.Gain.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A ledger as a table for people, with its subject and how to read it. */
final class LedgerTable {

  private static final String MINUS = "−";

  private final Ledger ledger;
  private final boolean share;
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  LedgerTable(Ledger ledger) {
    this.ledger = ledger;
    this.share = ledger.metric().isShare();
    boolean adds = ledger.ablation().mode() == Ablation.Mode.ADD;
    headings =
        List.of(
            "variant",
            ledger.metric().label() + (share ? " %" : ""),
            "epochs",
            "seconds",
            adds ? "gain" : "worth",
            "95 %",
            "larger than noise?");
    for (Ledger.Row row : ledger.rows()) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  row.label(),
                  withError(row.score(), this::score),
                  Integer.toString(row.epochs()),
                  withError(
                      row.seconds(), seconds -> String.format(Locale.ROOT, "%.1f", seconds))));
      cells.addAll(row.gain().map(this::gain).orElse(List.of("", "", "")));
      rows.add(cells);
    }
    ledger
        .together()
        .ifPresent(
            gain -> {
              List<String> cells = new ArrayList<>(List.of("all together", "", "", ""));
              cells.addAll(gain(gain));
              rows.add(cells);
            });
  }

  String text() {
    List<Integer> widths = IntStream.range(0, headings.size()).mapToObj(this::width).toList();
    StringBuilder text = new StringBuilder();
    line(text, headings, widths);
    rows.forEach(row -> line(text, row, widths));
    notes().forEach(note -> text.append(note).append('\n'));
    return text.toString();
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("`").append(ledger.recipe()).append("`\n\n");
    text.append(markdown(headings));
    text.append("|---|").append("---:|".repeat(headings.size() - 2)).append("---|\n");
    rows.forEach(row -> text.append(markdown(row)));
    text.append('\n').append(of()).append('\n');
    notes().forEach(note -> text.append('\n').append(note).append('\n'));
    return text.toString();
  }

  String html() {
    StringBuilder text = new StringBuilder("<figure class=\"ledger\">\n<table>\n<thead>\n");
    text.append(html("th", headings, "")).append("</thead>\n<tbody>\n");
    for (int i = 0; i < rows.size(); i++) {
      text.append(html("td", rows.get(i), verdict(i)));
    }
    text.append("</tbody>\n</table>\n<figcaption>\n<p>");
    text.append(escaped(of())).append("</p>\n");
    notes().forEach(note -> text.append("<p>").append(escaped(note)).append("</p>\n"));
    return text.append("</figcaption>\n</figure>\n").toString();
  }

  // Lets a style mark rows.
  private String verdict(int row) {
    var gain = row < ledger.rows().size() ? ledger.rows().get(row).gain() : ledger.together();
    return gain.filter(g -> g.largerThanNoise() == Verdict.YES)
        .map(g -> g.mean() > 0 ? " class=\"better\"" : " class=\"worse\"")
        .orElse("");
  }

  private String of() {
    return "%s, %,d images for training and %,d for validation; recipe %s; %s."
        .formatted(
            ledger.data(),
            ledger.trainImages(),
            ledger.validImages(),
            ledger.recipeHash(),
            ledger.environment());
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    String seeds = ledger.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "));
    if (ledger.seeds().size() == 1) {
      notes.add("One seed (%s), so nothing can be said about noise.".formatted(seeds));
      return notes;
    }
    notes.add(
        ("± is the standard error over %d seeds (%s). A %s is the mean of the differences at equal"
                + " seeds, and 95 %% Student's interval of it.")
            .formatted(ledger.seeds().size(), seeds, headings.get(4)));
    if (ledger.rows().stream().anyMatch(row -> row.outcomes().size() < ledger.seeds().size())) {
      notes.add("Not all runs are finished: some rows have fewer seeds.");
    }
    if (share && !ledger.rows().isEmpty()) {
      double best = ledger.rows().get(ledger.rows().size() - 1).score().mean();
      double error = Math.sqrt(best * (1 - best) / ledger.validImages());
      notes.add(
          "Of 20 such gains one is beside 0 by chance. That all are of the same %,d images is not in"
                  .formatted(ledger.validImages())
              + " the ±: as many others would move a score by %s (one standard error)."
                  .formatted(score(error)));
    }
    return notes;
  }

  private List<String> gain(Gain gain) {
    String interval =
        gain.low().isEmpty()
            ? ""
            : "%s … %s"
                .formatted(signed(gain.low().getAsDouble()), signed(gain.high().getAsDouble()));
    String verdict = gain.largerThanNoise().words();
    return List.of(
        signed(gain.mean()) + error(gain.standardError(), this::score),
        interval,
        gain.largerThanNoise() == Verdict.YES && gain.mean() < 0
            ? verdict + ", for the worse"
            : verdict);
  }

  private interface Format {
    String of(double value);
  }

  private static String withError(Estimate estimate, Format format) {
    return format.of(estimate.mean()) + error(estimate.standardError(), format);
  }

  private static String error(OptionalDouble error, Format format) {
    return error.isPresent() ? " ± " + format.of(error.getAsDouble()) : "";
  }

  private String score(double value) {
    return share
        ? String.format(Locale.ROOT, "%.2f", 100 * value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  private String signed(double value) {
    String size = score(Math.abs(value));
    boolean zero = size.chars().noneMatch(c -> c >= '1' && c <= '9');
    if (zero) {
      return size;
    }
    return (value < 0 ? MINUS : "+") + size;
  }

  private int width(int column) {
    int widest = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    return Math.max(widest, headings.get(column).length());
  }

  private static void line(StringBuilder text, List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      boolean left = i == 0 || i == cells.size() - 1;
      String padding = " ".repeat(widths.get(i) - cells.get(i).length());
      line.append(i == 0 ? "" : "  ");
      line.append(left ? cells.get(i) + padding : padding + cells.get(i));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static String markdown(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String html(String tag, List<String> cells, String attribute) {
    return cells.stream()
        .map(cell -> "<%s>%s</%s>".formatted(tag, escaped(cell), tag))
        .collect(Collectors.joining("", "<tr" + attribute + ">", "</tr>\n"));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
