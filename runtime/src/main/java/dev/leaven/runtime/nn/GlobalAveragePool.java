package dev.leaven.runtime.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The mean over any height and width: {@code [batch, channels]} from {@code [batch, height, width,
 * channels]}.
 */
public record GlobalAveragePool() implements Layer {

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    layers.pools(x);
    Operand<TFloat32> y = layers.tf().math.mean(x, layers.tf().constant(new int[] {1, 2}));
    return layers.record(name, "global average pool", y, List.of(), 0);
  }
}
