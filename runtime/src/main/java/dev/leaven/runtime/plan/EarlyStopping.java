package dev.leaven.runtime.plan;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Scores;
import java.util.List;
import java.util.Optional;

/**
 * Ends a run when it has stopped getting better (Prechelt 1998, "Early Stopping, But When?"): after
 * {@code patience} epochs in a row of which none was better than the best before them by more than
 * {@code minDelta}.
 *
 * <p>The epochs are counted over all stages. {@code best/} holds the best epoch's weights; the run
 * ends with the last weights. Effect: saves epochs without benefit, and prevents a model from
 * memorizing noise. With a schedule that goes down to zero the best epochs are usually the last
 * ones, and ending before them costs accuracy. Cost: none.
 *
 * @param patience epochs without improvement after which the run ends, at least 1
 * @param minDelta the smallest improvement that counts, at least 0, in the unit of the watched
 *     metric: 0.001 is a tenth of a percent of top-1; default 0
 * @param watched the metric that must improve; default the task's first metric
 */
public record EarlyStopping(int patience, double minDelta, Watched watched) implements Stopping {

  /** The metric that must improve. */
  public enum Watched {
    /** The task's first metric: top-1 for classes. */
    METRIC,
    /** The validation loss. */
    LOSS
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a value is outside its range
   */
  public EarlyStopping {
    Check.atLeast("earlyStopping", "patience", patience, 1);
    Check.range("earlyStopping", "minDelta", minDelta, 0, Double.MAX_VALUE);
  }

  /**
   * Watches the task's first metric; any improvement counts.
   *
   * @param patience epochs without improvement after which the run ends
   */
  public EarlyStopping(int patience) {
    this(patience, 0, Watched.METRIC);
  }

  @Override
  public Optional<String> afterEpoch(List<EpochReport> history) {
    EpochReport best = history.get(0);
    for (EpochReport report : history) {
      if (better(report.scores(), best.scores())) {
        best = report;
      }
    }
    int since = history.get(history.size() - 1).epoch() - best.epoch();
    return since < patience
        ? Optional.empty()
        : Optional.of(
            "no better %s in %d %s than in epoch %d"
                .formatted(
                    watched == Watched.LOSS ? "loss" : best.scores().primary().label(),
                    since,
                    since == 1 ? "epoch" : "epochs",
                    best.epoch()));
  }

  private boolean better(Scores scores, Scores best) {
    if (watched == Watched.LOSS) {
      return scores.loss() < best.loss() - minDelta;
    }
    Metric metric = best.primary();
    double value = scores.get(metric);
    return Math.abs(value - best.get(metric)) > minDelta && metric.better(value, best.get(metric));
  }

  @Override
  public String describe() {
    return "ends early after %d %s without a better %s%s"
        .formatted(
            patience,
            patience == 1 ? "epoch" : "epochs",
            watched == Watched.LOSS ? "loss" : "score",
            minDelta == 0 ? "" : ", better by more than " + Check.number(minDelta));
  }
}
