package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.ScaledStep;
import dev.leaven.runtime.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * Applies a batch's gradients to the weights: they are summed until the last batch of an optimizer
 * step, averaged, clipped, and given to the optimizer; then the average of the weights is updated.
 */
final class WeightStep {

  /** The position of a batch within its step. */
  enum Part {
    /** The only one. */
    ALONE,
    /** The first of several. */
    FIRST,
    /** Neither the first nor the last. */
    MORE,
    /** The last of several. */
    LAST
  }

  /**
   * The effect of a batch.
   *
   * @param operation the operation that applies it
   * @param taken 0 when the batch ends a step that is skipped, else 1
   */
  record BatchStep(Op operation, Operand<TFloat32> taken) {}

  private final BatchStep alone;
  private final @Nullable BatchStep first;
  private final @Nullable BatchStep more;
  private final @Nullable BatchStep last;

  /**
   * Builds the operations.
   *
   * @param tf where they go
   * @param plan defines the clipping and summing of gradients, the optimizer and the average
   * @param variables the variables in which the optimizer's slots and the averages are created
   * @param updates every trained weight with the batch's gradient
   * @param statistics additional operations of every batch, whatever its position
   * @param inputs the values of the step
   * @param batches the number of batches of the step, a scalar
   * @param averageWeight the weight of the step in the average, a scalar
   * @param scaling skips steps whose gradients are not finite, if the loss is scaled
   */
  WeightStep(
      Ops tf,
      Plan plan,
      Variables variables,
      List<Optimizer.Update> updates,
      List<Op> statistics,
      Optimizer.StepInputs inputs,
      Operand<TFloat32> batches,
      Operand<TFloat32> averageWeight,
      Optional<ScaledStep> scaling) {
    Builder builder = new Builder(plan, variables, statistics, inputs, averageWeight, scaling);
    alone = builder.step(tf.withSubScope("optimizer"), updates);
    if (plan.stages().stream().allMatch(stage -> stage.accumulate() == 1)) {
      first = null;
      more = null;
      last = null;
      return;
    }
    Ops summing = tf.withSubScope("accumulate");
    List<Op> begin = new ArrayList<>(statistics);
    List<Op> add = new ArrayList<>(statistics);
    List<Optimizer.Update> means = new ArrayList<>();
    for (Optimizer.Update update : updates) {
      // No step begins with the sum of an earlier one, so no checkpoint holds a sum.
      VarHandleOp sum =
          summing
              .withName(update.variable().name())
              .varHandleOp(
                  TFloat32.class,
                  update.variable().shape(),
                  VarHandleOp.sharedName("sum." + update.variable().name()));
      begin.add(summing.assignVariableOp(sum, update.gradient()));
      add.add(summing.assignAddVariableOp(sum, update.gradient()));
      Operand<TFloat32> all =
          summing.math.add(summing.readVariableOp(sum, TFloat32.class), update.gradient());
      means.add(update.gradient(summing.math.div(all, batches)));
    }
    first = new BatchStep(Variables.group(summing, begin), summing.constant(1f));
    more = new BatchStep(Variables.group(summing, add), summing.constant(1f));
    last = builder.step(summing.withSubScope("optimizer"), means);
  }

  private record Builder(
      Plan plan,
      Variables variables,
      List<Op> statistics,
      Optimizer.StepInputs inputs,
      Operand<TFloat32> averageWeight,
      Optional<ScaledStep> scaling) {

    BatchStep step(Ops tf, List<Optimizer.Update> updates) {
      Optional<ScaledStep.Step> scaled = scaling.map(s -> s.step(tf, updates, this::optimized));
      List<Op> parts = new ArrayList<>(statistics);
      parts.add(scaled.map(ScaledStep.Step::operation).orElseGet(() -> optimized(tf, updates)));
      Op step = Variables.group(tf, parts);
      return new BatchStep(
          plan.step().averaging().isEmpty() ? step : averaged(tf.withControlDependencies(step)),
          scaled.map(ScaledStep.Step::taken).orElseGet(() -> tf.constant(1f)));
    }

    private Op optimized(Ops tf, List<Optimizer.Update> updates) {
      List<Optimizer.Update> clipped =
          plan.step().clipping().map(clipping -> clipping.clip(tf, updates)).orElse(updates);
      return plan.step().optimizer().step(tf, variables, clipped, inputs);
    }

    private Op averaged(Ops after) {
      Operand<TFloat32> rest = after.math.sub(after.constant(1f), averageWeight);
      List<Op> moves = new ArrayList<>();
      for (Variable variable :
          variables.of(kind -> kind.trained() || kind == Variable.Kind.STATISTIC)) {
        Variable average = variables.average(variable);
        // A sum of both parts is exact for weights of 0 and 1.
        moves.add(
            after.assignVariableOp(
                average.handle(),
                after.math.add(
                    after.math.mul(average.read(after), rest),
                    after.math.mul(variable.read(after), averageWeight))));
      }
      return Variables.group(after, moves);
    }
  }

  /** The effect of a batch. */
  BatchStep of(Part part) {
    BatchStep op =
        switch (part) {
          case ALONE -> alone;
          case FIRST -> first;
          case MORE -> more;
          case LAST -> last;
        };
    if (op == null) {
      throw new IllegalStateException("no stage of the plan accumulates gradients");
    }
    return op;
  }

  /** The position of a batch within its step. */
  static Part part(int batch, int batches) {
    if (batches == 1) {
      return Part.ALONE;
    }
    return batch == 0 ? Part.FIRST : batch == batches - 1 ? Part.LAST : Part.MORE;
  }
}
