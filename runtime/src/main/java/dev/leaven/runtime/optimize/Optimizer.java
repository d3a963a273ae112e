package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * How gradients move weights, as operations of the training graph.
 *
 * <p>For all optimizers: a weight's learning rate is the step's learning rate times the weight's
 * factor; weight decay is decoupled, {@code p ← p·(1 - lr·weightDecay)} before the step, and spares
 * {@link Variable.Kind#UNDECAYED}; all state is in variables of {@link Variable.Kind#SLOT}, so that
 * a resumed run continues exactly where it stopped.
 */
public interface Optimizer extends Technique {

  /**
   * A weight and its gradient.
   *
   * @param variable the weight
   * @param gradient of the same shape
   * @param factor by which the step's learning rate is multiplied for this weight, above 0
   */
  record Update(Variable variable, Operand<TFloat32> gradient, double factor) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException when the factor is not above 0
     */
    public Update {
      Check.positive("learningRate", "factor of " + variable.name(), factor);
    }

    /**
     * A weight with the learning rate of the step.
     *
     * @param variable the weight
     * @param gradient of the same shape
     */
    public Update(Variable variable, Operand<TFloat32> gradient) {
      this(variable, gradient, 1);
    }

    /**
     * The same weight with another gradient.
     *
     * @param changed of the same shape
     * @return a new value
     */
    public Update gradient(Operand<TFloat32> changed) {
      return new Update(variable, changed, factor);
    }
  }

  /**
   * What differs from step to step, as scalars of the graph.
   *
   * @param learningRate the step's learning rate
   * @param momentum the step's momentum
   * @param count optimizer steps since its slots were cleared, this one included: 1 at first
   */
  record StepInputs(
      Operand<TFloat64> learningRate, Operand<TFloat64> momentum, Operand<TFloat64> count) {}

  /**
   * The offset from the weights at which the gradient for the step is computed.
   *
   * @param tf where the operations go
   * @param updates every weight that learns, with its gradient at the weights
   * @return of the shape of each weight, in the same order; by default an empty list: {@link #step}
   *     uses the gradient at the weights themselves
   */
  default List<Operand<TFloat32>> offsets(Ops tf, List<Update> updates) {
    return List.of();
  }

  /**
   * The operation that takes one step. It changes no weight before that weight's gradient is there.
   *
   * @param tf where the operations go
   * @param variables where the optimizer's slots are made, as {@link Variable.Kind#SLOT}
   * @param updates every weight with its gradient
   * @param inputs the values of the step
   * @return one operation that moves all weights
   */
  Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs);

  /**
   * The momentum where no schedule gives one.
   *
   * @return from 0 to below 1
   */
  double momentum();

  /**
   * The same optimizer with another weight decay.
   *
   * @param weightDecay from 0 to 1
   * @return a new value
   * @throws IllegalArgumentException when this optimizer has no weight decay
   */
  default Optimizer weightDecay(double weightDecay) {
    throw new IllegalArgumentException(
        "weightDecay: %s has none that could be set".formatted(getClass().getSimpleName()));
  }
}
