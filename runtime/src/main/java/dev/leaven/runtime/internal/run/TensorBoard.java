package dev.leaven.runtime.internal.run;

import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.StepReport;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * Writes a run's metrics for TensorBoard, by the steps of the whole run: the loss and learning rate
 * of some steps, and for each epoch the losses, metrics and speed.
 *
 * <p>Each process that works on a run adds a file. Steps that are repeated after a checkpoint are
 * removed from earlier files, so no step appears twice.
 */
public final class TensorBoard implements TrainingListener, AutoCloseable {

  private static final String NAME = "events.out.tfevents.";
  private static final String EPOCH_TAG = "valid/loss";

  private final Path folder;
  private final Timeline timeline;
  private final String top1Tag;
  private final boolean scaled;
  private final int everySteps;
  private final EventFile file;
  private long step;

  /**
   * Begins a file after the finished steps; it starts with the epochs that no file has yet.
   *
   * @param folder the folder, created if missing
   * @param progress the progress of the run
   * @param everySteps steps between two points of the loss
   * @throws TrainingException when the file cannot be written
   */
  public TensorBoard(Path folder, Plan plan, Progress progress, int everySteps) {
    this.folder = folder;
    this.timeline = new Timeline(plan);
    this.top1Tag = plan.target().mixing().isPresent() ? "train/mixed_top1" : "train/top1";
    this.scaled = plan.step().lossScale().isPresent();
    this.everySteps = everySteps;
    long done = timeline.stepsBeforeEpoch(progress.epochs()) + progress.steps();
    Set<Long> told = new HashSet<>();
    try {
      Files.createDirectories(folder);
      List<Path> earlier = eventFiles();
      for (Path one : earlier) {
        EventFile.cut(one, event -> isDone(event, done, told));
      }
      String name =
          "%s%010d.leaven.%03d".formatted(NAME, (long) EventFile.now(), earlier.size() + 1);
      file = new EventFile(folder.resolve(name));
      begin(done);
    } catch (IOException e) {
      throw failure(e);
    }
    for (EpochReport report : progress.history()) {
      step = timeline.stepsBeforeEpoch(report.epoch());
      if (!told.contains(step)) {
        onEpoch(report, false);
      }
    }
    step = done;
  }

  private List<Path> eventFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(one -> one.getFileName().toString().startsWith(NAME)).sorted().toList();
    }
  }

  private static boolean isDone(Event event, long done, Set<Long> told) {
    boolean kept = event.getStep() <= done || event.hasSessionLog();
    if (kept
        && event.getSummary().getValueList().stream().anyMatch(v -> v.getTag().equals(EPOCH_TAG))) {
      told.add(event.getStep());
    }
    return kept;
  }

  // A running TensorBoard has read the steps that were removed; this makes it drop them.
  private void begin(long done) throws IOException {
    if (done > 0) {
      file.write(
          Event.newBuilder()
              .setWallTime(EventFile.now())
              .setStep(done + 1)
              .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START))
              .build());
    }
  }

  // Called before a user's listeners, so the file has the events that they received even if they
  // throw.
  @Override
  public int order() {
    return Integer.MIN_VALUE;
  }

  @Override
  public void onStep(StepReport report) {
    step = report.ofRun();
    if (step % everySteps == 0) {
      write(
          Summary.newBuilder()
              .addValue(value("step/loss", report.loss()))
              .addValue(value("step/learning_rate", report.learningRate())));
    }
  }

  @Override
  public void onEpoch(EpochReport report, boolean best) {
    Summary.Builder summary =
        Summary.newBuilder()
            .addValue(value("train/loss", report.trainLoss()))
            .addValue(value("train/learning_rate", report.learningRate()))
            .addValue(value("train/images_per_second", report.imagesPerSecond()))
            .addValue(value("train/waiting", report.waiting()));
    report.trainTop1().ifPresent(share -> summary.addValue(value(top1Tag, share)));
    if (scaled) {
      summary.addValue(value("train/skipped_steps", report.skippedSteps()));
    }
    scores(summary, "valid", report.valid());
    report.averaged().ifPresent(scores -> scores(summary, "averaged", scores));
    write(summary);
  }

  @Override
  public void onTta(Scores plain, Scores augmented, double seconds) {
    Summary.Builder summary = Summary.newBuilder();
    scores(summary, "tta", augmented);
    write(summary);
  }

  private static void scores(Summary.Builder summary, String of, Scores scores) {
    summary.addValue(value(of + "/loss", scores.loss()));
    summary.addValue(value(of + "/plain_loss", scores.plainLoss()));
    scores
        .metrics()
        .forEach((metric, score) -> summary.addValue(value(of + "/" + metric.key(), score)));
  }

  private static Summary.Value value(String tag, double value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
  }

  private void write(Summary.Builder summary) {
    try {
      file.write(
          Event.newBuilder()
              .setWallTime(EventFile.now())
              .setStep(step)
              .setSummary(summary)
              .build());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private TrainingException failure(IOException e) {
    return new TrainingException(
        "%s cannot be written: %s; the run can be resumed without it"
            .formatted(folder, RunDirectory.reason(e)),
        e);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
