package dev.leaven.runtime.nn;

import dev.leaven.runtime.graph.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/**
 * Batch normalization (Ioffe, Szegedy 2015) of {@code [batch, height, width, channels]}, with
 * epsilon 1e-5.
 *
 * <p>In training it normalizes with the batch's mean and variance, and the running statistics move
 * by a tenth towards them; the running variance is that of a sample, divided by n-1. In inference,
 * and where the norm is frozen, it normalizes with the running statistics. The variables are {@code
 * weight}, {@code bias}, {@code running_mean} and {@code running_var}, as in PyTorch.
 *
 * @param scale the first value of each channel's {@code weight}; 1 by default, 0 for the last norm
 *     of a residual branch, so that the block begins as its shortcut
 */
public record BatchNorm(double scale) implements Layer {

  // PyTorch's momentum of 0.1 is the weight of the new value.
  private static final float MOMENTUM = 0.1f;
  private static final float EPSILON = 1e-5f;

  /** With scales that begin at 1. */
  public BatchNorm() {
    this(1);
  }

  /**
   * The same with another first scale.
   *
   * @param scale for instance 0
   * @return a new layer
   */
  public BatchNorm scale(double scale) {
    return new BatchNorm(scale);
  }

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    int channels = layers.channels(name, x);
    Variable weight = layers.undecayed(name + ".weight", channels, scale);
    Variable bias = layers.undecayed(name + ".bias", channels, 0);
    Variable mean = layers.statistic(name + ".running_mean", channels, 0);
    Variable variance = layers.statistic(name + ".running_var", channels, 1);
    boolean records = layers.training() && !layers.isFrozen(name);
    Ops tf = layers.tf().withSubScope(name);
    Operand<TFloat32> unused = records ? tf.constant(new float[0]) : null;
    FusedBatchNorm<TFloat32, TFloat32> norm =
        tf.nn.fusedBatchNorm(
            x,
            layers.read(weight),
            layers.read(bias),
            unused == null ? layers.read(mean) : unused,
            unused == null ? layers.read(variance) : unused,
            FusedBatchNorm.isTraining(records),
            FusedBatchNorm.epsilon(EPSILON));
    if (records) {
      layers.update(move(tf, mean, norm.batchMean()));
      layers.update(move(tf, variance, norm.batchVariance()));
    }
    return layers.record(name, "batch norm", norm.y(), List.of(weight, bias, mean, variance), 0);
  }

  private static Op move(Ops tf, Variable running, Operand<TFloat32> batch) {
    Operand<TFloat32> difference = tf.math.sub(running.read(tf), batch);
    return tf.assignSubVariableOp(running.handle(), tf.math.mul(difference, tf.constant(MOMENTUM)));
  }
}
