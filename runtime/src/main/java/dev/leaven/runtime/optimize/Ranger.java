package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variables;
import java.util.List;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;

/**
 * Ranger (Wright 2019), as in fastai: {@link Lookahead} over {@link RAdam}, with a longer memory
 * and a smaller ε than either has alone.
 *
 * <p>Effect: with {@link FlatCosine} it held Imagenette's and Imagewoof's short records. Cost: as
 * Adam, with one more copy of the weights in memory.
 *
 * @param momentum β₁ where no schedule gives one, from 0 to below 1; 0.95 by default
 * @param squaredMomentum β₂, from 0 to below 1; 0.99 by default
 * @param epsilon ε, above 0; 1e-6 by default
 * @param weightDecay from 0 to 1; 0.01 by default
 */
public record Ranger(double momentum, double squaredMomentum, double epsilon, double weightDecay)
    implements Optimizer {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Ranger {
    Check.range("ranger", "momentum", momentum, 0, 0.999999);
    Check.range("ranger", "squaredMomentum", squaredMomentum, 0, 0.999999);
    Check.positive("ranger", "epsilon", epsilon);
    Check.range("ranger", "weightDecay", weightDecay, 0, 1);
  }

  /** fastai's defaults: 0.95, 0.99, 1e-6 and 0.01. */
  public Ranger() {
    this(0.95, 0.99, 1e-6, 0.01);
  }

  @Override
  public Ranger weightDecay(double weightDecay) {
    return new Ranger(momentum, squaredMomentum, epsilon, weightDecay);
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    return new Lookahead(new RAdam(momentum, squaredMomentum, epsilon, weightDecay))
        .step(tf, variables, updates, inputs);
  }

  @Override
  public String describe() {
    return ("Ranger, which is RAdam with lookahead: momentum %s, squared momentum %s, epsilon %s,"
            + " weight decay %s")
        .formatted(
            Check.number(momentum),
            Check.number(squaredMomentum),
            Check.number(epsilon),
            Check.number(weightDecay));
  }
}
