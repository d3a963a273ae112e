package dev.leaven.runtime.optimize;

import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.optimize.Optimizer.StepInputs;
import dev.leaven.runtime.optimize.Optimizer.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** A {@link LossScale} in the training graph: the scale, and steps that are taken or skipped. */
public final class ScaledStep {

  private final LossScale rule;
  private final Variable scale;
  private final Variable good;
  private final Variable skipped;
  private final Operand<TFloat32> scaleNow;
  private final Operand<TFloat32> goodNow;
  private final Operand<TFloat32> skippedNow;

  /**
   * A step that may be skipped.
   *
   * @param operation takes it or not, and moves the scale
   * @param taken 1 when all gradients are finite, else 0
   */
  public record Step(Op operation, Operand<TFloat32> taken) {}

  /**
   * Makes the variables.
   *
   * @param rule how the scale moves
   * @param tf where they are read
   * @param variables where they are made
   */
  public ScaledStep(LossScale rule, Ops tf, Variables variables) {
    this.rule = rule;
    scale = scalar(variables, "loss_scale", Variable.Kind.RUN, rule.initial());
    good = scalar(variables, "loss_scale.steps_taken", Variable.Kind.RUN, 0);
    // The optimizer's own count restarts with its slots.
    skipped = scalar(variables, "loss_scale.steps_skipped", Variable.Kind.SLOT, 0);
    scaleNow = scale.read(tf);
    goodNow = good.read(tf);
    skippedNow = skipped.read(tf);
  }

  private static Variable scalar(
      Variables variables, String name, Variable.Kind kind, double first) {
    return variables.get(name, Shape.scalar(), kind, Initializer.constant(first));
  }

  /**
   * The loss as it is differentiated.
   *
   * @param tf where the operation goes
   * @param loss a scalar
   * @return a scalar
   */
  public Operand<TFloat32> scaled(Ops tf, Operand<TFloat32> loss) {
    return tf.math.mul(loss, scaleNow);
  }

  /**
   * The gradients of the loss itself.
   *
   * @param tf where the operations go
   * @param updates with the gradients of the scaled loss
   * @return the same weights
   */
  public List<Update> unscaled(Ops tf, List<Update> updates) {
    return updates.stream()
        .map(update -> update.gradient(tf.math.div(update.gradient(), scaleNow)))
        .toList();
  }

  /**
   * The inputs of the optimizer's step, whose count is of the steps that were taken.
   *
   * @param tf where the operations go
   * @param inputs counts all steps
   * @return the same rates
   */
  public StepInputs inputs(Ops tf, StepInputs inputs) {
    return new StepInputs(
        inputs.learningRate(),
        inputs.momentum(),
        tf.math.sub(inputs.count(), tf.dtypes.cast(skippedNow, TFloat64.class)));
  }

  /**
   * A step that is taken if all gradients are finite.
   *
   * @param tf where the operations go
   * @param updates with the gradients of the loss itself
   * @param take creates the operation that takes the step, at the place given to it
   * @return to be run for every step
   */
  public Step step(Ops tf, List<Update> updates, BiFunction<Ops, List<Update>, Op> take) {
    Operand<TBool> finite = finite(tf, updates);
    // TensorFlow's switch runs only one branch. Operations that depend on the other branch do not
    // run either.
    SwitchCond<TBool> gate = tf.switchCond(finite, finite);
    Ops at = tf.withControlDependencies(tf.identity(gate.outputTrue()));
    List<Update> held = updates.stream().map(u -> u.gradient(at.identity(u.gradient()))).toList();
    Operand<TBool> done =
        tf.withControlDependencies(take.apply(at, held)).identity(gate.outputTrue());
    Op either = tf.merge(List.of(gate.outputFalse(), done));
    Operand<TFloat32> taken = tf.dtypes.cast(finite, TFloat32.class);
    List<Op> parts = new ArrayList<>(moves(tf, finite, taken));
    parts.add(either);
    return new Step(Variables.group(tf, parts), taken);
  }

  private List<Op> moves(Ops tf, Operand<TBool> finite, Operand<TFloat32> taken) {
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> inARow = tf.math.mul(taken, tf.math.add(goodNow, one));
    Operand<TFloat32> doubled = tf.math.mul(scaleNow, tf.constant(2f));
    Operand<TBool> due = tf.math.greaterEqual(inARow, tf.constant((float) rule.interval()));
    Operand<TFloat32> larger =
        tf.select(tf.math.logicalAnd(due, tf.math.isFinite(doubled)), doubled, scaleNow);
    Operand<TFloat32> next = tf.select(finite, larger, tf.math.mul(scaleNow, tf.constant(0.5f)));
    return List.of(
        tf.assignVariableOp(scale.handle(), next),
        tf.assignVariableOp(good.handle(), tf.select(due, tf.constant(0f), inARow)),
        tf.assignVariableOp(skipped.handle(), tf.math.add(skippedNow, tf.math.sub(one, taken))));
  }

  private static Operand<TBool> finite(Ops tf, List<Update> updates) {
    List<Operand<TBool>> each = new ArrayList<>();
    for (Update update : updates) {
      int[] axes = IntStream.range(0, update.variable().shape().numDimensions()).toArray();
      each.add(tf.reduceAll(tf.math.isFinite(update.gradient()), tf.constant(axes)));
    }
    return tf.reduceAll(tf.stack(each), tf.constant(new int[] {0}));
  }
}
