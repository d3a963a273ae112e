package dev.leaven.dsl.ablate;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.evaluate.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The gain of each technique of a recipe: the result of an ablation.
 *
 * <p>Here {@code ±} covers what other seeds would change: initial weights, order, random parts of
 * images, and the split where the data has none of its own. All variants are evaluated on the same
 * validation images; how well these represent other images is not covered.
 *
 * @param recipe the recipe as a chain of method calls
 * @param recipeHash its hash
 * @param data where the images come from, in words
 * @param trainImages the number of training images
 * @param validImages the number of evaluated images
 * @param environment versions and machine, in words
 * @param ablation the settings of the ablation
 * @param metric the task's first metric, which outcomes are scores of
 * @param seeds of each variant
 * @param variants the number of variants
 * @param rows the variants in order, those without any outcome left out
 * @param together how much better the recipe is than the baseline, where techniques were added
 */
public record Ledger(
    String recipe,
    String recipeHash,
    String data,
    int trainImages,
    int validImages,
    String environment,
    Ablation ablation,
    Metric metric,
    List<Long> seeds,
    int variants,
    List<Row> rows,
    Optional<Gain> together) {

  /**
   * One variant.
   *
   * @param name its short name, for instance {@code "mixup"} or {@code "without-mixup"}
   * @param label what it adds or leaves out, for instance {@code "+ mixup(0.2)"}
   * @param epochs of all its stages
   * @param outcomes of its runs, in the order of seeds; those that are not finished are missing
   * @param score mean and standard error over the seeds
   * @param seconds mean and standard error over the seeds
   * @param gain where techniques are added, how much better it is than the previous row; where they
   *     are left out, how much better the recipe is than it; empty for the first row
   */
  public record Row(
      String name,
      String label,
      int epochs,
      List<Outcome> outcomes,
      Estimate score,
      Estimate seconds,
      Optional<Gain> gain) {

    /** Keeps its own copy. */
    public Row {
      outcomes = List.copyOf(outcomes);
    }
  }

  /**
   * A variant and the outcomes of its runs.
   *
   * @param name as in {@link Row}
   * @param label as in {@link Row}
   * @param epochs as in {@link Row}
   * @param outcomes as in {@link Row}
   */
  public record Entry(String name, String label, int epochs, List<Outcome> outcomes) {}

  /** Keeps its own copies. */
  public Ledger {
    seeds = List.copyOf(seeds);
    rows = List.copyOf(rows);
  }

  /**
   * Whether every variant has an outcome for each seed.
   *
   * @return false if the ablation was stopped
   */
  public boolean finished() {
    return rows.size() == variants
        && rows.stream().allMatch(row -> row.outcomes().size() == seeds.size());
  }

  /**
   * Makes the rows.
   *
   * @param ablation the settings of the ablation
   * @param metric which outcomes are scores of
   * @param entries the variants in order
   * @return a row for each variant with an outcome
   */
  public static List<Row> rows(Ablation ablation, Metric metric, List<Entry> entries) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Optional<Gain> gain = Optional.empty();
      if (i > 0 && ablation.mode() == Ablation.Mode.ADD) {
        gain = gain(metric, entries.get(i - 1), entry);
      } else if (i > 0) {
        gain = gain(metric, entry, entries.get(0));
      }
      if (!entry.outcomes().isEmpty()) {
        rows.add(
            new Row(
                entry.name(),
                entry.label(),
                entry.epochs(),
                entry.outcomes(),
                Estimate.of(entry.outcomes().stream().map(Outcome::score).toList()),
                Estimate.of(entry.outcomes().stream().map(Outcome::seconds).toList()),
                gain));
      }
    }
    return rows;
  }

  /**
   * How much better one variant is than another, at the seeds that both have.
   *
   * @param metric which outcomes are scores of
   * @param than the variant that is compared with
   * @param entry the variant
   * @return empty when there is no such seed
   */
  public static Optional<Gain> gain(Metric metric, Entry than, Entry entry) {
    Map<Long, Double> others = new HashMap<>();
    than.outcomes().forEach(outcome -> others.put(outcome.seed(), outcome.score()));
    int sign = metric.better(1, 0) ? 1 : -1;
    List<Double> differences =
        entry.outcomes().stream()
            .filter(outcome -> others.containsKey(outcome.seed()))
            .map(outcome -> sign * (outcome.score() - others.get(outcome.seed())))
            .toList();
    return differences.isEmpty() ? Optional.empty() : Optional.of(Gain.of(differences));
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @param json the text
   * @return an equal ledger
   * @throws IllegalArgumentException when the text is no ledger
   */
  public static Ledger fromJson(String json) {
    return TechniqueJson.read(json, Ledger.class);
  }

  /**
   * All numbers, for programs: fractions from 0 to 1, times in seconds.
   *
   * @return JSON with line breaks
   */
  public String json() {
    return TechniqueJson.writePretty(this) + "\n";
  }

  /**
   * A table for a terminal.
   *
   * @return several lines, the last one ended
   */
  public String text() {
    return new LedgerTable(this).text();
  }

  /**
   * A table in Markdown, with its subject and how to read it.
   *
   * @return several lines, the last one ended
   */
  public String markdown() {
    return new LedgerTable(this).markdown();
  }

  /**
   * A part of an HTML page: a {@code figure} of class {@code ledger} with a table, without a style
   * of its own.
   *
   * @return several lines, the last one ended
   */
  public String html() {
    return new LedgerTable(this).html();
  }

  /**
   * A row for each run, for spreadsheets: variant, epochs, seed, recipe hash, score, seconds.
   *
   * @return several lines with a heading, the last one ended
   */
  public String csv() {
    StringBuilder csv = new StringBuilder();
    csv.append("name,label,epochs,seed,recipe_hash,").append(metric.key()).append(",seconds\n");
    for (Row row : rows) {
      for (Outcome outcome : row.outcomes()) {
        csv.append(
            String.format(
                Locale.ROOT,
                "%s,\"%s\",%d,%d,%s,%s,%.3f\n",
                row.name(),
                row.label().replace("\"", "\"\""),
                row.epochs(),
                outcome.seed(),
                outcome.recipeHash(),
                outcome.score(),
                outcome.seconds()));
      }
    }
    return csv.toString();
  }
}
