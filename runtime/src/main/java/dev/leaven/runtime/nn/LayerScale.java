package dev.leaven.runtime.nn;

import dev.leaven.runtime.graph.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Multiplies each channel of {@code [batch, …, channels]} by a trained number (Touvron et al. 2021,
 * "Going deeper with Image Transformers"). The variable has the layer's name.
 *
 * @param initial the first value of the numbers, for instance 1e-6
 */
public record LayerScale(double initial) implements Layer {

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    Variable weight = layers.undecayed(name, layers.channels(name, x), initial);
    Operand<TFloat32> y = layers.tf().withSubScope(name).math.mul(x, layers.read(weight));
    return layers.record(name, "scale", y, List.of(weight), 0);
  }
}
