package dev.leaven.dsl;

import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.train.DamagedFile;
import dev.leaven.runtime.train.EpochReport;
import dev.leaven.runtime.train.Plan;
import dev.leaven.runtime.train.Run;
import dev.leaven.runtime.train.Stage;
import dev.leaven.runtime.train.TrainingListener;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tells of a run in plain lines: the stages, then a line for each epoch, then what came of it.
 *
 * <pre>
 * epoch size  train  valid  plain  top-1  top-5  seconds images/s  wait
 *     1  128 1.9201 1.5107 1.3012  51.32  92.10     61.2      181   3 %
 * </pre>
 *
 * <p>{@code train} and {@code valid} are the loss that is minimised, label smoothing included;
 * {@code plain} is the validation loss without it; {@code wait} is the share of the training time
 * spent waiting for data. A star marks the best epoch so far.
 */
public final class EpochLines implements TrainingListener {

  private static final String HEADER =
      "epoch size  train  valid  plain  top-1  top-5  seconds images/s  wait";

  private static final int SKIPPED_NAMED = 10;

  private final PrintStream out;
  private long started = System.nanoTime();
  private boolean headed;

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
    line(
        "%s on %,d images of %d classes, recipe %s, into %s",
        plan.model().describe(),
        plan.trainImages(),
        plan.classNames().size(),
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
    }
    if (epochsDone > 0) {
      line("going on after epoch %d of %d", epochsDone, plan.epochs());
    }
    headed = false;
  }

  @Override
  public void onSkipped(Map<String, String> skipped) {
    line("left out, because %s no image:", skipped.size() == 1 ? "it is" : "they are");
    skipped.entrySet().stream()
        .limit(SKIPPED_NAMED)
        .forEach(file -> line("  %s (%s)", file.getKey(), file.getValue()));
    if (skipped.size() > SKIPPED_NAMED) {
      line("  and %,d more", skipped.size() - SKIPPED_NAMED);
    }
  }

  @Override
  public void onDamaged(List<DamagedFile> files) {
    for (DamagedFile file : files) {
      line(
          "%s; %s",
          file.describe(),
          file.part() == DamagedFile.Part.TRAINING
              ? "another image takes its place"
              : "it is left out of the scores");
    }
  }

  @Override
  public void onEpoch(EpochReport report, boolean best) {
    if (!headed) {
      line(HEADER);
      headed = true;
    }
    Scores valid = report.valid();
    line(
        "%5d %4d %6.4f %6.4f %6.4f %6.2f %6.2f %8.1f %8.0f %3.0f %%%s",
        report.epoch(),
        report.size(),
        report.trainLoss(),
        valid.loss(),
        valid.plainLoss(),
        100 * valid.top1(),
        100 * valid.top5(),
        report.seconds(),
        report.imagesPerSecond(),
        100 * report.waiting(),
        best ? " *" : "");
  }

  @Override
  public void onTta(Scores plain, Scores augmented, double seconds) {
    line(
        "top-1 %.2f %% plain, %.2f %% with test-time augmentation (%.1f s)",
        100 * plain.top1(), 100 * augmented.top1(), seconds);
  }

  @Override
  public void onEnd(Run run) {
    if (!run.finished()) {
      return; // onInterrupted has said it
    }
    if (run.tta().isEmpty()) {
      line("top-1 %.2f %%", 100 * run.scores().top1());
    }
    line("finished in %s: %s", duration(System.nanoTime() - started), run.directory());
  }

  @Override
  public void onInterrupted(Path directory, int epoch, int step) {
    line(
        "interrupted in epoch %d after step %d: everything up to there is saved;"
            + " go on with: leaven resume %s",
        epoch, step, directory);
  }

  /**
   * Writes a time for people.
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
