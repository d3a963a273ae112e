package dev.leaven.runtime.train;

import dev.leaven.runtime.data.Loader;
import dev.leaven.runtime.data.Pipeline;
import dev.leaven.runtime.graph.Feeds;
import dev.leaven.runtime.graph.GraphAudit;
import dev.leaven.runtime.graph.Sessions;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.mix.Batch;
import dev.leaven.runtime.model.Layers;
import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.Schedule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * A plan as one TensorFlow graph and the one session that runs it, for all stages: height and width
 * are unknown to the graph, so that a stage only starts the pipeline at another size.
 *
 * <p>The pipeline feeds three branches that share their weights: training, plain inference, and
 * inference on augmented views.
 */
final class TrainingGraph implements AutoCloseable {

  /**
   * What a training step gave.
   *
   * @param loss the mean loss of the batch
   * @param top1 its {@link TrainingTop1}; 0 where images have no single class
   * @param waited seconds spent waiting for the batch
   */
  record Step(double loss, double top1, double waited) {}

  private final Plan plan;
  private final Graph graph = new Graph();
  private final Session session;
  private final Variables variables;
  private final BatchGraph batches;
  private final Placeholder<TFloat64> learningRate;
  private final Placeholder<TFloat64> momentum;
  private final Placeholder<TFloat64> count;
  private final Operand<TFloat32> loss;
  private final Operand<TFloat32> top1;
  private final Placeholder<TFloat64> stepBatches;
  private final Placeholder<TFloat64> averageWeight;
  private final Map<Optional<GroupRates>, WeightStep> weights = new HashMap<>();
  private final Op trial;
  private final InferenceGraph inference;
  private final Op initializeModel;
  private final Op clearSlots;

  TrainingGraph(Plan plan, Loader loader) {
    this.plan = plan;
    Ops tf = Ops.create(graph);
    variables = new Variables(tf);
    batches = new BatchGraph(tf, plan, loader);
    learningRate = scalar(tf, TFloat64.class);
    momentum = scalar(tf, TFloat64.class);
    count = scalar(tf, TFloat64.class);
    stepBatches = scalar(tf, TFloat64.class);
    averageWeight = scalar(tf, TFloat64.class);

    Ops training = tf.withSubScope("train");
    Batch batch = batches.training(training);
    Layers layers = new Layers(training, variables, batches.layers(training));
    Operand<TFloat32> logits = plan.logits(layers, batch.images());
    Operand<TFloat32> losses =
        plan.loss().perImage(training, logits, batches.smoothed(training, batch.targets()));
    loss =
        plan.classWeights().isPresent()
            ? plan.classWeights().get().mean(training, losses, batch.targets())
            : training.math.mean(losses, training.constant(new int[] {0}));
    top1 =
        plan.task() == Task.CLASSIFICATION
            ? TrainingTop1.of(training, logits, batch.targets())
            : training.constant(0f);
    List<Optimizer.Update> updates = differentiate(layers.trained());
    List<Op> trialParts = new ArrayList<>();
    updates.forEach(update -> trialParts.add(update.gradient()));
    trial = Variables.group(training, trialParts);
    Optimizer.Moment moment = new Optimizer.Moment(learningRate, momentum, count);
    Operand<TFloat32> batchesOfStep = training.dtypes.cast(stepBatches, TFloat32.class);
    Operand<TFloat32> weightOfAverage = training.dtypes.cast(averageWeight, TFloat32.class);
    ParameterGroups groups = new ParameterGroups(plan.model(), variables);
    for (Optional<GroupRates> rates :
        plan.stages().stream().map(Stage::groups).distinct().toList()) {
      weights.put(
          rates,
          new WeightStep(
              training.withSubScope("weights" + weights.size()),
              plan,
              variables,
              rates.map(r -> groups.learning(updates, r)).orElse(updates),
              layers.updates(),
              moment,
              batchesOfStep,
              weightOfAverage));
    }

    inference = new InferenceGraph(tf, plan, variables, batches);

    List<Variable> slots = variables.of(kind -> kind == Variable.Kind.SLOT);
    initializeModel =
        variables.initialize(variables.of(kind -> kind != Variable.Kind.SLOT), plan.seed());
    clearSlots = variables.initialize(slots, plan.seed());
    variables.prepareAccess();
    session = Sessions.open(graph, plan.precision());
  }

