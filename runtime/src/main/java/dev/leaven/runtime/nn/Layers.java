package dev.leaven.runtime.nn;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * The layers that architectures are made of, with PyTorch's padding, initialisation and
 * normalization, in the order batch, height, width, channels.
 *
 * <p>An instance builds one branch of a graph, for training or for inference. Variables are named
 * after their layer; PyTorch's names for the same layer are used, so that weights can be carried
 * over.
 *
 * <p>What has no layer is written with {@link #tf()}, {@link #variable} and {@link #update}.
 */
public final class Layers {

  // PyTorch's momentum of 0.1 is the weight of the new value.
  private static final float STATISTICS_MOMENTUM = 0.1f;
  private static final float BATCH_NORM_EPSILON = 1e-5f;
  private static final float LAYER_NORM_EPSILON = 1e-6f;

  private final Ops tf;
  private final Variables variables;
  private final boolean training;
  private final @Nullable Randomness randomness;
  private final Predicate<String> frozenNorms;
  private final Map<Variable, Operand<TFloat32>> offsets;
  private final Precision precision;
  private final boolean inGroups;
  private final Map<Variable, Operand<TFloat32>> reads = new LinkedHashMap<>();
  private final List<Op> updates = new ArrayList<>();
  private final List<Layer> made = new ArrayList<>();
  private @Nullable Operand<TFloat32> pooled;

  /**
   * Layers for one branch that draws no random numbers.
   *
   * @param tf where the operations go
   * @param variables the variables shared by all branches
   * @param training whether batch norms use and record the batch's statistics; dropout and
   *     stochastic depth are then refused
   */
  public Layers(Ops tf, Variables variables, boolean training) {
    this(tf, variables, training, null, norm -> false, Map.of(), Precision.FLOAT32, knowsGroups());
  }

  /**
   * Layers for training.
   *
   * @param tf where the operations go
   * @param variables the variables shared by all branches
   * @param randomness decides what dropout and stochastic depth leave out, by the layer's name
   */
  public Layers(Ops tf, Variables variables, Randomness randomness) {
    this(tf, variables, randomness, norm -> false);
  }

  /**
   * Layers for training some of whose batch norms are frozen: they do as in inference.
   *
   * @param tf where the operations go
   * @param variables the variables shared by all branches
   * @param randomness decides what dropout and stochastic depth leave out, by the layer's name
   * @param frozenNorms tells by a layer's name whether it is frozen
   */
  public Layers(Ops tf, Variables variables, Randomness randomness, Predicate<String> frozenNorms) {
    this(tf, variables, true, randomness, frozenNorms, Map.of(), Precision.FLOAT32, knowsGroups());
  }

  private Layers(
      Ops tf,
      Variables variables,
      boolean training,
      @Nullable Randomness randomness,
      Predicate<String> frozenNorms,
      Map<Variable, Operand<TFloat32>> offsets,
      Precision precision,
      boolean inGroups) {
    this.tf = tf;
    this.variables = variables;
    this.training = training;
    this.randomness = randomness;
    this.frozenNorms = frozenNorms;
    this.offsets = Map.copyOf(offsets);
    this.precision = precision;
    this.inGroups = inGroups;
  }

  /**
   * Layers for the same branch once more, beside the present weights: what they leave out is the
   * same.
   *
   * @param at where the operations go
   * @param distances what is added to a variable wherever it is read
   * @return new layers
   */
  public Layers beside(Ops at, Map<Variable, Operand<TFloat32>> distances) {
    Layers layers =
        new Layers(
            at, variables, training, randomness, frozenNorms, distances, precision, inGroups);
    // Read once for both: this branch may be recording new ones while that one runs.
    reads.forEach(
        (variable, read) -> {
          if (!variable.kind().trained()) {
            layers.reads.put(variable, read);
          }
        });
    return layers;
  }

  /**
   * The same layers, not used yet, for a session of some precision. In float16, and on a GPU in
   * bfloat16, convolutions and products are computed between casts; on a CPU the session inserts
   * those of bfloat16. All that goes in and comes out stays float32.
   *
   * @param precision that of the session; not {@link Precision#AUTO}
   * @return new layers
   */
  public Layers in(Precision precision) {
    return new Layers(
        tf, variables, training, randomness, frozenNorms, offsets, precision, inGroups);
  }

  /**
   * The same layers, not used yet, for a graph that is run elsewhere, with whatever kernels
   * TensorFlow has there. Cost: convolutions in groups compute the products of all channels.
   *
   * @return new layers
   */
  public Layers portable() {
    return new Layers(tf, variables, training, randomness, frozenNorms, offsets, precision, false);
  }

  private static boolean knowsGroups() {
    return Kernels.ofProcess().filter(kernels -> kernels != Kernels.PLAIN).isPresent();
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
   * Whether the branch trains.
   *
   * @return false for inference
   */
  public boolean training() {
    return training;
  }

  /**
   * The layers in the order of their making.
   *
   * @return not to be changed
   */
  public List<Layer> made() {
    return List.copyOf(made);
  }

  /**
   * The last features that have a place in the image: what the last pool over height and width was
   * given, or without such a pool the last layer's output of rank 4.
   *
   * @return {@code [batch, height, width, channels]}
   * @throws IllegalStateException when the branch has no such layer
   */
  public Operand<TFloat32> features() {
    if (pooled != null) {
      return pooled;
    }
    for (int i = made.size() - 1; i >= 0; i--) {
      if (made.get(i).output().shape().numDimensions() == 4) {
        return made.get(i).output();
      }
    }
    throw new IllegalStateException("the model has no layer of height and width");
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
    return convolution(name, x, Convolution.of(in, out, kernel).stride(stride));
  }

  /**
   * A two-dimensional convolution.
   *
   * @param name the layer's name
   * @param x {@code [batch, height, width, in]}
   * @param shape its channels, kernel, stride, padding, groups and bias
   * @return {@code [batch, ⌊(height + 2·padding - kernel)/stride⌋ + 1, the same of width, out]}
   */
  public Operand<TFloat32> convolution(String name, Operand<TFloat32> x, Convolution shape) {
    int kernel = shape.kernel();
    List<Variable> own = new ArrayList<>();
    Variable weight =
        variables.get(
            name + ".weight",
            Shape.of(kernel, kernel, shape.in() / shape.groups(), shape.out()),
            Variable.Kind.WEIGHT,
            shape.initial());
    own.add(weight);
    Ops at = tf.withSubScope(name);
    // With stride 1 and an odd kernel "SAME" pads both sides alike; with stride 2 it would pad even
    // sizes on one side only, unlike PyTorch.
    boolean same = shape.stride() == 1 && kernel == 2 * shape.padding() + 1;
    Operand<TFloat32> input =
        same || shape.padding() == 0 ? x : at.pad(x, border(at, shape.padding()), at.constant(0f));
    int stride = shape.stride();
    if (kernel == 1 && stride > 1) {
      // The same numbers: on some processors TensorFlow differentiates the step wrongly, or ends
      // the process.
      input = everyNth(at, input, stride);
      stride = 1;
    }
    List<Long> strides = List.of(1L, (long) stride, (long) stride, 1L);
    String padding = same ? "SAME" : "VALID";
    Operand<TFloat32> y;
    if (shape.isDepthwise()) {
      // The same numbers in the same order, with the two last axes named as TensorFlow wants them.
      Operand<TFloat32> filter =
          at.reshape(readOnce(weight), at.constant(new int[] {kernel, kernel, shape.in(), 1}));
      y = computed(at, input, filter, new Depthwise(strides, padding));
    } else {
      Operand<TFloat32> filter = filter(at, readOnce(weight), shape);
      y = convolved(at, input, filter, shape.hasOddChannels(), strides, padding);
    }
    if (shape.bias()) {
      Variable bias =
          variables.get(
              name + ".bias",
              Shape.of(shape.out()),
              Variable.Kind.UNDECAYED,
              Initializer.constant(0));
      own.add(bias);
      y = at.nn.biasAdd(y, readOnce(bias));
    }
    return made(name, shape.describe(), y, own, shape.multiplyAddsPerPosition());
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
    Variable weight = undecayed(name + ".weight", shape, scale);
    Variable bias = undecayed(name + ".bias", shape, 0);
    Variable mean = statistic(name + ".running_mean", shape, 0);
    Variable variance = statistic(name + ".running_var", shape, 1);
    List<Variable> own = List.of(weight, bias, mean, variance);
    Ops at = tf.withSubScope(name);
    if (!training || frozenNorms.test(name)) {
      FusedBatchNorm<TFloat32, TFloat32> norm =
          at.nn.fusedBatchNorm(
              x,
              readOnce(weight),
              readOnce(bias),
              readOnce(mean),
              readOnce(variance),
              FusedBatchNorm.isTraining(false),
              FusedBatchNorm.epsilon(BATCH_NORM_EPSILON));
      return made(name, "batch norm", norm.y(), own, 0);
    }
    Operand<TFloat32> unused = at.constant(new float[0]);
    FusedBatchNorm<TFloat32, TFloat32> norm =
        at.nn.fusedBatchNorm(
            x,
            readOnce(weight),
            readOnce(bias),
            unused,
            unused,
            FusedBatchNorm.isTraining(true),
            FusedBatchNorm.epsilon(BATCH_NORM_EPSILON));
    updates.add(move(at, mean, norm.batchMean()));
    updates.add(move(at, variance, norm.batchVariance()));
    return made(name, "batch norm", norm.y(), own, 0);
  }

  /**
   * Layer normalization (Ba et al. 2016) over the channels of each position, with epsilon 1e-6:
   * {@code (x - mean)/√(variance + ε)·weight + bias}.
   *
   * @param name the layer's name
   * @param x {@code [batch, …, channels]}
   * @param channels the number of channels
   * @return the same shape
   */
  public Operand<TFloat32> layerNorm(String name, Operand<TFloat32> x, int channels) {
    Shape shape = Shape.of(channels);
    Variable weight = undecayed(name + ".weight", shape, 1);
    Variable bias = undecayed(name + ".bias", shape, 0);
    Ops at = tf.withSubScope(name);
    Operand<TInt32> last = at.constant(new int[] {-1});
    Operand<TFloat32> mean = at.math.mean(x, last, Mean.keepDims(true));
    Operand<TFloat32> centred = at.math.sub(x, mean);
    Operand<TFloat32> variance = at.math.mean(at.math.square(centred), last, Mean.keepDims(true));
    Operand<TFloat32> normal =
        at.math.mul(centred, at.math.rsqrt(at.math.add(variance, at.constant(LAYER_NORM_EPSILON))));
    Operand<TFloat32> y = at.math.add(at.math.mul(normal, readOnce(weight)), readOnce(bias));
    return made(name, "layer norm", y, List.of(weight, bias), 0);
  }

  /**
   * Multiplies each channel by a trained number (Touvron et al. 2021, "Going deeper with Image
   * Transformers").
   *
   * @param name the variable's name
   * @param x {@code [batch, …, channels]}
   * @param channels the number of channels
   * @param initial the numbers' first value
   * @return the same shape
   */
  public Operand<TFloat32> scale(String name, Operand<TFloat32> x, int channels, double initial) {
    Variable weight = undecayed(name, Shape.of(channels), initial);
    Operand<TFloat32> y = tf.withSubScope(name).math.mul(x, readOnce(weight));
    return made(name, "scale", y, List.of(weight), 0);
  }

  /**
   * Dropout (Srivastava et al. 2014): in training each element is zero with a probability, and the
   * others are divided by what remains, so that the mean stays. In inference nothing happens.
   *
   * @param name decides, with the step, which elements
   * @param x any shape
   * @param rate the probability, from 0 to below 1
   * @return the same shape
   * @throws IllegalStateException when the layers train and have no randomness
   */
  public Operand<TFloat32> dropout(String name, Operand<TFloat32> x, double rate) {
    Check.range("dropout", "rate", rate, 0, 0.999999);
    return training && rate > 0 ? leftOut(name, "dropout", x, tf.shape(x), rate) : x;
  }

  /**
   * Stochastic depth (Huang et al. 2016, "Deep Networks with Stochastic Depth"): in training the
   * whole branch of an image is zero with a probability, and the others are divided by what
   * remains. In inference nothing happens.
   *
   * @param name decides, with the step, which images
   * @param branch {@code [batch, height, width, channels]}, before it is added to its shortcut
   * @param rate the probability, from 0 to below 1
   * @return the same shape
   * @throws IllegalStateException when the layers train and have no randomness
   */
  public Operand<TFloat32> stochasticDepth(String name, Operand<TFloat32> branch, double rate) {
    Check.range("stochasticDepth", "rate", rate, 0, 0.999999);
    if (!training || rate == 0) {
      return branch;
    }
    Operand<TInt32> batch =
        tf.slice(tf.shape(branch), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TInt32> shape =
        tf.concat(List.of(batch, tf.constant(new int[] {1, 1, 1})), tf.constant(0));
    return leftOut(name, "stochastic depth", branch, shape, rate);
  }

  private Operand<TFloat32> leftOut(
      String name, String purpose, Operand<TFloat32> x, Operand<TInt32> shape, double rate) {
    if (randomness == null) {
      throw new IllegalStateException(
          "%s %s needs random numbers to train: make the layers with a Randomness"
              .formatted(purpose, name));
    }
    float kept = (float) (1 - rate);
    Ops at = tf.withSubScope(name);
    Operand<TFloat32> mask =
        at.math.floor(
            at.math.add(
                randomness.purpose(purpose + " " + name).uniform(shape), at.constant(kept)));
    return at.math.mul(x, at.stopGradient(at.math.div(mask, at.constant(kept))));
  }

  /**
   * An activation.
   *
   * @param activation which
   * @param x any shape
   * @return the same shape
   */
  public Operand<TFloat32> activate(Activation activation, Operand<TFloat32> x) {
    return training ? activation.applyToLearn(tf, x) : activation.apply(tf, x);
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
    return maxPool(x, 3, 2);
  }

  /**
   * The highest of each window, padded by half the window, if its side is odd, with values lower
   * than any.
   *
   * @param x {@code [batch, height, width, channels]}
   * @param side of the window, at least 1
   * @param stride the step, at least 1
   * @return {@code [batch, ⌊(height + 2·padding - side)/stride⌋ + 1, the same of width, channels]}
   */
  public Operand<TFloat32> maxPool(Operand<TFloat32> x, int side, int stride) {
    Operand<TFloat32> input =
        side % 2 == 0 || side == 1
            ? x
            : tf.pad(x, border(tf, side / 2), tf.constant(-Float.MAX_VALUE));
    Operand<TFloat32> y =
        tf.nn.maxPool(
            input,
            tf.constant(new int[] {1, side, side, 1}),
            tf.constant(new int[] {1, stride, stride, 1}),
            "VALID");
    return made("", "max pool %d×%d / %d".formatted(side, side, stride), y, List.of(), 0);
  }

  /**
   * The mean of each window of 2×2 in steps of 2; windows that reach over the edge are averaged
   * over what they hold.
   *
   * @param x {@code [batch, height, width, channels]}
   * @return {@code [batch, ⌈height/2⌉, ⌈width/2⌉, channels]}
   */
  public Operand<TFloat32> averagePool(Operand<TFloat32> x) {
    return averagePool(x, 2);
  }

  /**
   * The mean of each window, windows side by side; those that reach over the edge are averaged over
   * what they hold.
   *
   * @param x {@code [batch, height, width, channels]}
   * @param side of the window, at least 1
   * @return {@code [batch, ⌈height/side⌉, ⌈width/side⌉, channels]}
   */
  public Operand<TFloat32> averagePool(Operand<TFloat32> x, int side) {
    List<Long> window = List.of(1L, (long) side, (long) side, 1L);
    // "SAME" puts the padding of one row at the end, as PyTorch's ceil mode does; with more than
    // one it would put some at the beginning.
    if (side > 2) {
      throw new IllegalArgumentException(
          "averagePool: side must be 1 or 2, but is %d".formatted(side));
    }
    Operand<TFloat32> y = tf.nn.avgPool(x, window, window, "SAME");
    return made("", "average pool %d×%d".formatted(side, side), y, List.of(), 0);
  }

  /**
   * The mean over height and width, whatever they are.
   *
   * @param x {@code [batch, height, width, channels]}
   * @return {@code [batch, channels]}
   */
  public Operand<TFloat32> globalAveragePool(Operand<TFloat32> x) {
    pooled = x;
    Operand<TFloat32> y = tf.math.mean(x, tf.constant(new int[] {1, 2}));
    return made("", "global average pool", y, List.of(), 0);
  }

  /**
   * The highest over height and width, whatever they are.
   *
   * @param x {@code [batch, height, width, channels]}
   * @return {@code [batch, channels]}
   */
  public Operand<TFloat32> globalMaxPool(Operand<TFloat32> x) {
    pooled = x;
    Operand<TFloat32> y = tf.reduceMax(x, tf.constant(new int[] {1, 2}));
    return made("", "global max pool", y, List.of(), 0);
  }

  /**
   * Blurs with the filter 1 2 1 in both directions, padded with zeros, and takes every so manieth
   * pixel (Zhang 2019, "Making Convolutional Networks Shift-Invariant Again"), as Composer does.
   *
   * @param x {@code [batch, height, width, channels]}
   * @param channels the number of channels
   * @param stride the step, at least 1
   * @return {@code [batch, ⌈height/stride⌉, ⌈width/stride⌉, channels]}
   */
  public Operand<TFloat32> blur(Operand<TFloat32> x, int channels, int stride) {
    float[] filter = new float[9 * channels];
    for (int i = 0; i < filter.length; i++) {
      int row = i / channels / 3;
      int column = i / channels % 3;
      filter[i] = (row == 1 ? 2 : 1) * (column == 1 ? 2 : 1) / 16f;
    }
    Operand<TFloat32> y =
        tf.nn.depthwiseConv2dNative(
            tf.pad(x, border(tf, 1), tf.constant(0f)),
            tf.constant(Shape.of(3, 3, channels, 1), DataBuffers.of(filter)),
            List.of(1L, (long) stride, (long) stride, 1L),
            "VALID");
    return made("", stride == 1 ? "blur" : "blur / " + stride, y, List.of(), 9L * channels);
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
    return dense(name, x, in, out, Initializer.kaimingNormal(in), Initializer.constant(0));
  }

  /**
   * A dense layer with bias that begins otherwise.
   *
   * @param name the layer's name
   * @param x {@code [batch, in]}, or {@code [batch, height, width, in]} for each position by itself
   * @param in inputs
   * @param out outputs
   * @param weights how the weights begin
   * @param biases how the biases begin
   * @return {@code [batch, out]} or {@code [batch, height, width, out]}
   */
  public Operand<TFloat32> dense(
      String name, Operand<TFloat32> x, int in, int out, Initializer weights, Initializer biases) {
    Variable weight =
        variables.get(name + ".weight", Shape.of(in, out), Variable.Kind.WEIGHT, weights);
    Variable bias = variables.get(name + ".bias", Shape.of(out), Variable.Kind.UNDECAYED, biases);
    Ops at = tf.withSubScope(name);
    Operand<TFloat32> product;
    if (x.shape().numDimensions() == 4) {
      Operand<TFloat32> filter =
          at.reshape(readOnce(weight), at.constant(new int[] {1, 1, in, out}));
      product = convolved(at, x, filter, in > 1 && in % 2 == 1, List.of(1L, 1L, 1L, 1L), "SAME");
    } else {
      product = computed(at, x, readOnce(weight), new Product());
    }
    Operand<TFloat32> y = at.nn.biasAdd(product, readOnce(bias));
    return made(name, "dense", y, List.of(weight, bias), (long) in * out);
  }

  /**
   * A variable of a layer that is not among these.
   *
   * @param name unique in the model
   * @param shape all sizes known
   * @param kind what it is for
   * @param initial how it begins
   * @return the variable; {@link #read} gives its value
   */
  public Variable variable(String name, Shape shape, Variable.Kind kind, Initializer initial) {
    return variables.get(name, shape, kind, initial);
  }

  /**
   * The value of a variable, read once for the branch.
   *
   * @param variable one of {@link #variable}
   * @return its value
   */
  public Operand<TFloat32> read(Variable variable) {
    return readOnce(variable);
  }

  /**
   * Adds an operation to every training step, for instance one that records a statistic.
   *
   * @param operation of a branch that trains
   */
  public void update(Op operation) {
    updates.add(operation);
  }

  /**
   * Records a layer that is not among these, for summaries.
   *
   * @param name its name
   * @param what what it does, for people
   * @param output what it gives
   * @param own its variables
   * @param multiplyAddsPerPosition multiplications with an addition, for each output position
   * @return {@code output}
   */
  public Operand<TFloat32> made(
      String name,
      String what,
      Operand<TFloat32> output,
      List<Variable> own,
      long multiplyAddsPerPosition) {
    made.add(new Layer(name, what, output, List.copyOf(own), multiplyAddsPerPosition));
    return output;
  }

  private Operand<TFloat32> convolved(
      Ops at,
      Operand<TFloat32> x,
      Operand<TFloat32> filter,
      boolean odd,
      List<Long> strides,
      String padding) {
    Dense convolution = new Dense(strides, padding);
    if (precision == Precision.BFLOAT16 && odd) {
      // A channel of zeros: with an odd number of channels some processors read memory that nobody
      // wrote.
      return computed(
          at,
          at.pad(x, at.constant(new int[][] {{0, 0}, {0, 0}, {0, 0}, {0, 1}}), at.constant(0f)),
          at.pad(
              filter, at.constant(new int[][] {{0, 0}, {0, 0}, {0, 1}, {0, 0}}), at.constant(0f)),
          convolution);
    }
    return computed(at, x, filter, convolution);
  }

  /** An operation that may be computed in fewer bits than its operands have. */
  private interface Narrowed {
    <T extends TNumber> Operand<T> of(Ops at, Operand<T> x, Operand<T> w);
  }

  private record Dense(List<Long> strides, String padding) implements Narrowed {
    @Override
    public <T extends TNumber> Operand<T> of(Ops at, Operand<T> x, Operand<T> w) {
      return at.nn.conv2d(x, w, strides, padding);
    }
  }

  private record Depthwise(List<Long> strides, String padding) implements Narrowed {
    @Override
    public <T extends TNumber> Operand<T> of(Ops at, Operand<T> x, Operand<T> w) {
      return at.nn.depthwiseConv2dNative(x, w, strides, padding);
    }
  }

  private record Product() implements Narrowed {
    @Override
    public <T extends TNumber> Operand<T> of(Ops at, Operand<T> x, Operand<T> w) {
      return at.linalg.matMul(x, w);
    }
  }

  // On a CPU the session inserts the casts of bfloat16 itself, and keeps what needs float32.
  private Operand<TFloat32> computed(
      Ops at, Operand<TFloat32> x, Operand<TFloat32> w, Narrowed operation) {
    if (precision == Precision.FLOAT16) {
      return between(at, x, w, operation, TFloat16.class);
    }
    return precision == Precision.BFLOAT16 && Kernels.ofProcess().equals(Optional.of(Kernels.CUDA))
        ? between(at, x, w, operation, TBfloat16.class)
        : operation.of(at, x, w);
  }

  private static <T extends TNumber> Operand<TFloat32> between(
      Ops at, Operand<TFloat32> x, Operand<TFloat32> w, Narrowed operation, Class<T> type) {
    return at.dtypes.cast(
        operation.of(at, at.dtypes.cast(x, type), at.dtypes.cast(w, type)), TFloat32.class);
  }

  // TensorFlow's plain kernels do not differentiate convolutions in groups, nor infer with a norm
  // behind them: there a group sees the channels of the others multiplied by zero.
  private Operand<TFloat32> filter(Ops at, Operand<TFloat32> weight, Convolution shape) {
    int groups = shape.groups();
    if (groups == 1 || inGroups) {
      return weight;
    }
    Operand<TInt32> groupOfInput = groups(at, shape.in(), groups, 1);
    Operand<TInt32> groupOfOutput = groups(at, shape.out(), groups, 0);
    Operand<TFloat32> same =
        at.dtypes.cast(at.math.equal(groupOfInput, groupOfOutput), TFloat32.class);
    return at.math.mul(at.tile(weight, at.constant(new int[] {1, 1, groups, 1})), same);
  }

  private static Operand<TInt32> groups(Ops at, int channels, int groups, int axis) {
    Operand<TInt32> all = at.range(at.constant(0), at.constant(channels), at.constant(1));
    return at.expandDims(at.math.floorDiv(all, at.constant(channels / groups)), at.constant(axis));
  }

  private static Operand<TFloat32> everyNth(Ops at, Operand<TFloat32> x, int step) {
    Operand<TInt32> whole = at.constant(new int[4]);
    return at.stridedSlice(
        x,
        whole,
        whole,
        at.constant(new int[] {1, step, step, 1}),
        StridedSlice.beginMask(0b1111L),
        StridedSlice.endMask(0b1111L));
  }

  private Operand<TFloat32> readOnce(Variable variable) {
    return reads.computeIfAbsent(
        variable,
        v -> {
          Operand<TFloat32> offset = offsets.get(v);
          return offset == null ? v.read(tf) : tf.math.add(v.read(tf), offset);
        });
  }

  private Variable undecayed(String name, Shape shape, double initial) {
    return variables.get(name, shape, Variable.Kind.UNDECAYED, Initializer.constant(initial));
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
