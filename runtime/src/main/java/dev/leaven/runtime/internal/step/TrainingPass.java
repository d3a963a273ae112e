package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.internal.graph.GraphAudit;
import dev.leaven.runtime.mix.Batch;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.ScaledStep;
import dev.leaven.runtime.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The forward and backward pass of a batch in training: the loss, and its gradient by each weight.
 *
 * @param layers the layers of the pass
 * @param loss the mean loss of the batch
 * @param top1 its {@link TrainingTop1}; 0 where images have no single class
 * @param updates every weight with its gradient
 */
record TrainingPass(
    Layers layers, Operand<TFloat32> loss, Operand<TFloat32> top1, List<Optimizer.Update> updates) {

  /** The operations that update the norms' running statistics. */
  List<Op> statistics() {
    return layers.updates();
  }

  /**
   * Builds a pass.
   *
   * @param graph the graph of the pass
   * @param plan defines the model and the loss
   * @param layers layers for this pass only; they define where the operations go
   * @param batch the batch as the model sees it
   * @param targets the batch's targets, smoothed
   * @param scaling the scaling of the loss while it is differentiated, if there is one
   * @param name the name of the gradients in the graph, used once
   */
  static TrainingPass of(
      Graph graph,
      Plan plan,
      Layers layers,
      Batch batch,
      Operand<TFloat32> targets,
      Optional<ScaledStep> scaling,
      String name) {
    Ops tf = layers.tf();
    Operand<TFloat32> logits = plan.logits(layers, batch.images());
    Operand<TFloat32> losses = plan.target().loss().perImage(tf, logits, targets);
    Operand<TFloat32> loss =
        plan.target().classWeights().isPresent()
            ? plan.target().classWeights().get().mean(tf, losses, batch.targets())
            : tf.math.mean(losses, tf.constant(new int[] {0}));
    Operand<TFloat32> top1 =
        plan.data().task() == Task.CLASSIFICATION
            ? TrainingTop1.of(tf, logits, batch.targets())
            : tf.constant(0f);
    Operand<TFloat32> scaled = scaling.map(s -> s.scaled(tf, loss)).orElse(loss);
    List<Optimizer.Update> updates = differentiate(graph, plan, scaled, layers.trained(), name);
    return new TrainingPass(
        layers, loss, top1, scaling.map(s -> s.unscaled(tf, updates)).orElse(updates));
  }

  private static List<Optimizer.Update> differentiate(
      Graph graph,
      Plan plan,
      Operand<TFloat32> loss,
      Map<Variable, Operand<TFloat32>> reads,
      String name) {
    GraphAudit.check(graph, loss, reads.values(), plan.step().precision());
    Output<?>[] inputs = reads.values().stream().map(Operand::asOutput).toArray(Output<?>[]::new);
    Output<?>[] gradients =
        graph.addGradients(name, new Output<?>[] {loss.asOutput()}, inputs, null);
    List<Optimizer.Update> updates = new ArrayList<>();
    int i = 0;
    for (Variable variable : reads.keySet()) {
      updates.add(new Optimizer.Update(variable, gradients[i++].expect(TFloat32.class)));
    }
    return updates;
  }
}
