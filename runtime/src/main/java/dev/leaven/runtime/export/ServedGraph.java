package dev.leaven.runtime.export;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * A trained model as a graph with signatures, its weights still variables.
 *
 * <p>The same code as in evaluation computes the predictions; the signatures follow TensorFlow
 * Serving's conventions.
 */
final class ServedGraph {

  /** The signature for the bytes of image files. */
  static final String FILES = "serving_default";

  /** The signature for pixels. */
  static final String PIXELS = "pixels";

  /** The signature for the bytes of image files, with test-time augmentation. */
  static final String TTA_FILES = "tta_bytes";

  /** The signature for pixels, with test-time augmentation. */
  static final String TTA_PIXELS = "tta_pixels";

  /** The signature that gives the input of the last layer. */
  static final String EMBEDDINGS = "embeddings";

  private static final String METHOD = "tensorflow/serving/predict";

  private final Plan plan;
  private final ImageViews views;
  private final Variables variables;
  private final Ops tf;
  private final Map<String, SignatureDef> signatures = new LinkedHashMap<>();
  private final GraphDef graph;
  private int embedding;

  private record Model(Operand<TFloat32> answers, Optional<Operand<TFloat32>> embeddings) {}

  /**
   * Builds the graph.
   *
   * @param plan the plan of the trained model
   * @param stage the stage that defines the image size
   */
  ServedGraph(Plan plan, Stage stage) {
    this.plan = plan;
    views = new ImageViews(plan, stage);
    try (Graph made = new Graph()) {
      tf = GraphOps.of(made);
      variables = plan.step().evaluated(new Variables(tf));
      Placeholder<TString> files =
          tf.withName("image_bytes").placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
      Placeholder<TUint8> pixels =
          tf.withName("images")
              .placeholder(
                  TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, plan.data().channels())));
      Model ofFiles = model(tf.withSubScope("files"), views.centre(tf, files));
      sign(FILES, "image_bytes", files, answers(ofFiles.answers()));
      Model ofPixels = model(tf.withSubScope("pixels"), views.centre(tf, pixels));
      sign(PIXELS, "images", pixels, answers(ofPixels.answers()));
      Operand<TFloat32> manyOfFiles =
          combined(tf.withSubScope("tta_files"), files, ofFiles.answers());
      sign(TTA_FILES, "image_bytes", files, answers(manyOfFiles));
      Operand<TFloat32> manyOfPixels =
          combined(tf.withSubScope("tta_pixels"), pixels, ofPixels.answers());
      sign(TTA_PIXELS, "images", pixels, answers(manyOfPixels));
      ofFiles
          .embeddings()
          .ifPresent(
              output -> {
                embedding = (int) output.shape().get(1);
                sign(EMBEDDINGS, "image_bytes", files, Map.of("embeddings", output));
              });
      graph = made.toGraphDef();
    }
  }

  /** The graph. */
  GraphDef graph() {
    return graph;
  }

  /** The signatures by their names. */
  Map<String, SignatureDef> signatures() {
    return signatures;
  }

  /** The length of an embedding, or 0 if the model has none. */
  int embedding() {
    return embedding;
  }

  /** The number of views of an image in test-time augmentation, the plain one included. */
  int views() {
    return views.count() + 1;
  }

  /** How they are combined, in words. */
  String combination() {
    return plan.evaluation().tta().isPresent()
        ? views.combination().describe()
        : "the mean of the image and its mirror image";
  }

  private Model model(Ops at, Operand<TFloat32> normal) {
    Operand<TFloat32> logits = plan.logits(new Layers(at, variables, false).portable(), normal);
    return new Model(plan.answers(at, logits), lastInput(logits));
  }

  // For models that end in a dense layer, as all of Leaven's own do.
  private static Optional<Operand<TFloat32>> lastInput(Operand<TFloat32> logits) {
    GraphOperation operation = (GraphOperation) logits.op();
    if (operation.type().equals("BiasAdd")) {
      operation = (GraphOperation) operation.input(0).op();
    }
    if (!operation.type().equals("MatMul")) {
      return Optional.empty();
    }
    Output<TFloat32> input = operation.input(0).expect(TFloat32.class);
    return input.shape().numDimensions() == 2 && input.shape().get(1) > 0
        ? Optional.of(input)
        : Optional.empty();
  }

  private Operand<TFloat32> combined(
      Ops at, Operand<? extends TType> images, Operand<TFloat32> plain) {
    TestTimeViews tta = views.combination();
    int outputs = plan.data().classNames().size();
    List<Operand<TFloat32>> all = new ArrayList<>();
    for (ImageViews.Group group : views.views(at, images)) {
      Operand<TFloat32> answers =
          model(at.withSubScope("views" + all.size()), group.images()).answers();
      all.add(at.reshape(answers, at.array(-1, group.count(), outputs)));
    }
    Operand<TFloat32> each = all.size() == 1 ? all.get(0) : at.concat(all, at.constant(1));
    if (tta.max()) {
      Operand<TFloat32> highest = at.reduceMax(each, at.array(1), ReduceMax.keepDims(false));
      return at.math.maximum(plain, highest);
    }
    Operand<TFloat32> mean = at.math.mean(each, at.array(1));
    return at.math.add(
        at.math.mul(plain, at.constant((float) tta.beta())),
        at.math.mul(mean, at.constant((float) (1 - tta.beta()))));
  }

  private Map<String, Operand<?>> answers(Operand<TFloat32> answers) {
    Map<String, Operand<?>> outputs = new LinkedHashMap<>();
    Operand<TString> names = tf.array(plan.data().classNames().toArray(new String[0]));
    Operand<TInt64> images = tf.slice(tf.shape(answers, TInt64.class), tf.array(0L), tf.array(1L));
    outputs.put(
        "labels",
        tf.tile(
            tf.expandDims(names, tf.constant(0)),
            tf.concat(List.of(images, tf.array(1L)), tf.constant(0))));
    if (plan.data().task() == Task.REGRESSION) {
      outputs.put("values", answers);
      return outputs;
    }
    outputs.put("probabilities", answers);
    Operand<TInt64> best = tf.math.argMax(answers, tf.constant(1));
    outputs.put("class", best);
    outputs.put("label", tf.gather(names, best, tf.constant(0)));
    return outputs;
  }

  private void sign(
      String name, String inputName, Operand<?> input, Map<String, Operand<?>> outputs) {
    SignatureDef.Builder signature =
        SignatureDef.newBuilder().setMethodName(METHOD).putInputs(inputName, info(input));
    outputs.forEach((key, output) -> signature.putOutputs(key, info(output)));
    signatures.put(name, signature.build());
  }

  private static TensorInfo info(Operand<?> operand) {
    Output<?> output = operand.asOutput();
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : output.shape().asArray()) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorInfo.newBuilder()
        .setName(output.op().name() + ":" + output.index())
        .setDtype(type(output))
        .setTensorShape(shape)
        .build();
  }

  private static DataType type(Output<?> output) {
    Class<?> type = output.type();
    if (type == TFloat32.class) {
      return DataType.DT_FLOAT;
    }
    if (type == TInt64.class) {
      return DataType.DT_INT64;
    }
    return type == TUint8.class ? DataType.DT_UINT8 : DataType.DT_STRING;
  }
}
