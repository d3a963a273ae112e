package dev.leaven.runtime.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The highest value over any height and width: {@code [batch, channels]} from {@code [batch,
 * height, width, channels]}.
 */
public record GlobalMaxPool() implements Layer {

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    layers.pools(x);
    Operand<TFloat32> y = layers.tf().reduceMax(x, layers.tf().constant(new int[] {1, 2}));
    return layers.record(name, "global max pool", y, List.of(), 0);
  }
}
