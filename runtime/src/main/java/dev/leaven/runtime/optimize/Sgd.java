package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.TFloat32;

/**
 * Stochastic gradient descent, with momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013,
 * "On the importance of initialization and momentum in deep learning"), as in fastai and PyTorch.
 *
 * <p>With gradient {@code g} and learning rate {@code lr}: first {@code p ← p·(1 - lr·weightDecay)}
 * for weights but not for norms and biases; then {@code m ← β·m + g}, without dampening, and {@code
 * p ← p - lr·m}, or {@code p ← p - lr·(g + β·m)} with Nesterov's. β is the schedule's momentum
 * where it gives one; with a momentum of 0 there is no memory, and the schedule's momentum does
 * nothing.
 *
 * <p>It needs a learning rate about ten to a hundred times that of Adam: 0.1 to 0.5 for a batch of
 * 256. Effect: the best of published ResNets, for long runs. Cost: half the memory of Adam, or
 * none.
 *
 * @param momentum β where no schedule gives one, from 0 to below 1; 0 by default, 0.9 is usual
 * @param nesterov whether the step looks ahead; only with momentum
 * @param weightDecay from 0 to 1; 0 by default
 */
public record Sgd(double momentum, boolean nesterov, double weightDecay) implements Optimizer {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range, or Nesterov's momentum
   *     is set without momentum
   */
  public Sgd {
    Check.range("sgd", "momentum", momentum, 0, 0.999999);
    Check.range("sgd", "weightDecay", weightDecay, 0, 1);
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException("sgd: nesterov needs a momentum above 0, but it is 0");
    }
  }

  /** fastai's defaults: no momentum and no weight decay. */
  public Sgd() {
    this(0);
  }

  /**
   * With momentum and without weight decay.
   *
   * @param momentum from 0 to below 1; 0.9 is usual
   */
  public Sgd(double momentum) {
    this(momentum, false, 0);
  }

  /**
   * The same with Nesterov's momentum.
   *
   * @return a new value
   * @throws IllegalArgumentException when the momentum is 0
   */
  public Sgd withNesterov() {
    return new Sgd(momentum, true, weightDecay);
  }

  @Override
  public Sgd weightDecay(double weightDecay) {
    return new Sgd(momentum, nesterov, weightDecay);
  }

  @Override
  public Op step(Ops tf, Variables variables, List<Update> updates, StepInputs inputs) {
    StepGraph graph = new StepGraph(tf, variables, inputs, weightDecay);
    StepGraph.Scaled rate = graph.scaled(inputs.learningRate());
    Operand<TFloat32> beta = graph.single(inputs.momentum());
    List<Op> steps = new ArrayList<>();
    for (Update update : updates) {
      Ops at = graph.decayed(update);
      steps.add(
          momentum == 0
              ? at.train.resourceApplyGradientDescent(
                  update.variable().handle(), rate.of(update), update.gradient())
              : at.train.resourceApplyMomentum(
                  update.variable().handle(),
                  graph.slot(update, "sgd.m").handle(),
                  rate.of(update),
                  update.gradient(),
                  beta,
                  ResourceApplyMomentum.useNesterov(nesterov)));
    }
    return Variables.group(tf, steps);
  }

  @Override
  public String describe() {
    String kind =
        momentum == 0
            ? "no momentum"
            : (nesterov ? "Nesterov's momentum " : "momentum ") + Check.number(momentum);
    return "SGD: %s, weight decay %s".formatted(kind, Check.number(weightDecay));
  }
}
