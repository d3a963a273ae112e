package dev.leaven.runtime.report;

import dev.leaven.runtime.data.DataException;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.internal.plan.PlanText;
import dev.leaven.runtime.internal.plan.StepRates;
import dev.leaven.runtime.internal.run.RunDirectory;
import dev.leaven.runtime.interpret.Interpretation;
import dev.leaven.runtime.models.ParameterCount;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.Preview;
import dev.leaven.runtime.train.PreviewStep;
import dev.leaven.runtime.train.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A run as one page of HTML for people: recipe, numbers, curves, images as the model saw them, the
 * classes it confuses and the images on which it is most wrong, its calibration, where the time
 * went, and how to repeat the run. The page is one file that loads nothing.
 *
 * <p>It is made of the run's last checkpoint and of its images, which are evaluated and loaded
 * again. The run may have been interrupted or may still be in progress, and its images may be
 * missing: the page then states this and has what there is. The run is not changed. Cost: a forward
 * pass for each validation image, and some seconds.
 */
public final class Report {

  private static final int STEPS = 300;
  private static final int BATCH_IMAGES = 8;
  private static final int TOP_LOSSES = 12;

  private final Path directory;
  private final String recipe;
  private final @Nullable DataSource data;
  private final TrainingListener listener;
  private final List<String> notes = new ArrayList<>();

  private Report(
      Path directory, String recipe, @Nullable DataSource data, TrainingListener listener) {
    this.directory = directory;
    this.recipe = recipe;
    this.data = data;
    this.listener = listener;
  }

  /**
   * Writes a report.
   *
   * @param directory the run's directory
   * @param recipe the recipe as text
   * @param data the run's images, at their current location; null to find them as the run did
   * @param file replaced if it exists; missing folders are created
   * @param listener receives the progress of the evaluation
   * @throws RunException when there is no run in the directory, or the file cannot be written
   */
  public static void write(
      Path directory,
      String recipe,
      @Nullable DataSource data,
      Path file,
      TrainingListener listener) {
    if (Files.isDirectory(file)) {
      throw new RunException(
          "%s: this is a folder; name a file for the report".formatted(file), null);
    }
    String page = new Report(directory, recipe, data, listener).page();
    Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(fresh, page);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new RunException(
          "%s: the report cannot be written (%s); choose another place"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private String page() {
    try (TrainedModel model = TrainedModel.open(directory)) {
      RunResult run = model.run();
      Plan plan = model.plan();
      state(run);
      List<ImageCard> batch = List.of();
      Optional<Evaluation> evaluation = Optional.empty();
      List<ImageCard> mistakes = List.of();
      try {
        ImageData images = data == null ? model.data() : model.data(data);
        listener.onPhase("images of a training step");
        batch = batch(plan, images, stage(run));
        if (!run.history().isEmpty()) {
          listener.onPhase("answers to the validation images");
          Interpretation answers = Interpretation.of(model, images.valid(), listener);
          evaluation = Optional.of(answers.evaluation());
          requireSame(run, answers);
          listener.onPhase("images with the highest losses");
          mistakes = new MistakeCards(plan, answers).of(answers.topLosses(TOP_LOSSES));
        }
      } catch (DataException | RunException | TrainingException e) {
        notes.add(
            "What needs the images is left out, because they cannot be had: %s"
                .formatted(e.getMessage()));
      }
      return ReportPage.of(
          new RunContent(
              name(),
              recipe,
              plan,
              PlanText.of(plan),
              ParameterCount.of(
                  plan.model().architecture(),
                  plan.data().channels(),
                  plan.data().classNames().size()),
              run.history(),
              rates(plan, run),
              run.tta(),
              notes,
              evaluation,
              batch,
              mistakes,
              Origin.environment(plan, RunDirectory.environments(directory)),
              Origin.command(plan, directory, RunDirectory.environments(directory)),
              run.finished()));
    }
  }

  private String name() {
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return name == null ? directory.toString() : name.toString();
  }

  private void state(RunResult run) {
    int planned = run.plan().epochs();
    int done = run.history().size();
    if (RunDirectory.inUse(directory)) {
      notes.add(
          "This run is still going on: a process is training it. This is its last checkpoint, with"
              + " %d of %d epochs finished.".formatted(done, planned));
    } else if (!run.finished()) {
      notes.add(
          ("This run was cut off: %d of %d epochs are finished%s. “leaven resume %s” goes on with"
                  + " it.")
              .formatted(
                  done,
                  planned,
                  run.plan().evaluation().tta().isPresent() && done == planned
                      ? ", and test-time augmentation is missing"
                      : "",
                  directory));
    }
    run.ended()
        .ifPresent(
            reason ->
                notes.add(
                    "A rule ended this run after %d of %d epochs: %s"
                        .formatted(done, planned, reason)));
    if (!run.damaged().isEmpty()) {
      notes.add(
          "%s could not be decoded; others took their place in training, and they are left out of"
                  .formatted(Figures.several(run.damaged().size(), "file", "files"))
              + " the scores.");
    }
  }

  // A run that was interrupted within an epoch has weights that no epoch was evaluated with.
  private void requireSame(RunResult run, Interpretation answers) {
    double reported = run.scores().plainLoss();
    double evaluated = answers.predictions().scores().plainLoss();
    // Between machines and batch sizes the last digits differ.
    if (Math.abs(evaluated - reported) > 1e-3 * Math.max(1, Math.abs(reported))) {
      notes.add(
          "Metrics, confusion and top losses are of the weights as they are now: their validation"
              + " loss is %s, that after epoch %d was %s."
                  .formatted(
                      Figures.loss(evaluated), run.history().size(), Figures.loss(reported)));
    }
  }

  // The stage of the last epoch, whose images are the largest.
  private static int stage(RunResult run) {
    return run.history().isEmpty() ? 1 : run.history().get(run.history().size() - 1).stage();
  }

  private static List<ImageCard> batch(Plan plan, ImageData images, int stage) {
    int count = Math.min(BATCH_IMAGES, plan.stages().get(stage - 1).batchSize());
    return BatchCards.of(Preview.of(plan, images, PreviewStep.first().stage(stage).images(count)));
  }

  private static List<LineChart.Point> rates(Plan plan, RunResult run) {
    StepRates rates = StepRates.of(plan, run.history(), STEPS);
    return IntStream.range(0, rates.rates().size())
        .mapToObj(i -> new LineChart.Point(rates.epochs().get(i), rates.rates().get(i)))
        .toList();
  }
}
