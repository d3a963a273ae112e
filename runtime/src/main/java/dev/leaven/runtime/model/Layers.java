package dev.leaven.runtime.model;

import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The layers that architectures are made of, with PyTorch's padding, initialisation and
 * normalization, in the order batch, height, width, channels.
 *
 * <p>An instance builds one branch of a graph, for training or for inference. Variables are named
 * after their layer; PyTorch's names for the same layer are used, so that weights can be carried
 * over.
 */
public final class Layers {

  // PyTorch's momentum of 0.1 is the weight of the new value.
  private static final float STATISTICS_MOMENTUM = 0.1f;
  private static final float BATCH_NORM_EPSILON = 1e-5f;

  private final Ops tf;
  private final Variables variables;
  private final boolean training;
  private final Map<Variable, Operand<TFloat32>> reads = new LinkedHashMap<>();
  private final List<Op> updates = new ArrayList<>();

  /**
   * Layers for one branch.
   *
   * @param tf where the operations go
   * @param variables the variables shared by all branches
   * @param training whether batch norms use and record the batch's statistics
   */
  public Layers(Ops tf, Variables variables, boolean training) {
    this.tf = tf;
    this.variables = variables;
    this.training = training;
  }

  /**
   * The graph's operations, for what has no layer.
   *
   * @return operations of the same graph and scope
   */
  public Ops tf() {
    return tf;
  }

  /**
   * The trained variables that the branch read, each with the operand that reads it: what a loss is
   * differentiated by.
   *
   * @return in the order of their use
   */
  public Map<Variable, Operand<TFloat32>> trained() {
    Map<Variable, Operand<TFloat32>> trained = new LinkedHashMap<>(reads);
    trained.keySet().removeIf(variable -> !variable.kind().trained());
    return trained;
  }

  /**
   * The operations that record running statistics; they belong to every training step.
   *
   * @return empty for inference
   */
  public List<Op> updates() {
    return List.copyOf(updates);
  }

  /**
   * A two-dimensional convolution without bias, padded by {@code kernel/2} on every side.
   *
   * @param name the layer's name
   * @param x {@code [batch, height, width, in]}
   * @param in input channels
   * @param out output channels
   * @param kernel the side of the kernel, odd
   * @param stride 1 or 2
   * @return {@code [batch, ⌈height/stride⌉, ⌈width/stride⌉, out]}
   */
  public Operand<TFloat32> convolution(
      String name, Operand<TFloat32> x, int in, int out, int kernel, int stride) {
    Operand<TFloat32> weight =
        read(
            name + ".weight",
            Shape.of(kernel, kernel, in, out),
            Variable.Kind.WEIGHT,
            Initializer.kaimingNormal(kernel * kernel * in));
    Ops at = tf.withSubScope(name);
    // With stride 1 and an odd kernel "SAME" pads both sides alike; with stride 2 it would pad even
    // sizes on one side only, unlike PyTorch.
    boolean pads = stride > 1 && kernel > 1;
    Operand<TFloat32> input = pads ? at.pad(x, border(at, kernel / 2), at.constant(0f)) : x;
    return at.nn.conv2d(
        input, weight, List.of(1L, (long) stride, (long) stride, 1L), pads ? "VALID" : "SAME");
  }

  /**
   * Batch normalization (Ioffe, Szegedy 2015) with epsilon 1e-5 and running statistics that move by
   * a tenth towards each batch; the running variance is that of a sample, divided by n-1.
   *
   * @param name the layer's name
   * @param x {@code [batch, height, width, channels]}
   * @param channels the number of channels
   * @param scale the scale's first value: 1, or 0 for the last norm of a residual branch
   * @return the same shape
   */
  public Operand<TFloat32> batchNorm(String name, Operand<TFloat32> x, int channels, double scale) {
    Shape shape = Shape.of(channels);
    Operand<TFloat32> weight =
        read(name + ".weight", shape, Variable.Kind.UNDECAYED, Initializer.constant(scale));
    Operand<TFloat32> bias =
        read(name + ".bias", shape, Variable.Kind.UNDECAYED, Initializer.constant(0));
    Variable mean = statistic(name + ".running_mean", shape, 0);
    Variable variance = statistic(name + ".running_var", shape, 1);
    Ops at = tf.withSubScope(name);
    if (!training) {
      return at.nn
          .fusedBatchNorm(
              x,
              weight,
              bias,
              readOnce(mean),
              readOnce(variance),
              FusedBatchNorm.isTraining(false),
              FusedBatchNorm.epsilon(BATCH_NORM_EPSILON))
          .y();
    }
    Operand<TFloat32> unused = at.constant(new float[0]);
    FusedBatchNorm<TFloat32, TFloat32> norm =
        at.nn.fusedBatchNorm(
            x,
            weight,
            bias,
            unused,
            unused,
            FusedBatchNorm.isTraining(true),
            FusedBatchNorm.epsilon(BATCH_NORM_EPSILON));
    updates.add(move(at, mean, norm.batchMean()));
    updates.add(move(at, variance, norm.batchVariance()));
    return norm.y();
  }

