package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variables;
import java.util.List;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;

/**
 * AdamW (Loshchilov, Hutter 2017, "Decoupled weight decay regularization") with PyTorch's defaults.
 * It is {@link Adam}, whose weight decay is decoupled too, with other numbers: a longer memory of
 * squares and a smaller ε.
 *
 * @param momentum β₁ where no schedule gives one, from 0 to below 1; 0.9 by default
 * @param squaredMomentum β₂, from 0 to below 1; 0.999 by default
 * @param epsilon ε, above 0; 1e-8 by default
 * @param weightDecay from 0 to 1; 0.01 by default
 */
public record AdamW(double momentum, double squaredMomentum, double epsilon, double weightDecay)
    implements Optimizer {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public AdamW {
    Check.range("adamW", "momentum", momentum, 0, 0.999999);
    Check.range("adamW", "squaredMomentum", squaredMomentum, 0, 0.999999);
    Check.positive("adamW", "epsilon", epsilon);
    Check.range("adamW", "weightDecay", weightDecay, 0, 1);
  }

  /** PyTorch's defaults: 0.9, 0.999, 1e-8 and 0.01. */
  public AdamW() {
    this(0.9, 0.999, 1e-8, 0.01);
  }

  @Override
  public AdamW weightDecay(double weightDecay) {
    return new AdamW(momentum, squaredMomentum, epsilon, weightDecay);
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    return new Adam(momentum, squaredMomentum, epsilon, weightDecay)
        .step(tf, variables, updates, inputs);
  }

  @Override
  public String describe() {
    return "AdamW: momentum %s, squared momentum %s, epsilon %s, weight decay %s"
        .formatted(
            Check.number(momentum),
            Check.number(squaredMomentum),
            Check.number(epsilon),
            Check.number(weightDecay));
  }
}
