package dev.leaven.dsl;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.TestFolder;
import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.export.Export;
import dev.leaven.runtime.export.Prediction;
import dev.leaven.runtime.export.Predictor;
import dev.leaven.runtime.interpret.Interpretation;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.report.Report;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.run.TrainingOptions;
import dev.leaven.runtime.train.TrainedModel;
import dev.leaven.runtime.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A run in its directory, and everything that can be done with it.
 *
 * <pre>{@code
 * Run run = resize(128).mixup().train(ImageFolder.of("photographs"));
 * System.out.println(run.evaluate());
 * run.report();
 * run.export(Path.of("models/pets/1"));
 *
 * Run.open(Path.of("runs/long")).resume();
 * }</pre>
 *
 * <p>{@link Recipe#train} returns one, and {@link #open} finds one on disk. Each method reads the
 * run's files when it is called. All of them throw an {@link IllegalArgumentException} when there
 * is no run in the directory, and those that need images throw one when the images are missing:
 * {@link #on} sets where they are now.
 */
public final class Run {

  private static final TrainingListener SILENT = new TrainingListener() {};

  private final Path directory;
  private final @Nullable RunResult result;
  private final @Nullable DataSource data;

  private Run(Path directory, @Nullable RunResult result, @Nullable DataSource data) {
    this.directory = directory;
    this.result = result;
    this.data = data;
  }

  static Run of(RunResult result) {
    return new Run(result.directory(), result, null);
  }

  /**
   * A run on disk.
   *
   * @param directory the run's directory; the run may be finished, stopped or still in progress
   * @return the run; its files are read when they are needed
   */
  public static Run open(Path directory) {
    return new Run(directory, null, null);
  }

  /**
   * The same run, with its images in another place.
   *
   * @param data where the run's images are now, or other images of the same classes
   * @return a new handle of the same run
   */
  public Run on(DataSource data) {
    return new Run(directory, result, data);
  }

  /**
   * Where the run is.
   *
   * @return its directory
   */
  public Path directory() {
    return directory;
  }

  /**
   * The plan, the history of its epochs, its scores, and how it ended.
   *
   * @return the result of training, or what the files of a run on disk contain
   */
  public RunResult result() {
    if (result != null) {
      return result;
    }
    try (TrainedModel model = TrainedModel.open(directory)) {
      return model.run();
    }
  }

  /**
   * Whether training has ended, by its last epoch or by a rule.
   *
   * @return false for a run that can be resumed
   */
  public boolean finished() {
    return result().finished();
  }

  /**
   * The results of each finished epoch: losses, scores, seconds.
   *
   * @return in the order of the epochs
   */
  public List<EpochReport> history() {
    return result().history();
  }

  /**
   * The scores on the validation images after the last epoch, without test-time augmentation.
   *
   * @return by the averaged weights if the recipe has them
   * @throws IllegalStateException when no epoch was finished
   */
  public Scores scores() {
    return result().scores();
  }

  /**
   * The scores with the recipe's test-time augmentation.
   *
   * @return empty when the recipe has none, or the run was stopped before it
   */
  public Optional<Scores> tta() {
    return result().tta();
  }

  /**
   * Evaluates the model with test-time augmentation other than the recipe's. Cost: a forward pass
   * for each view of each validation image.
   *
   * @param views which views of an image are averaged, for instance {@code new
   *     TestTimeAugmentation(8)}
   * @return the metrics of the task with their intervals
   */
  public Evaluation tta(TestTimeViews views) {
    try (TrainedModel model = model()) {
      int size = model.stage().size();
      return Evaluation.of(model.predict(images(model).valid(), size, views, SILENT));
    }
  }

  /**
   * Evaluates the model on the validation images, without test-time augmentation. Cost: a forward
   * pass for each image.
   *
   * @return the metrics of the task with their intervals
   */
  public Evaluation evaluate() {
    try (TrainedModel model = model()) {
      return data == null ? model.evaluate() : model.evaluate(data);
    }
  }

  /**
   * Evaluates the model on a folder of test images. Cost: a forward pass for each image.
   *
   * @param folder a folder for each class, or images of known classes
   * @return the metrics of the task with their intervals
   */
  public Evaluation evaluate(TestFolder folder) {
    try (TrainedModel model = model()) {
      return model.evaluate(folder);
    }
  }

  /**
   * Writes the run as one page, {@code report.html} in its directory: recipe, curves, images as the
   * model saw them, confusion, highest losses with Grad-CAM, calibration, times, and how to repeat
   * it. The page is one file that loads nothing.
   *
   * <p>Where the images are missing, the page states that and contains the rest. Cost: a forward
   * pass for each validation image, and some seconds.
   *
   * @return the file
   */
  @CanIgnoreReturnValue
  public Path report() {
    return report(directory.resolve("report.html"), SILENT);
  }

  /**
   * Writes the run as one page: {@link #report()}.
   *
   * @param file replaced if it is there
   * @param listener is notified of the progress of the evaluation
   * @return the file
   * @throws IllegalArgumentException when the file cannot be written
   */
  @CanIgnoreReturnValue
  public Path report(Path file, TrainingListener listener) {
    Report.write(directory, recipe().toString(), source(), file, listener);
    return file;
  }

  /**
   * Finds what the model does well and badly on the validation images: confusion, most confused
   * pairs, highest losses, calibration. Cost: a forward pass for each image.
   *
   * @return what was found; pictures are loaded when they are asked for
   */
  public Interpretation interpret() {
    try (TrainedModel model = model()) {
      return Interpretation.of(model, images(model).valid(), SILENT);
    }
  }

  /**
   * Writes the model as a SavedModel that takes the bytes of image files.
   *
   * @param to a new or an empty directory
   * @return the same directory
   * @throws IllegalArgumentException when the directory holds something else
   */
  @CanIgnoreReturnValue
  public Path export(Path to) {
    return export(to, export -> export);
  }

  /**
   * Writes the model as a SavedModel with options.
   *
   * @param to a new or an empty directory
   * @param options for instance {@code e -> e.size(160).precision(WeightPrecision.FLOAT16)}
   * @return the same directory
   * @throws IllegalArgumentException when the directory holds something else, or an option is
   *     outside its range
   */
  @CanIgnoreReturnValue
  public Path export(Path to, UnaryOperator<Export> options) {
    return options.apply(Export.of(directory)).to(to);
  }

  /**
   * Classifies images of files. Cost: some seconds to build the model, once for each call; a
   * service loads an {@link #export exported} model once into a {@link Predictor}.
   *
   * @param files images, in the order of the predictions
   * @return a prediction for each
   * @throws IllegalArgumentException when a file is no image
   */
  public List<Prediction> predict(List<Path> files) {
    try (Predictor predictor = predictor()) {
      return predictor.predictFiles(files);
    }
  }

  /**
   * The model, ready to predict.
   *
   * @return to be closed
   */
  public Predictor predictor() {
    return Predictor.of(Export.of(directory));
  }

  /**
   * Continues a run that was stopped, exactly where it was, with a line on standard output for each
   * epoch.
   *
   * @return the finished run, or a stopped one that can be resumed
   */
  @CanIgnoreReturnValue
  public Run resume() {
    return resume(TrainingOptions.usual(), new EpochLines(System.out));
  }

  /**
   * Continues a run that was stopped, exactly where it was.
   *
   * @param options checkpoints within epochs, how many epochs are kept, files for TensorBoard
   * @param listeners are notified of progress, in their order; none for no output
   * @return the finished run, or a stopped one that can be resumed
   */
  @CanIgnoreReturnValue
  public Run resume(TrainingOptions options, TrainingListener... listeners) {
    return of(Trainer.resume(directory, source(), options, listeners));
  }

  /**
   * The recipe that was trained.
   *
   * @return read from the run's files
   */
  public Recipe recipe() {
    return Recipe.fromJson(result().plan().recipe());
  }

  private TrainedModel model() {
    return result == null ? TrainedModel.open(directory) : TrainedModel.of(result);
  }

  private @Nullable DataSource source() {
    return data != null || result == null ? data : result.plan().data().source();
  }

  private ImageData images(TrainedModel model) {
    return data == null ? model.data() : model.data(data);
  }

  @Override
  public String toString() {
    return "Run[" + directory + "]";
  }
}
