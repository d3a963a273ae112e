package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.OptionalDouble;

/** Always the peak. The momentum is the optimizer's own. */
public record Constant() implements Schedule {

  @Override
  public Rates at(double progress, double peak) {
    Check.range("constant", "progress", progress, 0, 1);
    return new Rates(peak, OptionalDouble.empty());
  }

  @Override
  public String describe() {
    return "always the same learning rate";
  }
}
