package dev.leaven.runtime.nn;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Variable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A dense layer with bias, PyTorch's {@code Linear}: {@code [batch, units]} from {@code [batch,
 * in]}; of {@code [batch, height, width, in]} it processes each position separately.
 *
 * @param units the number of outputs, at least 1
 * @param weights how the weights begin; null, the default, for {@link Initializer#kaimingNormal} of
 *     the number of inputs
 * @param biases how the biases begin; by default at 0
 */
public record Dense(int units, @Nullable Initializer weights, Initializer biases) implements Layer {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when {@code units} is below 1
   */
  public Dense {
    Check.atLeast("dense", "units", units, 1);
  }

  /**
   * With weights that begin as in He et al. 2015, and biases of 0.
   *
   * @param units the number of outputs, at least 1
   */
  public Dense(int units) {
    this(units, null, Initializer.constant(0));
  }

  /**
   * The same with other first weights.
   *
   * @param weights for instance {@link Initializer#normal}
   * @return a new layer
   */
  public Dense weights(Initializer weights) {
    return new Dense(units, weights, biases);
  }

  /**
   * The same with other first biases.
   *
   * @param biases for instance {@link Initializer#uniform}
   * @return a new layer
   */
  public Dense biases(Initializer biases) {
    return new Dense(units, weights, biases);
  }

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    int in = layers.channels(name, x);
    Variable weight =
        layers.variable(
            name + ".weight",
            Shape.of(in, units),
            Variable.Kind.WEIGHT,
            weights == null ? Initializer.kaimingNormal(in) : weights);
    Variable bias =
        layers.variable(name + ".bias", Shape.of(units), Variable.Kind.UNDECAYED, biases);
    Ops tf = layers.tf().withSubScope(name);
    Operand<TFloat32> product;
    if (x.shape().numDimensions() == 4) {
      Operand<TFloat32> filter =
          tf.reshape(layers.read(weight), tf.constant(new int[] {1, 1, in, units}));
      product = layers.products().convolution(tf, x, filter, 1, "SAME", 1);
    } else {
      product = layers.products().matMul(tf, x, layers.read(weight));
    }
    Operand<TFloat32> y = tf.nn.biasAdd(product, layers.read(bias));
    return layers.record(name, "dense", y, List.of(weight, bias), (long) in * units);
  }
}