  /**
   * The larger of each element and zero.
   *
   * @param x any shape
   * @return the same shape
   */
  public Operand<TFloat32> relu(Operand<TFloat32> x) {
    return tf.nn.relu(x);
  }

  /**
   * The highest of each window of 3×3 in steps of 2, padded by 1 with values lower than any.
   *
   * @param x {@code [batch, height, width, channels]}
   * @return {@code [batch, ⌈height/2⌉, ⌈width/2⌉, channels]}
   */
  public Operand<TFloat32> maxPool(Operand<TFloat32> x) {
    Operand<TFloat32> padded = tf.pad(x, border(tf, 1), tf.constant(-Float.MAX_VALUE));
    return tf.nn.maxPool(
        padded, tf.constant(new int[] {1, 3, 3, 1}), tf.constant(new int[] {1, 2, 2, 1}), "VALID");
  }

  /**
   * The mean of each window of 2×2 in steps of 2; windows that reach over the edge are averaged
   * over what they hold.
   *
   * @param x {@code [batch, height, width, channels]}
   * @return {@code [batch, ⌈height/2⌉, ⌈width/2⌉, channels]}
   */
  public Operand<TFloat32> averagePool(Operand<TFloat32> x) {
    return tf.nn.avgPool(x, List.of(1L, 2L, 2L, 1L), List.of(1L, 2L, 2L, 1L), "SAME");
  }

  /**
   * The mean over height and width, whatever they are.
   *
   * @param x {@code [batch, height, width, channels]}
   * @return {@code [batch, channels]}
   */
  public Operand<TFloat32> globalAveragePool(Operand<TFloat32> x) {
    return tf.math.mean(x, tf.constant(new int[] {1, 2}));
  }

  /**
   * A dense layer with bias.
   *
   * @param name the layer's name
   * @param x {@code [batch, in]}
   * @param in inputs
   * @param out outputs
   * @return {@code [batch, out]}
   */
  public Operand<TFloat32> dense(String name, Operand<TFloat32> x, int in, int out) {
    Operand<TFloat32> weight =
        read(
            name + ".weight",
            Shape.of(in, out),
            Variable.Kind.WEIGHT,
            Initializer.kaimingNormal(in));
    Operand<TFloat32> bias =
        read(name + ".bias", Shape.of(out), Variable.Kind.UNDECAYED, Initializer.constant(0));
    Ops at = tf.withSubScope(name);
    return at.nn.biasAdd(at.linalg.matMul(x, weight), bias);
  }

  private Operand<TFloat32> read(
      String name, Shape shape, Variable.Kind kind, Initializer initial) {
    return readOnce(variables.get(name, shape, kind, initial));
  }

  private Operand<TFloat32> readOnce(Variable variable) {
    return reads.computeIfAbsent(variable, v -> v.read(tf));
  }

  private Variable statistic(String name, Shape shape, double initial) {
    return variables.get(name, shape, Variable.Kind.STATISTIC, Initializer.constant(initial));
  }

  private static Op move(Ops at, Variable running, Operand<TFloat32> batch) {
    Operand<TFloat32> difference = at.math.sub(running.read(at), batch);
    return at.assignSubVariableOp(
        running.handle(), at.math.mul(difference, at.constant(STATISTICS_MOMENTUM)));
  }

  private static Operand<TInt32> border(Ops at, int width) {
    return at.constant(new int[][] {{0, 0}, {width, width}, {width, width}, {0, 0}});
  }
}
