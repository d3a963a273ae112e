package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Lookahead (Zhang et al. 2019, "Lookahead optimizer: k steps forward, 1 step back") around any
 * optimizer, as in fastai: slow weights begin as copies, and after every k-th step {@code slow ←
 * slow + α·(p - slow)} and {@code p ← slow}.
 *
 * <p>Effect: steadier, and less dependent on the learning rate. Cost: a copy of the weights in
 * memory, and two passes over them in every k-th step.
 *
 * @param of takes the steps; not a Lookahead itself
 * @param k steps forward, at least 1; 6 by default
 * @param alpha α, how far the slow weights follow, above 0 and at most 1; 0.5 by default
 */
public record Lookahead(Optimizer of, int k, double alpha) implements Optimizer {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range, or {@code of} looks
   *     ahead already
   */
  public Lookahead {
    Objects.requireNonNull(of, "of");
    Check.atLeast("lookahead", "k", k, 1);
    Check.positive("lookahead", "alpha", alpha);
    Check.range("lookahead", "alpha", alpha, 0, 1);
    if (of instanceof Lookahead || of instanceof Ranger) {
      throw new IllegalArgumentException(
          "lookahead: %s looks ahead already; give the optimizer in it"
              .formatted(of.getClass().getSimpleName()));
    }
  }

  /**
   * With fastai's defaults: 6 and 0.5.
   *
   * @param of takes the steps
   */
  public Lookahead(Optimizer of) {
    this(of, 6, 0.5);
  }

  @Override
  public double momentum() {
    return of.momentum();
  }

  @Override
  public Lookahead weightDecay(double weightDecay) {
    return new Lookahead(of.weightDecay(weightDecay), k, alpha);
  }

  @Override
  public List<Operand<TFloat32>> offsets(Ops tf, List<Update> updates) {
    return of.offsets(tf, updates);
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    StepGraph graph = new StepGraph(tf, variables, inputs, 0);
    Op copied =
        when(
            tf,
            tf.math.equal(inputs.count(), tf.constant(1.0)),
            updates,
            (at, update) ->
                List.of(
                    at.assignVariableOp(slow(graph, update).handle(), update.variable().read(at))));

    // No optimizer moves a weight before its gradient is there, so the copies come first.
    Ops after = tf.withControlDependencies(copied);
    List<Update> held =
        updates.stream().map(u -> u.gradient(after.identity(u.gradient()))).toList();
    Op stepped = of.step(tf, variables, held, inputs);

    Ops then = tf.withControlDependencies(stepped);
    Operand<TFloat64> rest = then.math.floorMod(inputs.count(), then.constant((double) k));
    return when(
        then,
        then.math.equal(rest, then.constant(0.0)),
        updates,
        (at, update) -> {
          Operand<TFloat32> before = slow(graph, update).read(at);
          Operand<TFloat32> way = at.math.sub(update.variable().read(at), before);
          Operand<TFloat32> meeting =
              at.math.add(before, at.math.mul(way, at.constant((float) alpha)));
          return List.of(
              at.assignVariableOp(slow(graph, update).handle(), meeting),
              at.assignVariableOp(update.variable().handle(), meeting));
        });
  }

  private static Variable slow(StepGraph graph, Update update) {
    return graph.slot(update, "lookahead.slow");
  }

  // TensorFlow's switch runs only one branch, so that other steps do not touch the weights.
  // Operations that depend on a branch that did not run do not run either, until both branches are
  // merged.
  private static Op when(
      Ops tf,
      Operand<TBool> condition,
      List<Update> updates,
      BiFunction<Ops, Update, List<Op>> operations) {
    SwitchCond<TBool> gate = tf.switchCond(condition, condition);
    Ops at = tf.withControlDependencies(tf.identity(gate.outputTrue()));
    List<Op> all = new ArrayList<>();
    updates.forEach(update -> all.addAll(operations.apply(at, update)));
    Operand<TBool> done = tf.withControlDependencies(all).identity(gate.outputTrue());
    return tf.merge(List.of(gate.outputFalse(), done));
  }

  @Override
  public String describe() {
    return "%s; lookahead: slow weights follow by %s after every %d steps"
        .formatted(of.describe(), Check.number(alpha), k);
  }
}
