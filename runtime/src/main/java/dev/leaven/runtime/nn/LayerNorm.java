package dev.leaven.runtime.nn;

import dev.leaven.runtime.graph.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Layer normalization (Ba et al. 2016) over the channels of each position of {@code [batch, …,
 * channels]}, with epsilon 1e-6: {@code (x - mean)/√(variance + ε)·weight + bias}.
 */
public record LayerNorm() implements Layer {

  private static final float EPSILON = 1e-6f;

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    int channels = layers.channels(name, x);
    Variable weight = layers.undecayed(name + ".weight", channels, 1);
    Variable bias = layers.undecayed(name + ".bias", channels, 0);
    Ops tf = layers.tf().withSubScope(name);
    Operand<TInt32> last = tf.constant(new int[] {-1});
    Operand<TFloat32> mean = tf.math.mean(x, last, Mean.keepDims(true));
    Operand<TFloat32> centred = tf.math.sub(x, mean);
    Operand<TFloat32> variance = tf.math.mean(tf.math.square(centred), last, Mean.keepDims(true));
    Operand<TFloat32> normal =
        tf.math.mul(centred, tf.math.rsqrt(tf.math.add(variance, tf.constant(EPSILON))));
    Operand<TFloat32> y = tf.math.add(tf.math.mul(normal, layers.read(weight)), layers.read(bias));
    return layers.record(name, "layer norm", y, List.of(weight, bias), 0);
  }
}
