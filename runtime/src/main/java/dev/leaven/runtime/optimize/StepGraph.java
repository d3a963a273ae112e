package dev.leaven.runtime.optimize;

import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.optimize.Optimizer.StepInputs;
import dev.leaven.runtime.optimize.Optimizer.Update;
import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * The parts of a step common to all optimizers: rates of each weight, decoupled weight decay,
 * slots.
 */
final class StepGraph {

  private final Ops tf;
  private final Variables variables;
  private final double weightDecay;
  private final Scaled decay;

  StepGraph(Ops tf, Variables variables, StepInputs inputs, double weightDecay) {
    this.tf = tf;
    this.variables = variables;
    this.weightDecay = weightDecay;
    this.decay = scaled(tf.math.mul(inputs.learningRate(), tf.constant(weightDecay)));
  }

  /** A scalar that grows with a weight's factor, computed once for each factor there is. */
  final class Scaled {

    private final Operand<TFloat64> value;
    private final Map<Double, Operand<TFloat32>> byFactor = new HashMap<>();

    private Scaled(Operand<TFloat64> value) {
      this.value = value;
    }

    Operand<TFloat32> of(Update update) {
      return byFactor.computeIfAbsent(
          update.factor(), f -> single(f == 1 ? value : tf.math.mul(value, tf.constant(f))));
    }
  }

  Scaled scaled(Operand<TFloat64> value) {
    return new Scaled(value);
  }

  Operand<TFloat32> single(Operand<TFloat64> value) {
    return tf.dtypes.cast(value, TFloat32.class);
  }

  /** {@code 1 - βᵗ}: how much of a mean that began at 0 is there after t steps. */
  Operand<TFloat64> correction(Operand<TFloat64> beta, Operand<TFloat64> count) {
    return tf.math.sub(tf.constant(1.0), tf.math.pow(beta, count));
  }

  /**
   * As {@link #correction(Operand, Operand)} for a constant, which the kernels know in float32: of
   * 0.999 its distance to 1 would differ in the fifth digit.
   */
  Operand<TFloat64> correction(double beta, Operand<TFloat64> count) {
    return correction(tf.constant((double) (float) beta), count);
  }

  /** Memory of a weight's own shape, 0 at first. */
  Variable slot(Update update, String name) {
    return slot(update, name, update.variable().shape(), 0);
  }

  Variable slot(Update update, String name, Shape shape, double first) {
    return variables.get(
        update.variable().name() + "." + name,
        shape,
        Variable.Kind.SLOT,
        Initializer.constant(first));
  }

  /** Decays a weight if that is its kind, and gives where operations go that read or move it. */
  Ops decayed(Update update) {
    Variable variable = update.variable();
    Ops at = tf.withSubScope(variable.name());
    if (weightDecay == 0 || variable.kind() != Variable.Kind.WEIGHT) {
      return at;
    }
    // The decay must not overtake the gradient, which reads the weights as they were.
    Ops after = at.withControlDependencies(update.gradient());
    Op done =
        after.assignSubVariableOp(
            variable.handle(), after.math.mul(variable.read(after), decay.of(update)));
    return at.withControlDependencies(done);
  }

  /**
   * TensorFlow's kernel {@code m ← β₁m + (1-β₁)g}, {@code v ← β₂v + (1-β₂)g²}, {@code p ← p -
   * rate·m/(√v + ε)}. It takes powers of β for its own correction, which adds ε to the uncorrected
   * √v; they are passed as zero, and whoever corrects does so in the rate and ε, in float64.
   */
  static Op adam(
      Ops at,
      Update update,
      Variable m,
      Variable v,
      Operand<TFloat32> rate,
      Operand<TFloat32> beta1,
      Operand<TFloat32> beta2,
      Operand<TFloat32> epsilon) {
    Operand<TFloat32> none = at.constant(0f);
    return at.train.resourceApplyAdam(
        update.variable().handle(),
        m.handle(),
        v.handle(),
        none,
        none,
        rate,
        beta1,
        beta2,
        epsilon,
        update.gradient());
  }
}
