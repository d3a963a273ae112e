package dev.leaven.dsl;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.evaluate.Comparison;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.LearningRates;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reports a run in plain lines: the stages, then a line for each epoch, then the result.
 *
 * <pre>
 * epoch size  train mixed-top-1  valid  plain  top-1  top-5  seconds images/s  wait
 *     1  128 1.9201       42.57 1.5107 1.3012  51.32  92.10     61.2      181   3 %
 * </pre>
 *
 * <p>{@code train} and {@code valid} are the loss that is minimised, label smoothing included;
 * {@code mixed-top-1} is {@link EpochReport#trainTop1()}, called {@code train-top-1} where nothing
 * is mixed; {@code plain} is the validation loss without it; {@code wait} is the fraction of the
 * training time spent waiting for data. A star marks the best epoch so far.
 */
public final class EpochLines implements TrainingListener {

  private static final int SKIPPED_NAMED = 10;

  private final PrintStream out;
  private long started = System.nanoTime();
  private String top1Heading = "train-top-1";
  private boolean headed;
  private int passes;
  private Optional<Path> folder = Optional.empty();
  private int classes = Integer.MAX_VALUE;

  /**
   * Writes to a stream.
   *
   * @param out usually {@code System.out}
   */
  public EpochLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void onStart(Plan plan, Path directory, int epochsDone) {
    started = System.nanoTime();
    folder = plan.data().source().root();
    classes = plan.data().classNames().size();
    passes = 1 + plan.evaluation().tta().map(tta -> tta.views().size()).orElse(0);
    line(
        "%s on %,d images%s, recipe %s, into %s",
        plan.model().architecture().describe(),
        plan.data().trainImages(),
        plan.data().task() == Task.REGRESSION
            ? " with " + count(plan.data().classNames().size(), "number")
            : " of %d classes".formatted(plan.data().classNames().size()),
        plan.recipeHash(),
        directory);
    int number = 1;
    for (Stage stage : plan.stages()) {
      line(
          "stage %d: %d px, %s of %s, batches of %d",
          number++,
          stage.size(),
          count(stage.epochs(), "epoch"),
          count(stage.steps(), "step"),
          stage.batchSize());
      if (stage.hasFewSteps()) {
        line(
            "  only %s in all, too few to learn much; choose smaller batches or more epochs",
            count(stage.totalSteps(), "step"));
      }
    }
    if (epochsDone > 0) {
      line("going on after epoch %d of %d", epochsDone, plan.epochs());
    }
    top1Heading = plan.target().mixing().isPresent() ? "mixed-top-1" : "train-top-1";
    headed = false;
  }

  @Override
  public void onSkipped(Map<String, String> skipped) {
    line("left out:");
    skipped.entrySet().stream()
        .limit(SKIPPED_NAMED)
        .forEach(file -> line("  %s %s", file.getKey(), file.getValue()));
    if (skipped.size() > SKIPPED_NAMED) {
      line("  and %,d more", skipped.size() - SKIPPED_NAMED);
    }
  }

  @Override
  public void onDamaged(List<DamagedFile> files) {
    for (DamagedFile file : files) {
      line(
          "%s %s; %s",
          name(file.file()),
          file.problem(),
          file.part() == DamagedFile.Part.TRAINING
              ? "another image takes its place"
              : "it is left out of the scores");
    }
  }

  // As files that were left out at the start are named, wherever the data has a folder.
  private String name(Path file) {
    return folder
        .filter(file::startsWith)
        .map(from -> from.relativize(file).toString().replace('\\', '/'))
        .orElseGet(file::toString);
  }

  @Override
  public void onBatchHalved(Stage before, Stage after) {
    line(
        "memory ran out with batches of %d at %d px: going on with batches of %d, %d for each step",
        before.batchSize(), before.size(), after.batchSize(), after.accumulate());
  }

  @Override
  public void onEpoch(EpochReport report, boolean best) {
    if (!headed) {
      line(
          "epoch size  train%s  valid  plain %s  seconds images/s  wait",
          report.trainTop1().map(share -> " " + top1Heading).orElse(""), headings(report.valid()));
      headed = true;
    }
    Scores valid = report.valid();
    line(
        "%5d %4d %6.4f%s %6.4f %6.4f %s %8.1f %8.0f %3.0f %%%s",
        report.epoch(),
        report.size(),
        report.trainLoss(),
        report.trainTop1().map(EpochLines::top1).orElse(""),
        valid.loss(),
        valid.plainLoss(),
        metrics(valid) + report.averaged().map(EpochLines::averaged).orElse(""),
        report.seconds(),
        report.imagesPerSecond(),
        100 * report.waiting(),
        best ? " *" : "");
    if (report.skippedSteps() > 0) {
      line(
          "      %s skipped: a gradient was not finite in float16",
          count(report.skippedSteps(), "step"));
    }
  }

  @Override
  public void onTta(Scores plain, Scores augmented, double seconds, Comparison gain) {
    line(
        "%s plain, %s with test-time augmentation (%d passes, %.1f s)",
        primary(plain), value(augmented), passes, seconds);
    line("%s", gain.describe());
  }

  @Override
  public void onSize(
      int trained, Scores plain, SizedScores other, double seconds, Comparison gain) {
    line(
        "%s at %d px, %s at %d px (%.1f s)",
        primary(plain), trained, value(other.scores()), other.size(), seconds);
    line("%s", gain.describe());
  }

  @Override
  public void onEnd(RunResult run) {
    if (!run.finished()) {
      return; // onInterrupted has reported it
    }
    run.ended().ifPresent(reason -> line("%s", ended(run, reason)));
    if (run.tta().isEmpty()) {
      line("%s", primary(run.scores()));
    }
    EpochReport.best(run.history())
        .filter(best -> best.epoch() < run.history().size())
        .ifPresent(
            best ->
                line(
                    "epoch %d was the best: %s; its weights are in best/",
                    best.epoch(), primary(best.scores())));
    line("finished in %s: %s", duration(System.nanoTime() - started), run.directory());
  }

  @Override
  public void onInterrupted(Path directory, int epoch, int step) {
    String where =
        step > 0
            ? "in epoch %d after step %d".formatted(epoch, step)
            : epoch > 1 ? "after epoch %d".formatted(epoch - 1) : "before the first step";
    line(
        "interrupted %s: everything up to there is saved; go on with: leaven resume %s",
        where, directory);
  }

  @Override
  public void onRates(int stageNumber, Stage stage, LearningRates rates) {
    LearningRateLines.of(stageNumber, stage, rates).forEach(text -> line("%s", text));
  }

  private static String ended(RunResult run, String reason) {
    return "ended in epoch %d of %d: %s"
        .formatted(run.history().size(), run.plan().epochs(), reason);
  }

  private static String top1(double share) {
    return String.format(Locale.ROOT, " %11.2f", 100 * share);
  }

  private String headings(Scores scores) {
    return scores.metrics().keySet().stream()
        .filter(metric -> metric.tells(classes))
        .map(metric -> ("%" + width(metric) + "s").formatted(metric.label()))
        .collect(Collectors.joining(" "));
  }

  private String metrics(Scores scores) {
    return scores.metrics().entrySet().stream()
        .filter(entry -> entry.getKey().tells(classes))
        .map(
            entry ->
                entry.getKey().isShare()
                    ? String.format(
                        Locale.ROOT, "%" + width(entry.getKey()) + ".2f", 100 * entry.getValue())
                    : String.format(
                        Locale.ROOT, "%" + width(entry.getKey()) + ".4g", entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String averaged(Scores scores) {
    double value = scores.get(scores.primary());
    return String.format(
        Locale.ROOT,
        scores.primary().isShare() ? "  %8.4f %9.2f" : "  %8.4f %9.4g",
        scores.loss(),
        scores.primary().isShare() ? 100 * value : value);
  }

  private static int width(Metric metric) {
    return Math.max(metric.isShare() ? 6 : 9, metric.label().length());
  }

  /**
   * Writes the score that matters most.
   *
   * @param scores of a set of images
   * @return for instance {@code top-1 88.25 %} or {@code RMSE 3.142}
   */
  public static String primary(Scores scores) {
    return "%s %s".formatted(scores.primary().label(), value(scores));
  }

  private static String value(Scores scores) {
    return value(scores.primary(), scores.get(scores.primary()));
  }

  static String value(Metric metric, double value) {
    return metric.isShare()
        ? String.format(Locale.ROOT, "%.2f %%", 100 * value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  /**
   * Formats a time for people.
   *
   * @param nanoseconds how long
   * @return for instance {@code 45 s}, {@code 3 min 05 s} or {@code 2 h 07 min}
   */
  public static String duration(long nanoseconds) {
    long seconds = Math.round(nanoseconds / 1e9);
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
  }

  private static String count(int number, String noun) {
    return "%d %s%s".formatted(number, noun, number == 1 ? "" : "s");
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
