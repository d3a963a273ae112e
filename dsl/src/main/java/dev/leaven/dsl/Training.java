package dev.leaven.dsl;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.run.TrainingOptions;
import dev.leaven.runtime.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Executes the runs of an ablation; tests replace it with another implementation. */
interface Training {

  /**
   * Trains, or continues a run that was stopped.
   *
   * @return its result; empty if it was asked to stop
   */
  Optional<Trained> train(Recipe recipe, Path directory, List<TrainingListener> listeners);

  /**
   * The result of a finished run.
   *
   * @param recipeHash the hash of the trained recipe
   * @param data the training data, in words
   * @param metric the task's first
   * @param images the number of evaluated images
   * @param plain its value after the last epoch
   * @param augmented its value with test-time augmentation, if there is any
   * @param seconds of each stage, validation included, all epochs
   * @param quickest of each stage, the seconds of its fastest epoch
   * @param augmentedSeconds of test-time augmentation; 0 if there is none, and if the process was
   *     ended just after it
   */
  record Trained(
      String recipeHash,
      String data,
      Metric metric,
      int images,
      double plain,
      OptionalDouble augmented,
      List<Double> seconds,
      List<Double> quickest,
      double augmentedSeconds) {

    double allSeconds() {
      return seconds.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /** Trains on some images. */
  static Training on(DataSource data) {
    return (recipe, directory, listeners) -> {
      Clock clock = new Clock();
      List<TrainingListener> all = new ArrayList<>(listeners);
      all.add(clock);
      TrainingListener[] hear = all.toArray(TrainingListener[]::new);
      TrainingOptions options = TrainingOptions.usual();
      RunResult run =
          Files.exists(directory.resolve("last"))
              ? Trainer.resume(directory, data, options, hear)
              : recipe.train(data, directory, options, hear).result();
      return run.finished() ? Optional.of(trained(run, clock.seconds)) : Optional.empty();
    };
  }

  private static Trained trained(RunResult run, double augmentedSeconds) {
    Scores scores = run.scores();
    Metric metric = scores.primary();
    int stages = run.plan().stages().size();
    return new Trained(
        run.plan().recipeHash(),
        run.plan().data().source().describe(),
        metric,
        scores.images(),
        scores.get(metric),
        run.tta().map(tta -> OptionalDouble.of(tta.get(metric))).orElse(OptionalDouble.empty()),
        IntStream.rangeClosed(1, stages).mapToObj(stage -> seconds(run, stage)).toList(),
        IntStream.rangeClosed(1, stages).mapToObj(stage -> quickest(run, stage)).toList(),
        augmentedSeconds);
  }

  private static double seconds(RunResult run, int stage) {
    return run.history().stream()
        .filter(epoch -> epoch.stage() == stage)
        .mapToDouble(EpochReport::seconds)
        .sum();
  }

  private static double quickest(RunResult run, int stage) {
    return run.history().stream()
        .filter(epoch -> epoch.stage() == stage)
        .mapToDouble(EpochReport::seconds)
        .min()
        .orElse(0); // a rule ended the run before this stage
  }

  /** Measures the time of test-time augmentation, which is not in the history. */
  final class Clock implements TrainingListener {

    private double seconds;

    @Override
    public void onTta(Scores plain, Scores augmented, double seconds) {
      this.seconds = seconds;
    }
  }
}
