package dev.leaven.runtime.train;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.TestFolder;
import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.Predictions;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.internal.run.Checkpoint;
import dev.leaven.runtime.internal.run.RunDirectory;
import dev.leaven.runtime.internal.step.BatchGraph;
import dev.leaven.runtime.internal.step.InferenceGraph;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/**
 * The model of a run, for predictions and evaluation. It uses the plan's own pipeline: the
 * preprocessing of an image is the same as in validation.
 *
 * <p>Predictions come from the averaged weights where the plan has averaging. A run may still be in
 * progress elsewhere: its checkpoints are only read. The first prediction builds a graph, which
 * takes some seconds. Not for use by several threads.
 */
public final class TrainedModel implements AutoCloseable {

  /** The checkpoint of a run to use. */
  public enum Which {
    /** The last one, whose scores a run reports. */
    LAST,
    /** The checkpoint of the epoch with the best scores. */
    BEST
  }

  private static final TrainingListener SILENT = new TrainingListener() {};

  private final Path directory;
  private final Path file;
  private final Checkpoint checkpoint;
  private final DataSource source;
  private final Map<Class<? extends Samples>, OpenGraph> graphs = new HashMap<>();

  private TrainedModel(Path directory, Path file, Checkpoint checkpoint, DataSource source) {
    this.directory = directory;
    this.file = file;
    this.checkpoint = checkpoint;
    this.source = source;
  }

  /**
   * The model of a run's last checkpoint.
   *
   * @param directory the run's directory
   * @return a model that must be closed
   * @throws RunException when there is no run in the directory, or its checkpoint cannot be read
   */
  public static TrainedModel open(Path directory) {
    return open(directory, Which.LAST);
  }

  /**
   * The model of a run.
   *
   * @param directory the run's directory
   * @param which its last checkpoint or its best
   * @return a model that must be closed
   * @throws RunException when there is no run in the directory, or its checkpoint cannot be read
   */
  public static TrainedModel open(Path directory, Which which) {
    RunDirectory.recipe(directory);
    Path file = which == Which.LAST ? RunDirectory.last(directory) : RunDirectory.best(directory);
    Checkpoint checkpoint = Checkpoint.read(file);
    return new TrainedModel(directory, file, checkpoint, checkpoint.plan().data().source());
  }

  /**
   * The model of a run's last checkpoint. The run's images may be in memory, which is not possible
   * for a run that is opened by its directory.
   *
   * @param run the result of training
   * @return a model that must be closed
   * @throws RunException when the run's directory does not exist, or its checkpoint cannot be read
   */
  public static TrainedModel of(RunResult run) {
    TrainedModel model = open(run.directory());
    return new TrainedModel(
        model.directory, model.file, model.checkpoint, run.plan().data().source());
  }

  /**
   * The plan of the run.
   *
   * @return the plan
   */
  public Plan plan() {
    return checkpoint.plan();
  }

  /**
   * The progress of the run at this checkpoint.
   *
   * @return its history and scores
   */
  public RunResult run() {
    return checkpoint.progress().result(plan(), directory);
  }

  /**
   * The variables of the checkpoint.
   *
   * @return arrays by name, among them the model's by PyTorch's names for its layers
   */
  public SafeTensors weights() {
    return checkpoint.arrays();
  }

  /**
   * The stage of the last epoch trained, or the first.
   *
   * @return one of the plan's
   */
  public Stage stage() {
    return new Timeline(plan()).stage(Math.max(0, checkpoint.progress().epochs() - 1));
  }

  /**
   * The run's own images, found as the run found them.
   *
   * @return images of the same classes
   * @throws RunException when they have changed
   */
  public ImageData data() {
    return moved(source);
  }

  /**
   * The run's own images, at another location.
   *
   * @param source their current location
   * @return images of the same classes, as many as the run found
   * @throws RunException when the images differ
   */
  public ImageData moved(DataSource source) {
    ImageData data = source.load(plan().seed());
    RunDirectory.requireSame(plan(), data, directory);
    return data;
  }

  /**
   * Other images of the same classes.
   *
   * @param source the source of the images
   * @return the images
   * @throws RunException when they are of other classes
   */
  public ImageData data(DataSource source) {
    ImageData data = source.load(plan().seed());
    if (data.task() != plan().data().task()
        || !data.classNames().equals(plan().data().classNames())) {
      throw new RunException(
          "%s was trained on %s, but %s has %s; give images of the same classes"
              .formatted(
                  directory,
                  String.join(", ", plan().data().classNames()),
                  source.describe(),
                  String.join(", ", data.classNames())),
          null);
    }
    return data;
  }

  /**
   * The images of a folder for evaluation. Classes may be missing.
   *
   * @param folder with a folder of images for each class
   * @return the images in it, numbered by the run's classes
   * @throws dev.leaven.runtime.data.DataException when there are no images, or a class that the run
   *     does not have
   * @throws RunException when the run's images do not have one class each
   */
  public TestFolder.Found data(TestFolder folder) {
    if (plan().data().task() != Task.CLASSIFICATION) {
      throw new RunException(
          ("%s was not trained on images with one class each, so folders do not say what is right;"
                  + " give a data source in a program: run.evaluate(data)")
              .formatted(directory),
          null);
    }
    return folder.load(plan().data().classNames());
  }

