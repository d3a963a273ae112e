package dev.leaven.runtime.nn;

import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * fastai's simple self-attention of {@code [batch, height, width, channels]}: with the pixels of an
 * image as the rows of {@code X}, {@code X + γ·(X·W)·(XᵀX)}, where γ begins at 0 and {@code W} is
 * divided by its largest singular value.
 *
 * <p>The singular value is estimated as in "Spectral Normalization for Generative Adversarial
 * Networks" (Miyato et al. 2018) by one power iteration for each training step: {@code v ←
 * Wu/|Wu|}, {@code u ← Wᵀv/|Wᵀv|}, σ = {@code vᵀWu}, with {@code u} and {@code v} taken as
 * constants for the gradient. They are statistics of the model, as in PyTorch; inference does not
 * change them. Cost: three products of channels × channels for each pixel.
 */
public record SelfAttention() implements Layer {

  private static final float SMALLEST = 1e-12f;

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    int channels = layers.channels(name, x);
    Ops tf = layers.tf().withSubScope(name);
    Variable weight =
        layers.variable(
            name + ".conv.weight_orig",
            Shape.of(channels, channels),
            Variable.Kind.WEIGHT,
            Initializer.kaimingNormal(channels));
    // PyTorch's names: u belongs to the outputs, v to the inputs.
    Variable u = direction(layers, name + ".conv.weight_u", channels);
    Variable v = direction(layers, name + ".conv.weight_v", channels);
    Variable gamma = layers.undecayed(name + ".gamma", 1, 0);

    Operand<TFloat32> spectral = spectral(layers, tf, weight, u, v, channels);
    Operand<TFloat32> pixels =
        tf.reshape(x, tf.stack(List.of(size(tf, x, 0), tf.constant(-1), tf.constant(channels))));
    Operand<TFloat32> flat = tf.reshape(x, tf.constant(new int[] {-1, channels}));
    Operand<TFloat32> convolved = tf.reshape(tf.linalg.matMul(flat, spectral), tf.shape(pixels));
    Operand<TFloat32> alike =
        tf.train.batchMatMul(pixels, pixels, TFloat32.class, BatchMatMul.adjX(true));
    Operand<TFloat32> attended = tf.train.batchMatMul(convolved, alike, TFloat32.class);
    Operand<TFloat32> y =
        tf.math.add(x, tf.math.mul(tf.reshape(attended, tf.shape(x)), layers.read(gamma)));
    return layers.record(
        name, "self-attention", y, List.of(weight, u, v, gamma), 3L * channels * channels);
  }

  private static Operand<TFloat32> spectral(
      Layers layers, Ops tf, Variable weight, Variable u, Variable v, int channels) {
    Operand<TFloat32> w = layers.read(weight);
    Operand<TInt32> column = tf.constant(new int[] {channels, 1});
    Operand<TFloat32> outputs = tf.reshape(layers.read(u), column);
    Operand<TFloat32> inputs = tf.reshape(layers.read(v), column);
    if (layers.training()) {
      // Not by the weights: the iteration is not part of the gradient.
      Operand<TFloat32> constant = tf.stopGradient(w);
      inputs = normalised(tf, tf.linalg.matMul(constant, outputs));
      outputs = normalised(tf, tf.linalg.matMul(constant, inputs, MatMul.transposeA(true)));
      Operand<TInt32> flat = tf.constant(new int[] {channels});
      layers.update(tf.assignVariableOp(v.handle(), tf.reshape(inputs, flat)));
      layers.update(tf.assignVariableOp(u.handle(), tf.reshape(outputs, flat)));
    }
    Operand<TFloat32> sigma =
        tf.reduceSum(
            tf.math.mul(inputs, tf.linalg.matMul(w, outputs)), tf.constant(new int[] {0, 1}));
    return tf.math.div(w, sigma);
  }

  private static Operand<TFloat32> normalised(Ops tf, Operand<TFloat32> vector) {
    Operand<TFloat32> norm =
        tf.math.sqrt(tf.reduceSum(tf.math.square(vector), tf.constant(new int[] {0, 1})));
    return tf.stopGradient(tf.math.div(vector, tf.math.maximum(norm, tf.constant(SMALLEST))));
  }

  private static Variable direction(Layers layers, String name, int channels) {
    return layers.variable(
        name, Shape.of(channels), Variable.Kind.STATISTIC, Initializer.direction());
  }

  private static Operand<TInt32> size(Ops tf, Operand<TFloat32> x, int axis) {
    return tf.gather(tf.shape(x), tf.constant(axis), tf.constant(0));
  }
}
