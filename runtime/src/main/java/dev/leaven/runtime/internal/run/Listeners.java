package dev.leaven.runtime.internal.run;

import dev.leaven.runtime.evaluate.Comparison;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.LearningRates;
import dev.leaven.runtime.run.RunControl;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.StepReport;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Combines several listeners into one: each receives every event, in their order. */
public final class Listeners implements TrainingListener {

  private final List<TrainingListener> inOrder;

  public Listeners(List<TrainingListener> listeners) {
    // The sort is stable: listeners of one order are called in the order in which they were given.
    inOrder = listeners.stream().sorted(Comparator.comparingInt(TrainingListener::order)).toList();
  }

  private void each(Consumer<TrainingListener> event) {
    inOrder.forEach(event);
  }

  @Override
  public void onControl(RunControl control) {
    each(listener -> listener.onControl(control));
  }

  @Override
  public void onStart(Plan plan, Path directory, int epochsDone) {
    each(listener -> listener.onStart(plan, directory, epochsDone));
  }

  @Override
  public void onSkipped(Map<String, String> skipped) {
    Map<String, String> files = Collections.unmodifiableMap(skipped);
    each(listener -> listener.onSkipped(files));
  }

  @Override
  public void onDamaged(List<DamagedFile> files) {
    List<DamagedFile> copy = List.copyOf(files);
    each(listener -> listener.onDamaged(copy));
  }

  @Override
  public void onBatchHalved(Stage before, Stage after) {
    each(listener -> listener.onBatchHalved(before, after));
  }

  @Override
  public void onPhase(String what) {
    each(listener -> listener.onPhase(what));
  }

  @Override
  public void onDecoded(int done, int total) {
    each(listener -> listener.onDecoded(done, total));
  }

  @Override
  public void onEpochStart(int epoch, int stageNumber, Stage stage) {
    each(listener -> listener.onEpochStart(epoch, stageNumber, stage));
  }

  @Override
  public void onStep(StepReport report) {
    each(listener -> listener.onStep(report));
  }

  @Override
  public void onEvaluated(int done, int total) {
    each(listener -> listener.onEvaluated(done, total));
  }

  @Override
  public void onEpoch(EpochReport report, boolean best) {
    each(listener -> listener.onEpoch(report, best));
  }

  @Override
  public void onTta(Scores plain, Scores augmented, double seconds, Comparison gain) {
    each(listener -> listener.onTta(plain, augmented, seconds, gain));
  }

  @Override
  public void onSize(
      int trained, Scores plain, SizedScores other, double seconds, Comparison gain) {
    each(listener -> listener.onSize(trained, plain, other, seconds, gain));
  }

  @Override
  public void onEnd(RunResult run) {
    each(listener -> listener.onEnd(run));
  }

  @Override
  public void onInterrupted(Path directory, int epoch, int step) {
    each(listener -> listener.onInterrupted(directory, epoch, step));
  }

  @Override
  public void onRate(int step, int steps, LearningRates.Point point) {
    each(listener -> listener.onRate(step, steps, point));
  }

  @Override
  public void onRates(int stageNumber, Stage stage, LearningRates rates) {
    each(listener -> listener.onRates(stageNumber, stage, rates));
  }
}
