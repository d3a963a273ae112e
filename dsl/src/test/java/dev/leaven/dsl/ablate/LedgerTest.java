package dev.leaven.dsl.ablate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.dsl.ablate.Ledger.Entry;
import dev.leaven.dsl.ablate.Ledger.Row;
import dev.leaven.runtime.evaluate.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static Entry entry(String label, double... scores) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      outcomes.add(new Outcome(42 + i, "0123456789ab", scores[i], 40 + i));
    }
    return new Entry(label.replaceAll("\\W", ""), label, 6, outcomes);
  }

  private static Ledger ledger(Ablation ablation, Metric metric, Entry... entries) {
    List<Entry> all = List.of(entries);
    return new Ledger(
        "resize(24).mixup().labelSmoothing(0.1)",
        "e60b0aec41b0",
        "clothes & <shoes>",
        10_000,
        2_000,
        "Leaven 0.1",
        ablation,
        metric,
        List.of(42L, 43L, 44L),
        all.size(),
        Ledger.rows(ablation, metric, all),
        Ledger.gain(metric, all.get(0), all.get(all.size() - 1)));
  }

  private static Ledger usual() {
    return ledger(
        Ablation.adding(),
        Metric.TOP1,
        entry("baseline", 0.8425, 0.8390, 0.8460),
        entry("+ mixup()", 0.8510, 0.8455, 0.8475),
        entry("+ labelSmoothing(0.1)", 0.8410, 0.8350, 0.8373));
  }

  // The numbers are numpy's and scipy.stats.ttest_rel's.
  @Test
  void a_table_for_a_terminal() {
    assertThat(usual().text())
        .isEqualTo(
            """
            variant                     top-1 %  epochs     seconds          gain           95 %  larger than noise?
            baseline               84.25 ± 0.20       6  41.0 ± 0.6
            + mixup()              84.80 ± 0.16       6  41.0 ± 0.6  +0.55 ± 0.21  −0.35 … +1.45  no
            + labelSmoothing(0.1)  83.78 ± 0.17       6  41.0 ± 0.6  −1.02 ± 0.01  −1.09 … −0.96  yes, for the worse
            all together                                             −0.47 ± 0.21  −1.38 … +0.43  no
            ± is the standard error over 3 seeds (42, 43, 44). A gain is the mean of the differences at equal seeds, and 95 % Student's interval of it.
            Of 20 such gains one is beside 0 by chance. That all are of the same 2,000 images is not in the ±: as many others would move a score by 0.82 (one standard error).
            """);
  }

  @Test
  void a_table_in_markdown() {
    List<String> lines = usual().markdown().lines().toList();

    assertThat(lines)
        .startsWith(
            "`resize(24).mixup().labelSmoothing(0.1)`",
            "",
            "| variant | top-1 % | epochs | seconds | gain | 95 % | larger than noise? |",
            "|---|---:|---:|---:|---:|---:|---|",
            "| baseline | 84.25 ± 0.20 | 6 | 41.0 ± 0.6 |  |  |  |",
            "| + mixup() | 84.80 ± 0.16 | 6 | 41.0 ± 0.6 | +0.55 ± 0.21 | −0.35 … +1.45 | no |")
        .contains(
            "clothes & <shoes>, 10,000 images for training and 2,000 for validation;"
                + " recipe e60b0aec41b0; Leaven 0.1.");
  }

  @Test
  void a_part_of_a_page() {
    assertThat(usual().html())
        .startsWith("<figure class=\"ledger\">\n<table>\n<thead>\n<tr><th>variant</th>")
        .contains("<tr class=\"worse\"><td>+ labelSmoothing(0.1)</td><td>83.78 ± 0.17</td>")
        .contains("<tr><td>+ mixup()</td>")
        .contains("clothes &amp; &lt;shoes&gt;")
        .endsWith("</figcaption>\n</figure>\n");
  }

  @Test
  void a_row_for_each_run() {
    assertThat(usual().csv().lines())
        .hasSize(10)
        .startsWith(
            "name,label,epochs,seed,recipe_hash,top1,seconds",
            "baseline,\"baseline\",6,42,0123456789ab,0.8425,40.000")
        .contains("labelSmoothing01,\"+ labelSmoothing(0.1)\",6,44,0123456789ab,0.8373,42.000");
  }

  @Test
  void json_comes_back_as_it_was() {
    assertThat(Ledger.fromJson(usual().json())).isEqualTo(usual());
  }

  @Test
  void a_technique_left_out_is_worth_what_is_missing_without_it() {
    Ledger ledger =
        ledger(
            Ablation.leavingOneOut(),
            Metric.TOP1,
            entry("the recipe", 0.86, 0.88, 0.87),
            entry("− mixup()", 0.83, 0.85, 0.84),
            entry("− tta(4)", 0.85, 0.88, 0.86));

    assertThat(ledger.rows().get(0).gain()).isEmpty();
    Gain mixup = ledger.rows().get(1).gain().orElseThrow();
    assertThat(mixup.mean()).isCloseTo(0.03, within(1e-15));
    assertThat(mixup.largerThanNoise()).isEqualTo(Gain.Verdict.YES);
    // Against the recipe, not against the row above.
    assertThat(ledger.rows().get(2).gain().orElseThrow().mean()).isCloseTo(0.02 / 3, within(1e-15));
    assertThat(ledger.text()).contains("  worth  ");
  }

  @Test
  void a_lower_error_is_a_gain() {
    Ledger ledger =
        ledger(
            Ablation.adding(),
            Metric.RMSE,
            entry("baseline", 3.2, 3.4, 3.3),
            entry("+ mixup()", 3.1, 3.2, 3.25));

    assertThat(ledger.rows().get(1).gain().orElseThrow().mean()).isCloseTo(0.35 / 3, within(1e-15));
    assertThat(ledger.text()).contains("baseline      3.300 ± 0.05774").doesNotContain("other");
  }

  @Test
  void seeds_that_only_one_of_two_has_are_no_difference() {
    Ledger ledger =
        ledger(
            Ablation.adding(),
            Metric.TOP1,
            entry("baseline", 0.5, 0.6),
            entry("+ mixup()", 0.7),
            entry("+ tta(4)"));

    assertThat(ledger.rows()).extracting(Row::label).containsExactly("baseline", "+ mixup()");
    Gain gain = ledger.rows().get(1).gain().orElseThrow();
    assertThat(gain.seeds()).isEqualTo(1);
    assertThat(gain.mean()).isCloseTo(0.2, within(1e-15));
    assertThat(ledger.finished()).isFalse();
    assertThat(ledger.together()).isEqualTo(Optional.empty());
    assertThat(ledger.text()).contains("too few seeds", "Not all runs are finished");
    assertThat(usual().finished()).isTrue();
  }
}
