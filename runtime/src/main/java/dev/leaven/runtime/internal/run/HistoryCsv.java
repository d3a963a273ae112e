package dev.leaven.runtime.internal.run;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The epochs of a run as a table: a line for each, with the columns that its plan gives it. */
final class HistoryCsv {

  private HistoryCsv() {}

  static String text(Plan plan, List<EpochReport> history) {
    List<Metric> metrics = Metric.of(plan.data().task());
    String averaged =
        plan.step().averaging().isEmpty()
            ? ""
            : ",averaged_loss,averaged_" + keys(metrics).replace(",", ",averaged_");
    String top1 =
        plan.data().task() == Task.CLASSIFICATION
            ? plan.target().mixing().isPresent() ? ",train_mixed_top1" : ",train_top1"
            : "";
    boolean skips = plan.step().lossScale().isPresent();
    StringBuilder csv =
        new StringBuilder(
            ("epoch,stage,size,train_loss%s,valid_loss,valid_plain_loss,%s%s,learning_rate,"
                    + "seconds,train_seconds,images_per_second,waiting%s\n")
                .formatted(top1, keys(metrics), averaged, skips ? ",skipped_steps" : ""));
    for (EpochReport r : history) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%d,%d,%d,%s%s,%s,%s,%s%s,%s,%.3f,%.3f,%.1f,%.4f%s\n",
              r.epoch(),
              r.stage(),
              r.size(),
              r.trainLoss(),
              r.trainTop1().map(share -> "," + share).orElse(""),
              r.valid().loss(),
              r.valid().plainLoss(),
              values(metrics, r.valid()),
              r.averaged().map(s -> "," + s.loss() + "," + values(metrics, s)).orElse(""),
              r.learningRate(),
              r.seconds(),
              r.trainSeconds(),
              r.imagesPerSecond(),
              r.waiting(),
              skips ? "," + r.skippedSteps() : ""));
    }
    return csv.toString();
  }

  private static String keys(List<Metric> metrics) {
    return metrics.stream().map(Metric::key).collect(Collectors.joining(","));
  }

  private static String values(List<Metric> metrics, Scores scores) {
    return metrics.stream()
        .map(metric -> Double.toString(scores.get(metric)))
        .collect(Collectors.joining(","));
  }
}
