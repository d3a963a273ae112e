package dev.leaven.runtime.nn;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Variable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A two-dimensional convolution of {@code [batch, height, width, channels]}; the output's height is
 * {@code ⌊(height + 2·padding - kernel)/stride⌋ + 1}.
 *
 * <p>{@code new Convolution(128, 3).stride(2)} has no bias, one group, and is padded by half its
 * kernel on all four sides, as PyTorch pads. {@code new Convolution(64, 3).groups(64)} of 64
 * channels is a depthwise convolution. There are no dilations: TensorFlow differentiates them
 * wrongly. Input channels must be a multiple of {@code groups} too, otherwise applying it throws an
 * {@link IllegalArgumentException}.
 *
 * @param filters the number of output channels, a multiple of {@code groups}
 * @param kernel the kernel's height and width, at least 1
 * @param stride the step, at least 1; default 1
 * @param padding zeros on each of the four sides, at least 0; by default half an odd kernel, and 0
 *     for an even one
 * @param groups the number of parts that the channels are divided into, each convolved separately;
 *     default 1
 * @param bias whether a bias is added to each output channel; it starts at 0; default no
 * @param initial how the weights begin; null, the default, for {@link Initializer#kaimingNormal} of
 *     the inputs of an output, {@code kernel²·channels/groups}
 */
public record Convolution(
    int filters,
    int kernel,
    int stride,
    int padding,
    int groups,
    boolean bias,
    @Nullable Initializer initial)
    implements Layer {

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Convolution {
    Check.atLeast("convolution", "filters", filters, 1);
    Check.atLeast("convolution", "kernel", kernel, 1);
    Check.atLeast("convolution", "stride", stride, 1);
    Check.atLeast("convolution", "padding", padding, 0);
    Check.atLeast("convolution", "groups", groups, 1);
    if (filters % groups != 0) {
      throw new IllegalArgumentException(
          "convolution: groups must divide the filters, but is %d for %d"
              .formatted(groups, filters));
    }
  }

  /**
   * A convolution with the defaults.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel the kernel's height and width, at least 1
   */
  public Convolution(int filters, int kernel) {
    this(filters, kernel, 1, kernel % 2 == 0 ? 0 : kernel / 2, 1, false, null);
  }

  /**
   * The same with another stride.
   *
   * @param stride at least 1
   * @return a new layer
   */
  public Convolution stride(int stride) {
    return new Convolution(filters, kernel, stride, padding, groups, bias, initial);
  }

  /**
   * The same with other padding.
   *
   * @param padding zeros on each side, at least 0
   * @return a new layer
   */
  public Convolution padding(int padding) {
    return new Convolution(filters, kernel, stride, padding, groups, bias, initial);
  }

  /**
   * The same in groups.
   *
   * @param groups a divisor of the numbers of input and output channels; both numbers for a
   *     depthwise convolution
   * @return a new layer
   */
  public Convolution groups(int groups) {
    return new Convolution(filters, kernel, stride, padding, groups, bias, initial);
  }

  /**
   * The same with a bias.
   *
   * @return a new layer
   */
  public Convolution withBias() {
    return new Convolution(filters, kernel, stride, padding, groups, true, initial);
  }

  /**
   * The same with other first weights.
   *
   * @param initial for instance {@link Initializer#normal}
   * @return a new layer
   */
  public Convolution initial(Initializer initial) {
    return new Convolution(filters, kernel, stride, padding, groups, bias, initial);
  }

  /**
   * The same with first weights by the outputs of an input, {@code kernel²·filters}, as torchvision
   * has them.
   *
   * @return a new layer
   */
  public Convolution fanOut() {
    return initial(Initializer.kaimingNormal(kernel * kernel * filters));
  }

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    int in = layers.channels(name, x);
    if (in % groups != 0) {
      throw new IllegalArgumentException(
          "convolution %s: groups must divide the input channels, but is %d for %d"
              .formatted(name, groups, in));
    }
    boolean depthwise = groups > 1 && groups == in && in == filters;
    List<Variable> own = new ArrayList<>();
    int fanIn = kernel * kernel * (in / groups);
    Variable weight =
        layers.variable(
            name + ".weight",
            Shape.of(kernel, kernel, in / groups, filters),
            Variable.Kind.WEIGHT,
            initial == null ? Initializer.kaimingNormal(fanIn) : initial);
    own.add(weight);
    Ops tf = layers.tf().withSubScope(name);
    // With stride 1 and an odd kernel "SAME" pads both sides alike; with stride 2 it would pad even
    // sizes on one side only, unlike PyTorch.
    boolean same = stride == 1 && kernel == 2 * padding + 1;
    String mode = same ? "SAME" : "VALID";
    Operand<TFloat32> input =
        same || padding == 0 ? x : tf.pad(x, Layers.border(tf, padding), tf.constant(0f));
    // The same numbers: on some processors TensorFlow differentiates the step of a kernel of 1
    // wrongly, or ends the process.
    boolean sliced = kernel == 1 && stride > 1;
    input = sliced ? everyNth(tf, input, stride) : input;
    int step = sliced ? 1 : stride;
    Operand<TFloat32> y;
    if (depthwise) {
      // The same numbers in the same order, with the last two axes named as TensorFlow requires.
      Operand<TFloat32> filter =
          tf.reshape(layers.read(weight), tf.constant(new int[] {kernel, kernel, in, 1}));
      y = layers.products().depthwiseConvolution(tf, input, filter, step, mode);
    } else {
      Operand<TFloat32> filter = layers.read(weight);
      filter = groups == 1 || layers.knowsGroups() ? filter : ungrouped(tf, filter, in);
      y = layers.products().convolution(tf, input, filter, step, mode, groups);
    }
    if (bias) {
      Variable added =
          layers.variable(
              name + ".bias", Shape.of(filters), Variable.Kind.UNDECAYED, Initializer.constant(0));
      own.add(added);
      y = tf.nn.biasAdd(y, layers.read(added));
    }
    return layers.record(name, describe(depthwise), y, own, (long) fanIn * filters);
  }

  private String describe(boolean depthwise) {
    String what = (depthwise ? "depthwise %d×%d" : "convolution %d×%d").formatted(kernel, kernel);
    String step = stride == 1 ? what : what + " / " + stride;
    return groups == 1 || depthwise ? step : "%s, %d groups".formatted(step, groups);
  }

  private static Operand<TFloat32> everyNth(Ops tf, Operand<TFloat32> x, int step) {
    Operand<TInt32> whole = tf.constant(new int[4]);
    return tf.stridedSlice(
        x,
        whole,
        whole,
        tf.constant(new int[] {1, step, step, 1}),
        StridedSlice.beginMask(0b1111L),
        StridedSlice.endMask(0b1111L));
  }

  // TensorFlow's plain kernels do not differentiate convolutions in groups, nor infer with a norm
  // behind them: there a group sees the channels of the others multiplied by zero.
  private Operand<TFloat32> ungrouped(Ops tf, Operand<TFloat32> weight, int in) {
    Operand<TInt32> groupOfInput = groupOf(tf, in, 1);
    Operand<TInt32> groupOfOutput = groupOf(tf, filters, 0);
    Operand<TFloat32> same =
        tf.dtypes.cast(tf.math.equal(groupOfInput, groupOfOutput), TFloat32.class);
    return tf.math.mul(tf.tile(weight, tf.constant(new int[] {1, 1, groups, 1})), same);
  }

  private Operand<TInt32> groupOf(Ops tf, int channels, int axis) {
    Operand<TInt32> all = tf.range(tf.constant(0), tf.constant(channels), tf.constant(1));
    return tf.expandDims(tf.math.floorDiv(all, tf.constant(channels / groups)), tf.constant(axis));
  }
}
