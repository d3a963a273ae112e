package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.graph.FirstValues;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.run.Checkpoint;
import dev.leaven.runtime.internal.run.StepResult;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.mix.Batch;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.ScaledStep;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * A plan as one TensorFlow graph and the one session that runs it, for all stages: height and width
 * are unknown to the graph, so a stage only starts the pipeline at another size.
 *
 * <p>The pipeline feeds three branches that share their weights: training, plain inference, and
 * inference on augmented views.
 */
public final class TrainingGraph implements AutoCloseable {

  private final Plan plan;
  private final Graph graph = new Graph();
  private final Session session;
  private final Variables variables;
  private final BatchGraph batches;
  private final Placeholder<TFloat64> learningRate;
  private final Placeholder<TFloat64> momentum;
  private final Placeholder<TFloat64> count;
  private final Placeholder<TFloat64> stepBatches;
  private final Placeholder<TFloat64> averageWeight;
  private final Map<Optional<GroupRates>, Training> trainings;
  private final InferenceGraph inference;
  private final FirstValues ofModel;
  private final FirstValues ofSlots;
  private boolean slotsAreClear;

  private record Training(TrainingPass pass, WeightStep weights, Operand<TFloat32> trial) {}

  public TrainingGraph(Plan plan, Loader loader) {
    this.plan = plan;
    Ops tf = GraphOps.of(graph);
    variables = new Variables(tf);
    batches = new BatchGraph(tf, plan, loader);
    learningRate = scalar(tf, TFloat64.class);
    momentum = scalar(tf, TFloat64.class);
    count = scalar(tf, TFloat64.class);
    stepBatches = scalar(tf, TFloat64.class);
    averageWeight = scalar(tf, TFloat64.class);

    trainings = trainings(tf);
    inference = new InferenceGraph(tf, plan, variables, batches);

    List<Variable> slots = variables.of(kind -> kind == Variable.Kind.SLOT);
    ofModel = variables.firstValues(variables.of(kind -> kind != Variable.Kind.SLOT), plan.seed());
    ofSlots = variables.firstValues(slots, plan.seed());
    variables.prepareAccess();
    session = Sessions.open(graph, plan.step().precision());
  }

  // Stages that train alike share their operations.
  private Map<Optional<GroupRates>, Training> trainings(Ops tf) {
    Ops scope = tf.withSubScope("train");
    Batch batch = batches.training(scope);
    Operand<TFloat32> targets = batches.smoothed(scope, batch.targets());
    Optional<ScaledStep> scaling =
        plan.step().lossScale().map(rule -> new ScaledStep(rule, scope, variables));
    Optimizer.StepInputs all = new Optimizer.StepInputs(learningRate, momentum, count);
    Optimizer.StepInputs inputs = scaling.map(s -> s.inputs(scope, all)).orElse(all);
    Operand<TFloat32> batchesOfStep = scope.dtypes.cast(stepBatches, TFloat32.class);
    Operand<TFloat32> weightOfAverage = scope.dtypes.cast(averageWeight, TFloat32.class);
    ParameterGroups groups = new ParameterGroups(plan.model().architecture(), variables);
    Map<Integer, TrainingPass> passes = new HashMap<>();
    Map<Optional<GroupRates>, Training> made = new LinkedHashMap<>();
    for (Optional<GroupRates> rates :
        plan.stages().stream().map(Stage::groups).distinct().toList()) {
      String number = Integer.toString(made.size());
      TrainingPass pass =
          passes.computeIfAbsent(
              rates.map(GroupRates::groupsWithFrozenNorms).orElse(0),
              frozen ->
                  pass(
                      layers(
                          scope.withSubScope("pass" + number),
                          norm -> rates.filter(r -> groups.freezes(r, norm)).isPresent()),
                      batch,
                      targets,
                      scaling,
                      "gradients" + number));
      UnaryOperator<List<Optimizer.Update>> learning =
          every -> rates.map(r -> groups.learning(every, r)).orElse(every);
      Ops perturbed = scope.withSubScope("perturbed" + number);
      Map<Variable, Operand<TFloat32>> offsets = offsets(perturbed, learning.apply(pass.updates()));
      // Even where weights are perturbed, the statistics and the loss are those of the weights
      // themselves.
      TrainingPass moving =
          offsets.isEmpty()
              ? pass
              : pass(
                  pass.layers().perturbed(perturbed, offsets),
                  batch,
                  targets,
                  scaling,
                  "gradientsPerturbed" + number);
      List<Optimizer.Update> updates = learning.apply(moving.updates());
      WeightStep weights =
          new WeightStep(
              scope.withSubScope("weights" + number),
              plan,
              variables,
              updates,
              pass.statistics(),
              inputs,
              batchesOfStep,
              weightOfAverage,
              scaling);
      // Fetched as a value, because TensorFlow omits what is not fetched.
      List<Operand<TFloat32>> lengths =
          updates.stream()
              .<Operand<TFloat32>>map(update -> scope.nn.l2Loss(update.gradient()))
              .toList();
      Operand<TFloat32> trial = scope.math.addN(lengths);
      made.put(rates, new Training(pass, weights, trial));
    }
    return made;
  }