  /**
   * Predicts the centre view of images. Cost: a forward pass for each image.
   *
   * @param samples the images and their targets
   * @param size height and width of the model's input images in pixels; validation used that of
   *     {@link #stage}
   * @param listener receives the passes and the damaged files, which are left out
   * @return predictions in the order of the images
   * @throws TrainingException when memory runs out, or more than 1 % of the images cannot be
   *     decoded
   */
  public Predictions predict(Samples samples, int size, TrainingListener listener) {
    return collected(
        samples, listener, (evaluator, into) -> evaluator.centre(stage().at(size), into));
  }

  /**
   * Predicts several views of images and combines them. Cost: a forward pass for each view of each
   * image, and one more.
   *
   * @param samples the images and their targets
   * @param size height and width of the model's input images in pixels
   * @param tta which views, and how their predictions are combined
   * @param listener receives the passes and the damaged files, which are left out
   * @return predictions in the order of the images, the same each time
   * @throws TrainingException when memory runs out, or more than 1 % of the images cannot be
   *     decoded
   */
  public Predictions predict(
      Samples samples, int size, TestTimeViews tta, TrainingListener listener) {
    return collected(
        samples,
        listener,
        (evaluator, into) -> evaluator.views(stage().at(size), tta, into, Evaluator.IGNORE));
  }

  /**
   * Evaluates the model on the run's own validation images, at the size of its {@link #stage}.
   * Cost: a forward pass for each image, and some seconds for the graph.
   *
   * @return every metric, with intervals
   * @throws RunException when the images have changed
   * @throws TrainingException as {@link #predict(Samples, int, TrainingListener)} does
   */
  public Evaluation evaluate() {
    return evaluate(data().valid());
  }

  /**
   * Evaluates the model on the validation part of other images.
   *
   * @param images images of the same classes
   * @return every metric, with intervals
   * @throws RunException when they are of other classes
   * @throws TrainingException as {@link #predict(Samples, int, TrainingListener)} does
   */
  public Evaluation evaluate(DataSource images) {
    return evaluate(data(images).valid());
  }

  /**
   * Evaluates the model on the images of a folder, all of them where it has no validation part.
   * Classes may be missing.
   *
   * @param folder with a folder of images for each class
   * @return every metric, with intervals
   * @throws dev.leaven.runtime.data.DataException when there are no images, or a class that the
   *     model does not know
   * @throws RunException when the run's images do not have one class each
   * @throws TrainingException as {@link #predict(Samples, int, TrainingListener)} does
   */
  public Evaluation evaluate(TestFolder folder) {
    return evaluate(data(folder).images());
  }

  /**
   * Evaluates the model on several views of the run's own validation images.
   *
   * @param tta the views, and how their predictions are combined
   * @return every metric, with intervals, the same each time
   * @throws RunException when the images have changed
   * @throws TrainingException as {@link #predict(Samples, int, TrainingListener)} does
   */
  public Evaluation evaluate(TestTimeViews tta) {
    return Evaluation.of(predict(data().valid(), stage().size(), tta, SILENT));
  }

  private Evaluation evaluate(Samples samples) {
    return Evaluation.of(predict(samples, stage().size(), SILENT));
  }

  private interface Question {
    void ask(Evaluator evaluator, CollectedPredictions into);
  }

  private Predictions collected(Samples samples, TrainingListener listener, Question question) {
    OpenGraph graph =
        graphs.computeIfAbsent(
            samples.getClass(),
            kind ->
                new OpenGraph(
                    checkpoint,
                    file,
                    Loader.of(samples, plan().data().channels(), plan().image().itemResize())));
    CollectedPredictions into = new CollectedPredictions(plan());
    graph.with(
        samples,
        source ->
            question.ask(new Evaluator(plan(), graph.inference, source, listener, () -> {}), into),
        listener);
    return into.predictions();
  }

  @Override
  public void close() {
    graphs.values().forEach(OpenGraph::close);
    graphs.clear();
  }

  /** A graph for images of one kind, files or pixels. */
  private static final class OpenGraph implements AutoCloseable {

    private final Loader loader;
    private final Graph graph;
    private final BatchGraph batches;
    private final InferenceGraph inference;
    private final Session session;

    OpenGraph(Checkpoint checkpoint, Path file, Loader loader) {
      this.loader = loader;
      Plan plan = checkpoint.plan().computed().plan();
      graph = new Graph();
      Ops tf = GraphOps.of(graph);
      Variables variables = new Variables(tf);
      batches = new BatchGraph(tf, plan, loader);
      inference = new InferenceGraph(tf, plan, variables, batches);
      session = Sessions.open(graph, plan.step().precision());
      try {
        checkpoint.restore(file, session, variables);
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    void with(Samples samples, Consumer<DataPass.Source> use, TrainingListener listener) {
      try (Loader.Opened opened = loader.open(samples)) {
        use.accept(
            new DataPass.Source(
                session,
                batches.pipeline(),
                opened,
                stage -> null,
                new CorruptFiles(samples, listener),
                DamagedFile.Part.VALIDATION));
      }
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }
}