  private List<Optimizer.Update> differentiate(Map<Variable, Operand<TFloat32>> reads) {
    GraphAudit.check(graph, loss, reads.values());
    Output<?>[] inputs = reads.values().stream().map(Operand::asOutput).toArray(Output<?>[]::new);
    Output<?>[] gradients =
        graph.addGradients("gradients", new Output<?>[] {loss.asOutput()}, inputs, null);
    List<Optimizer.Update> updates = new ArrayList<>();
    int i = 0;
    for (Variable variable : reads.keySet()) {
      updates.add(new Optimizer.Update(variable, gradients[i++].expect(TFloat32.class)));
    }
    return updates;
  }

  private static <T extends org.tensorflow.types.family.TType> Placeholder<T> scalar(
      Ops tf, Class<T> type) {
    return tf.placeholder(type, Placeholder.shape(Shape.scalar()));
  }

  Session session() {
    return session;
  }

  Variables variables() {
    return variables;
  }

  /** The branches that judge, which share the weights. */
  InferenceGraph inference() {
    return inference;
  }

  Pipeline pipeline() {
    return batches.pipeline();
  }

  /**
   * Gives all variables their first values, those of the pretrained weights where there are such.
   *
   * @throws RunException when the pretrained weights cannot be read or are of another model
   */
  void initialize() {
    session.run(initializeModel);
    session.run(clearSlots);
    plan.pretrained().ifPresent(file -> variables.assign(session, Pretrained.values(file, plan)));
  }

  /** Clears the optimizer's memory. */
  void clearSlots() {
    session.run(clearSlots);
  }

  /**
   * Where a batch is in the run.
   *
   * @param size the side of the images that the model sees
   * @param batch its number in the whole run, from 0
   * @param ofStep its number in its optimizer step, from 0
   * @param batches of its optimizer step
   * @param mixed whether it is mixed, if the plan has mixing
   * @param memory optimizer steps since the optimizer's memory was cleared, this one included
   * @param rates the step's learning rate and momentum
   * @param averageWeight how far the average moves after the step, if the plan has one
   * @param groups how fast the parameter groups learn, one of the plan's stages'
   */
  record At(
      int size,
      long batch,
      int ofStep,
      int batches,
      boolean mixed,
      long memory,
      Schedule.Rates rates,
      double averageWeight,
      Optional<GroupRates> groups) {

    /** A later batch of the same optimizer step. */
    At batch(int number) {
      return new At(
          size, batch + number, number, batches, mixed, memory, rates, averageWeight, groups);
    }
  }

  /** Trains on the pipeline's next batch. */
  Step step(At at) {
    try (Feeds feeds =
            batches
                .feed(new Feeds(), at.size(), at.batch(), at.mixed())
                .put(count, (double) at.memory())
                .put(learningRate, at.rates().learningRate())
                .put(momentum, at.rates().momentum().orElse(plan.optimizer().momentum()))
                .put(stepBatches, (double) at.batches())
                .put(averageWeight, at.averageWeight());
        var result =
            feeds
                .runner(session)
                .addTarget(weights.get(at.groups()).of(WeightStep.part(at.ofStep(), at.batches())))
                .fetch(loss)
                .fetch(top1)
                .fetch(pipeline().waited())
                .run()) {
      return new Step(
          ((TFloat32) result.get(0)).getFloat(),
          ((TFloat32) result.get(1)).getFloat(),
          ((TFloat64) result.get(2)).getDouble());
    }
  }

  /** Computes every gradient of the pipeline's next batch and changes nothing. */
  void tryOut(int size) {
    try (Feeds feeds = batches.feed(new Feeds(), size, -1, true);
        var result = feeds.runner(session).addTarget(trial).run()) {
      result.size();
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
