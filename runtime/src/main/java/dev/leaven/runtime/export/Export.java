package dev.leaven.runtime.export;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.internal.plan.PlanText;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.train.TrainedModel;
import dev.leaven.runtime.train.TrainedModel.Which;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Writes a trained model as a TensorFlow SavedModel that serves exactly what was trained: decoding,
 * resizing and normalization are inside its graph, by the code of the pipeline.
 *
 * <pre>{@code
 * Export.of(run).to(Path.of("models/pets/1"));
 * }</pre>
 *
 * <p>Its signatures: {@code serving_default} takes {@code image_bytes}, the bytes of image files
 * {@code [n]}; {@code pixels} takes {@code images}, bytes {@code [n, height, width, channels]}.
 * Both give {@code probabilities [n, classes]} in the order of the data's classes, their {@code
 * labels [n, classes]}, and each image's {@code class [n]} of highest probability with its {@code
 * label [n]}; a model of numbers gives {@code values} instead. {@code tta_bytes} and {@code
 * tta_pixels} give the same from several views. {@code embeddings} takes {@code image_bytes} and
 * gives what the last layer is given. The folder {@code assets.extra} has the labels, the recipe,
 * the plan, the statistics and the metrics.
 *
 * <p>Immutable; every method returns a new value.
 */
public final class Export {

  private final Path run;
  private final OptionalInt size;
  private final boolean best;
  private final WeightPrecision precision;

  private Export(Path run, OptionalInt size, boolean best, WeightPrecision precision) {
    this.run = run;
    this.size = size;
    this.best = best;
    this.precision = precision;
  }

  /**
   * Begins to export a run's model: the model of its last checkpoint, in float32, for the image
   * size of its last stage.
   *
   * @param run a finished or an interrupted run
   * @return an export to write with {@link #to}
   */
  public static Export of(RunResult run) {
    return of(run.directory());
  }

  /**
   * Begins to export the model of the run in a directory.
   *
   * @param run the run's directory
   * @return an export to write with {@link #to}
   */
  public static Export of(Path run) {
    return new Export(run, OptionalInt.empty(), false, WeightPrecision.FLOAT32);
  }

  /**
   * The same for images of another size. Images somewhat larger than those of training often give
   * better predictions (Touvron et al. 2019, "Fixing the train-test resolution discrepancy").
   *
   * @param size height and width of the model's input images in pixels, at least 16
   * @return a new export
   */
  public Export size(int size) {
    Check.atLeast("export", "size", size, 16);
    return new Export(run, OptionalInt.of(size), best, precision);
  }

  /**
   * The same with the weights of the run's best epoch instead of its last.
   *
   * @return a new export
   */
  public Export best() {
    return new Export(run, size, true, precision);
  }

  /**
   * The same with another storage format for the weights.
   *
   * @param precision how the weights are stored; default float32
   * @return a new export
   */
  public Export precision(WeightPrecision precision) {
    return new Export(run, size, best, precision);
  }

  /**
   * Writes the model.
   *
   * @param directory a new or an empty directory; TensorFlow Serving requires a number as its name,
   *     the model's version
   * @return the same directory
   * @throws dev.leaven.runtime.run.RunException when the run cannot be read
   * @throws ModelException when the directory is not empty or cannot be written
   */
  public Path to(Path directory) {
    ModelDirectory.requireFree(directory);
    try (TrainedModel model = TrainedModel.open(run, best ? Which.BEST : Which.LAST)) {
      Plan plan = model.plan();
      Stage stage = size.isPresent() ? model.stage().at(size.getAsInt()) : model.stage();
      ServedGraph served = new ServedGraph(plan, stage);
      FrozenGraph frozen = new FrozenGraph(served.graph(), name -> weights(model, name));
      byte[] graph = SavedModelGraph.of(frozen, served.signatures(), precision);
      ModelInfo info =
          new ModelInfo(
              ModelInfo.FORMAT,
              plan.data().task(),
              plan.data().classNames(),
              plan.data().channels(),
              stage.size(),
              plan.model().architecture().describe(),
              plan.model().normalize(),
              served.views(),
              served.combination(),
              served.embedding(),
              precision,
              frozen.folded(),
              model.run().history().size(),
              plan.recipeHash(),
              graph.length,
              ModelDirectory.sha256(new ByteArrayInputStream(graph)));
      ModelDirectory.write(directory, graph, assets(model, info));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("an array can be read", e);
    }
  }

  private static Map<String, String> assets(TrainedModel model, ModelInfo info) {
    Plan plan = model.plan();
    Map<String, Object> metrics = new LinkedHashMap<>();
    List<EpochReport> history = model.run().history();
    if (!history.isEmpty()) {
      EpochReport last = history.get(history.size() - 1);
      metrics.put("epoch", last.epoch());
      metrics.put("size", last.size());
      metrics.put("valid", last.scores());
      if (info.size() != last.size()) {
        metrics.put(
            "note",
            "the scores are of %d px, but this model sees %d px"
                .formatted(last.size(), info.size()));
      }
    }
    model.run().evaluatedAt().ifPresent(scores -> metrics.put("evaluatedAt", scores));
    model.run().tta().ifPresent(scores -> metrics.put("tta", scores));
    Map<String, String> assets = new LinkedHashMap<>();
    assets.put(ModelDirectory.INFO, TechniqueJson.writePretty(info) + "\n");
    assets.put("labels.txt", String.join("\n", plan.data().classNames()) + "\n");
    assets.put("recipe.json", plan.recipe() + "\n");
    assets.put("plan.txt", PlanText.of(plan));
    assets.put("statistics.json", TechniqueJson.writePretty(plan.model().normalize()) + "\n");
    assets.put("metrics.json", TechniqueJson.writePretty(metrics) + "\n");
    return assets;
  }

  private Weights weights(TrainedModel model, String name) {
    FloatBuffer values = model.weights().values().get(name);
    if (values == null) {
      throw new ModelException(
          "%s: its checkpoint has no %s, so it is not of the model that its plan names"
              .formatted(run, name),
          null);
    }
    float[] copy = new float[values.remaining()];
    values.duplicate().get(copy);
    return new Weights(model.weights().shapes().get(name).asArray(), copy);
  }
}
