package dev.leaven.runtime.interpret;

import dev.leaven.runtime.data.DataException;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.graph.GraphAudit;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.pipeline.DecodeCheck;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.step.ModelInput;
import dev.leaven.runtime.internal.step.ViewCrop;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.internal.tensorflow.TensorFlowErrors;
import dev.leaven.runtime.internal.tensorflow.Values;
import dev.leaven.runtime.machine.Machine;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * Grad-CAM (Selvaraju et al. 2017, "Grad-CAM: Visual Explanations from Deep Networks via
 * Gradient-based Localization"): the places in an image that support a model's prediction.
 *
 * <p>Let {@code A} be the last features that have a position in the image ({@link Layers#features})
 * and {@code y} the logit of the prediction. The weight of a channel is {@code α = mean over the
 * places of ∂y/∂A}, and the map is {@code max(0, Σ over the channels of α·A)}.
 *
 * <p>The model computes it in inference mode, in float32. Cost: one forward pass and a small part
 * of a backward one for each image, and a second to build the graph. The map is as coarse as the
 * features: 7×7 for a ResNet at 224 px.
 */
public final class GradCam implements AutoCloseable {

  private final Plan plan;
  private final Samples samples;
  private final Graph graph;
  private final Loader loader;
  private final Session session;
  private final Pipeline pipeline;
  private final Placeholder<TInt32> wanted;
  private final Operand<TFloat32> heat;

  /**
   * Builds the graph.
   *
   * @param plan defines the model and how its images are loaded
   * @param weights the checkpoint's arrays by the names of variables; the averaged ones are used
   *     where the plan has averaging
   * @param samples the source of the images
   */
  public GradCam(Plan plan, Map<String, FloatBuffer> weights, Samples samples) {
    this.plan = plan;
    this.samples = samples;
    Machine.ofProcess().use(plan.decide());
    graph = new Graph();
    Ops tf = GraphOps.of(graph);
    loader = Loader.of(samples, plan.data().channels(), plan.image().itemResize());
    pipeline = new Pipeline(tf, loader);
    wanted = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    Variables variables = new Variables(tf);
    Layers layers = new Layers(tf, plan.step().evaluated(variables), false);
    Operand<TFloat32> logits = plan.logits(layers, ModelInput.plain(tf, plan, pipeline.images()));
    heat = heat(graph, tf, layers.features(), logits, wanted);
    session = Sessions.open(graph, Precision.FLOAT32);
    variables.assign(session, weights);
  }

  /**
   * Builds the maps of a batch.
   *
   * @param features {@code [batch, height, width, channels]}, on which the logits depend
   * @param logits {@code [batch, outputs]}; the logits of an image depend on that image alone
   * @param wanted the output to explain, for each image
   * @return {@code [batch, height, width]}
   */
  static Operand<TFloat32> heat(
      Graph graph,
      Ops tf,
      Operand<TFloat32> features,
      Operand<TFloat32> logits,
      Operand<TInt32> wanted) {
    Operand<TInt32> outputs = tf.gather(tf.shape(logits), tf.constant(1), tf.constant(0));
    Operand<TFloat32> chosen = tf.oneHot(wanted, outputs, tf.constant(1f), tf.constant(0f));
    Operand<TFloat32> sum =
        tf.reduceSum(tf.math.mul(logits, chosen), tf.constant(new int[] {0, 1}));
    GraphAudit.check(graph, sum, List.of(features), Precision.FLOAT32);
    Operand<TFloat32> gradient =
        graph
            .addGradients(
                "grad_cam",
                new Output<?>[] {sum.asOutput()},
                new Output<?>[] {features.asOutput()},
                null)[0]
            .expect(TFloat32.class);
    Operand<TFloat32> alpha =
        tf.math.mean(gradient, tf.constant(new int[] {1, 2}), Mean.keepDims(true));
    return tf.nn.relu(
        tf.reduceSum(tf.math.mul(alpha, features), tf.constant(3), ReduceSum.keepDims(false)));
  }

  /**
   * Explains one image in its centre view, as in validation.
   *
   * @param image its number in the samples
   * @param output the class, or the number, to explain
   * @param stage the stage of the plan that defines the size
   * @return the image and the map
   * @throws DataException when the image no longer exists or cannot be decoded
   */
  public HeatMap of(int image, int output, Stage stage) {
    // Only the requested images go into native memory, not the paths of a million files.
    Samples one = samples.pick(new int[] {image});
    ViewCrop centre = ViewCrop.centre(stage);
    Pipeline.Pass pass =
        new Pipeline.Pass(
            new int[] {0}, 1, false, centre.square(), centre.fraction(), false, plan.seed());
    try (Loader.Opened opened = loader.open(one);
        Feeds feeds = new Feeds().make(wanted, TInt32.vectorOf(output))) {
      pipeline.start(session, opened, pass);
      try (var result = feeds.runner(session).fetch(pipeline.images()).fetch(heat).run()) {
        TFloat32 map = (TFloat32) result.get(1);
        return new HeatMap(
            image,
            output,
            stage.size(),
            plan.data().channels(),
            Values.of((TUint8) result.get(0)),
            Math.toIntExact(map.shape().get(1)),
            Math.toIntExact(map.shape().get(2)),
            Values.of(map));
      } catch (RuntimeException e) {
        if (TensorFlowErrors.isOne(e) && one instanceof Samples.Files files) {
          SortedMap<Integer, String> damaged =
              DecodeCheck.damaged(session, pipeline, opened, files, pass);
          if (!damaged.isEmpty()) {
            throw new DataException("%s %s".formatted(files.paths().get(0), damaged.get(0)), e);
          }
        }
        throw e;
      }
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
