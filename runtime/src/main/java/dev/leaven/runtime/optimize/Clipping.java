package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Technique;
import java.util.List;
import org.tensorflow.op.Ops;

/** How gradients are made smaller before the optimizer sees them. */
public interface Clipping extends Technique {

  /**
   * Clips the gradients of one step: a pure function of weights and gradients.
   *
   * @param tf where the operations go
   * @param updates every weight with its gradient
   * @return the same weights in the same order, with gradients of the same shapes
   */
  List<Optimizer.Update> clip(Ops tf, List<Optimizer.Update> updates);
}
