package dev.leaven.runtime.machine;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** The operations of a {@link LayerShape}, in float32 and in float64. */
class LayerGraph {

  private static final double EPSILON = 1e-3;
  private static final double SCALE = 2;
  private static final double OFFSET = 0.5;
  private static final double MEAN = 0.25;
  private static final double VARIANCE = 3;

  private final Ops tf;
  private final LayerShape shape;
  private final List<Long> strides;
  private final boolean between;

  /**
   * Creates the operations of a layer.
   *
   * @param between whether the narrow layer is computed in bfloat16 between casts, as on a GPU; on
   *     a CPU the session inserts them
   */
  LayerGraph(Ops tf, LayerShape shape, boolean between) {
    this.tf = tf;
    this.shape = shape;
    this.between = between && !shape.isPool();
    this.strides = List.of(1L, (long) shape.stride(), (long) shape.stride(), 1L);
  }

  Operand<TFloat32> narrow(Operand<TFloat32> x, Operand<TFloat32> w) {
    if (!shape.operation().equals("FusedBatchNormV3")) {
      return between
          ? tf.dtypes.cast(
              layer(tf.dtypes.cast(x, TBfloat16.class), tf.dtypes.cast(w, TBfloat16.class)),
              TFloat32.class)
          : layer(x, w);
    }
    Operand<TFloat32> unused = tf.constant(new float[0]);
    return tf.nn
        .<TFloat32, TFloat32>fusedBatchNorm(
            x,
            w,
            w,
            unused,
            unused,
            FusedBatchNorm.isTraining(true),
            FusedBatchNorm.epsilon((float) EPSILON))
        .y();
  }

  Operand<TFloat64> wide(Operand<TFloat64> x, Operand<TFloat64> w) {
    if (shape.operation().equals("FusedBatchNormV3")) {
      return wideBatchNorm(x, w);
    }
    return shape.groups() == 1 ? layer(x, w) : layer(x, ungrouped(w));
  }

  // TensorFlow's plain kernels do not differentiate convolutions in groups.
  private Operand<TFloat64> ungrouped(Operand<TFloat64> w) {
    int in = shape.window(2);
    int out = shape.window(3);
    int groups = shape.groups();
    double[] own = new double[in * groups * out];
    for (int i = 0; i < own.length; i++) {
      own[i] = i / out / in == i % out / (out / groups) ? 1 : 0;
    }
    return tf.math.mul(
        tf.tile(w, tf.constant(new int[] {1, 1, groups, 1})),
        tf.constant(Shape.of(1, 1, (long) in * groups, out), DataBuffers.of(own)));
  }

  private <T extends TNumber> Operand<T> layer(Operand<T> x, Operand<T> w) {
    return switch (shape.operation()) {
      case "Conv2D" -> tf.nn.conv2d(x, w, strides, shape.padding());
      case "DepthwiseConv2dNative" -> tf.nn.depthwiseConv2dNative(x, w, strides, shape.padding());
      case "MatMul" -> tf.linalg.matMul(x, w);
      case "BatchMatMulV3" -> tf.train.batchMatMul(x, w, x.type());
      case "MaxPoolV2" ->
          tf.nn.maxPool(
              x,
              tf.constant(new int[] {1, shape.window(0), shape.window(1), 1}),
              tf.constant(new int[] {1, shape.stride(), shape.stride(), 1}),
              shape.padding());
      case "AvgPool" ->
          tf.nn.avgPool(
              x,
              List.of(1L, (long) shape.window(0), (long) shape.window(1), 1L),
              strides,
              shape.padding());
      default -> throw new IllegalStateException("there is no layer " + shape.operation());
    };
  }

  // TensorFlow's norm has no float64. The vector is both the norm's scale and its offset.
  private Operand<TFloat64> wideBatchNorm(Operand<TFloat64> x, Operand<TFloat64> w) {
    Operand<TInt32> axes = tf.constant(new int[] {0, 1, 2});
    Operand<TFloat64> mean = tf.math.mean(x, axes, Mean.keepDims(true));
    Operand<TFloat64> centred = tf.math.sub(x, mean);
    Operand<TFloat64> variance = tf.math.mean(tf.math.square(centred), axes, Mean.keepDims(true));
    Operand<TFloat64> deviation = tf.math.add(variance, tf.constant(EPSILON));
    return tf.math.add(tf.math.mul(tf.math.mul(centred, tf.math.rsqrt(deviation)), w), w);
  }

  /** The layer, a batch norm with fixed statistics and a ReLU. */
  Operand<TFloat32> normalized(Operand<TFloat32> x, Operand<TFloat32> w) {
    return tf.nn.relu(
        tf.nn
            .<TFloat32, TFloat32>fusedBatchNorm(
                narrow(x, w),
                filled(SCALE),
                filled(OFFSET),
                filled(MEAN),
                filled(VARIANCE),
                FusedBatchNorm.isTraining(false),
                FusedBatchNorm.epsilon((float) EPSILON))
            .y());
  }

  Operand<TFloat64> wideNormalized(Operand<TFloat64> y) {
    double scale = SCALE / Math.sqrt(VARIANCE + EPSILON);
    return tf.nn.relu(
        tf.math.add(
            tf.math.mul(tf.math.sub(y, tf.constant(MEAN)), tf.constant(scale)),
            tf.constant(OFFSET)));
  }

  private Operand<TFloat32> filled(double value) {
    int[] channels = {Math.toIntExact(shape.output().get(3))};
    return tf.fill(tf.constant(channels), tf.constant((float) value));
  }
}