  private Layers layers(Ops tf, Predicate<String> frozenNorms) {
    return new Layers(tf, variables, batches.layers(tf), frozenNorms).in(plan.step().precision());
  }

  private TrainingPass pass(
      Layers layers,
      Batch batch,
      Operand<TFloat32> targets,
      Optional<ScaledStep> scaling,
      String gradients) {
    return TrainingPass.of(graph, plan, layers, batch, targets, scaling, gradients);
  }

  private Map<Variable, Operand<TFloat32>> offsets(Ops tf, List<Optimizer.Update> updates) {
    List<Operand<TFloat32>> values = plan.step().optimizer().offsets(tf, updates);
    Map<Variable, Operand<TFloat32>> offsets = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      offsets.put(updates.get(i).variable(), values.get(i));
    }
    return offsets;
  }

  private static <T extends org.tensorflow.types.family.TType> Placeholder<T> scalar(
      Ops tf, Class<T> type) {
    return tf.placeholder(type, Placeholder.shape(Shape.scalar()));
  }

  public Session session() {
    return session;
  }

  public Variables variables() {
    return variables;
  }

  /** The branches for evaluation, which share the weights. */
  public InferenceGraph inference() {
    return inference;
  }

  public Pipeline pipeline() {
    return batches.pipeline();
  }

  /**
   * Gives all variables their initial values; pretrained weights are used where there are any.
   *
   * @throws RunException when the pretrained weights cannot be read or are for another model
   */
  public void initialize() {
    ofModel.give(session);
    clearSlots();
    plan.model()
        .pretrained()
        .ifPresent(file -> variables.assign(session, Pretrained.values(file, plan)));
  }

  /**
   * Continues from a checkpoint.
   *
   * @throws RunException when the variables do not match those of the checkpoint
   */
  public void restore(Checkpoint checkpoint, Path file) {
    slotsAreClear = false;
    checkpoint.restore(file, session, variables);
  }

  /** Clears the optimizer's slots, unless no step was taken since they were last cleared. */
  public void clearSlots() {
    if (!slotsAreClear) {
      ofSlots.give(session);
      slotsAreClear = true;
    }
  }

  /** Trains on the pipeline's next batch. */
  public StepResult step(StepContext at) {
    slotsAreClear = false;
    Training training = training(at.groups());
    WeightStep.BatchStep part = training.weights().of(WeightStep.part(at.ofStep(), at.batches()));
    try (Feeds feeds =
            batches
                .feed(new Feeds(), at.size(), at.batch(), at.mixed())
                .put(count, (double) at.count())
                .put(learningRate, at.rates().learningRate())
                .put(momentum, at.rates().momentum().orElse(plan.step().optimizer().momentum()))
                .put(stepBatches, (double) at.batches())
                .put(averageWeight, at.averageWeight());
        var result =
            feeds
                .runner(session)
                .addTarget(part.operation())
                .fetch(training.pass().loss())
                .fetch(training.pass().top1())
                .fetch(pipeline().waited())
                .fetch(part.taken())
                .run()) {
      return new StepResult(
          ((TFloat32) result.get(0)).getFloat(),
          ((TFloat32) result.get(1)).getFloat(),
          ((TFloat64) result.get(2)).getDouble(),
          ((TFloat32) result.get(3)).getFloat() == 0);
    }
  }

  private Training training(Optional<GroupRates> groups) {
    return Objects.requireNonNull(trainings.get(groups), "a stage of another plan");
  }

  /** Computes every gradient of the pipeline's next batch and changes nothing. */
  public void tryOut(Stage stage) {
    try (Feeds feeds = batches.feed(new Feeds(), stage.size(), -1, true);
        var result = feeds.runner(session).fetch(training(stage.groups()).trial()).run()) {
      result.size();
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
