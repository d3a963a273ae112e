package dev.leaven.runtime.export;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.graph.SafeTensors;
import dev.leaven.runtime.train.EpochReport;
import dev.leaven.runtime.train.Plan;
import dev.leaven.runtime.train.PlanText;
import dev.leaven.runtime.train.Run;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

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

  private static final String INITIALIZER = "restore_weights";

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
   * Begins to export a run's model: that of its last checkpoint, in float32, for images as large as
   * those of its last stage.
   *
   * @param run a finished or an interrupted run
   * @return what can be written with {@link #to}
   */
  public static Export of(Run run) {
    return of(run.directory());
  }

  /**
   * Begins to export the model of a run that lies in a directory.
   *
   * @param run the run's directory
   * @return what can be written with {@link #to}
   */
  public static Export of(Path run) {
    return new Export(run, OptionalInt.empty(), false, WeightPrecision.FLOAT32);
  }

  /**
   * The same for images of another size; somewhat larger ones than the model was trained on are
   * often judged better (Touvron et al. 2019, "Fixing the train-test resolution discrepancy").
   *
   * @param size the side of the images that the model sees, in pixels, at least 16
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
   * The same with its weights stored otherwise.
   *
   * @param precision float32 if unsaid
   * @return a new export
   */
  public Export precision(WeightPrecision precision) {
    return new Export(run, size, best, precision);
  }

  /**
   * Writes the model.
   *
   * @param directory a new or an empty directory; TensorFlow Serving wants it to be named by a
   *     number, the model's version
   * @return the same directory
   * @throws dev.leaven.runtime.train.RunException when the run cannot be read
   * @throws ModelException when the directory is taken or cannot be written
   */
  public Path to(Path directory) {
    ModelDirectory.requireFree(directory);
    try {
      SafeTensors arrays =
          SafeTensors.read(run.resolve(best ? "best" : "last").resolve("checkpoint.safetensors"));
      Plan plan = TechniqueJson.read(arrays.metadata().getOrDefault("plan", "{}"), Plan.class);
      int last = plan.stages().get(plan.stages().size() - 1).size();
      return write(
          directory, plan, name -> weights(arrays, name), List.of(), size.orElse(last), precision);
    } catch (IOException e) {
      throw new ModelException("%s cannot be read: %s".formatted(run, e.getMessage()), e);
    }
  }

  private static Weights weights(SafeTensors arrays, String name) {
    FloatBuffer values = arrays.values().get(name);
    if (values == null) {
      throw new ModelException(
          "the checkpoint has no %s, so it is not of the model that its plan names".formatted(name),
          null);
    }
    float[] copy = new float[values.remaining()];
    values.duplicate().get(copy);
    return new Weights(arrays.shapes().get(name).asArray(), copy);
  }

  /**
   * Writes a model.
   *
   * @param plan what was trained
   * @param arrays the values of its variables
   * @param history its epochs
   */
  static Path write(
      Path directory,
      Plan plan,
      Function<String, Weights> arrays,
      List<EpochReport> history,
      int size,
      WeightPrecision stored) {
    ServedGraph served = new ServedGraph(plan, size);
    FrozenGraph frozen = new FrozenGraph(served.graph(), arrays);
    GraphDef graph = frozen.graph(outputs(served.signatures()), stored, INITIALIZER);
    byte[] file = savedModel(graph, served.signatures()).toByteArray();
    Optional<Scores> scores =
        history.isEmpty()
            ? Optional.empty()
            : Optional.of(history.get(history.size() - 1).scores());
    ImageViews views = new ImageViews(plan, size);
    ModelInfo info =
        new ModelInfo(
            ModelInfo.FORMAT,
            plan.task(),
            plan.classNames(),
            plan.channels(),
            size,
            plan.model().describe(),
            plan.normalize(),
            views.count() + 1,
            plan.tta().isPresent()
                ? views.combination().describe()
                : "the mean of the image and its mirror image",
            served.embedding(),
            stored,
            frozen.folded(),
            history.size(),
            scores,
            plan.recipeHash(),
            file.length,
            sha256(file));
    Map<String, String> assets = new LinkedHashMap<>();
    assets.put(ModelDirectory.INFO, TechniqueJson.writePretty(info) + "\n");
    assets.put("labels.txt", ModelDirectory.lines(plan.classNames()));
    assets.put("recipe.json", plan.recipe() + "\n");
    assets.put("plan.txt", PlanText.of(plan));
    assets.put("statistics.json", TechniqueJson.writePretty(plan.normalize()) + "\n");
    assets.put(
        "metrics.json",
        TechniqueJson.writePretty(scores.map(Export::metrics).orElse(Map.of())) + "\n");
    ModelDirectory.write(directory, file, assets);
    return directory;
  }

  private static Map<String, Object> metrics(Scores scores) {
    return Map.of("valid", scores);
  }

  private static Set<String> outputs(Map<String, SignatureDef> signatures) {
    return signatures.values().stream()
        .flatMap(
            signature ->
                java.util.stream.Stream.concat(
                    signature.getInputsMap().values().stream(),
                    signature.getOutputsMap().values().stream()))
        .map(tensor -> tensor.getName().substring(0, tensor.getName().indexOf(':')))
        .collect(Collectors.toSet());
  }

  private static SavedModel savedModel(GraphDef graph, Map<String, SignatureDef> signatures) {
    MetaGraphDef.Builder meta =
        MetaGraphDef.newBuilder()
            .setMetaInfoDef(
                MetaGraphDef.MetaInfoDef.newBuilder()
                    .addTags("serve")
                    .setTensorflowVersion(org.tensorflow.TensorFlow.version()))
            .setGraphDef(graph)
            .putAllSignatureDef(signatures);
    if (graph.getNodeList().stream().anyMatch(node -> node.getName().equals(INITIALIZER))) {
      // Where loaders look for what is to be run once.
      meta.putCollectionDef(
          "saved_model_main_op",
          CollectionDef.newBuilder()
              .setNodeList(CollectionDef.NodeList.newBuilder().addValue(INITIALIZER))
              .build());
    }
    return SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(meta).build();
  }

  private static String sha256(byte[] file) {
    try {
      return ModelDirectory.sha256(new ByteArrayInputStream(file));
    } catch (IOException e) {
      throw new IllegalStateException("an array can be read", e);
    }
  }
}
