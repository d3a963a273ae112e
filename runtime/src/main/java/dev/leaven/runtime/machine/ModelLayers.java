package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.nn.AveragePool;
import dev.leaven.runtime.nn.BatchNorm;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.nn.MaxPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** The layers of a model with their sizes, read from the graph that {@link Layers} build. */
final class ModelLayers {

  // The batch size does not affect the choice of kernel.
  private static final int BATCH = 4;

  private static final int[][] CHANNELS = {
    {1, 16}, {3, 32}, {5, 24}, {24, 40}, {32, 144}, {64, 64}, {64, 128}, {144, 32}
  };

  private ModelLayers() {}

  /** The layers of a model, as they are built for a precision, for images of one size. */
  static Set<LayerShape> of(CheckRequest.Model model, int size, Precision precision) {
    return built(
        precision,
        layers ->
            model
                .architecture()
                .logits(
                    layers,
                    images(layers, size, model.channels()),
                    model.channels(),
                    model.classes()));
  }

  /**
   * One layer of each kind that models are made of: kernels of 1, 3 and 7, strides of 1 and 2,
   * groups, odd and even sizes, and channels that do and do not fill a vector of the processor.
   */
  static Set<LayerShape> usual(Precision precision) {
    return built(precision, ModelLayers::usual);
  }

  private static void usual(Layers layers) {
    int number = 0;
    for (int kernel : new int[] {1, 3}) {
      for (int stride : new int[] {1, 2}) {
        for (int[] channels : CHANNELS) {
          Convolution convolution = new Convolution(channels[1], kernel).stride(stride);
          layers.apply("conv" + number, convolution, images(layers, 7 + number % 2, channels[0]));
          number++;
        }
      }
    }
    layers.apply("stem", new Convolution(64, 7).stride(2), images(layers, 16, 3));
    for (int stride : new int[] {1, 2}) {
      Convolution grouped = new Convolution(64, 3).groups(16).stride(stride);
      layers.apply("grouped" + stride, grouped, images(layers, 8, 64));
      layers.apply("depthwise" + stride, depthwise(24, 3).stride(stride), images(layers, 7, 24));
      layers.apply("wide" + stride, depthwise(144, 3).stride(stride), images(layers, 8, 144));
    }
    layers.apply("large", depthwise(32, 7), images(layers, 8, 32));
    layers.apply("odd", depthwise(33, 3), images(layers, 8, 33));
    layers.apply(new MaxPool(3).stride(2), images(layers, 8, 32));
    layers.apply(new AveragePool(), images(layers, 7, 24));
    layers.apply("norm", new BatchNorm(), images(layers, 7, 40));
    Operand<TFloat32> features =
        layers.tf().placeholder(TFloat32.class, Placeholder.shape(Shape.of(BATCH, 512)));
    layers.apply("dense", new Dense(10), features);
  }

  private static Convolution depthwise(int channels, int kernel) {
    return new Convolution(channels, kernel).groups(channels);
  }

  private static Operand<TFloat32> images(Layers layers, int size, int channels) {
    Shape shape = Shape.of(BATCH, size, size, channels);
    return layers.tf().placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  private static Set<LayerShape> built(Precision precision, Consumer<Layers> build) {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Randomness randomness = Randomness.of(tf, 0, tf.constant(0L));
      build.accept(new Layers(tf, new Variables(tf), randomness).in(precision));
      Set<LayerShape> shapes = new LinkedHashSet<>();
      for (GraphOperation operation : GraphOps.all(graph)) {
        LayerShape shape = shape(operation);
        if (shape != null) {
          shapes.add(shape);
        }
      }
      return shapes;
    }
  }

  // Operations whose size is known only at run time are left out: attention's products are like
  // those of dense layers.
  private static @Nullable LayerShape shape(GraphOperation operation) {
    String type = operation.type();
    if (!LayerShape.OPERATIONS.contains(type) || unknown(operation.input(0).shape())) {
      return null;
    }
    List<Long> input = sizes(operation.input(0).shape());
    return switch (type) {
      case "MaxPoolV2" ->
          new LayerShape(
              type,
              input,
              window(constant(operation.input(1))),
              (int) constant(operation.input(2))[1],
              operation.attributes().getAttrString("padding"));
      case "AvgPool" ->
          new LayerShape(
              type,
              input,
              window(operation.attributes().getAttrIntList("ksize")),
              stride(operation),
              operation.attributes().getAttrString("padding"));
      case "FusedBatchNormV3" ->
          new LayerShape(type, input, input.subList(3, 4), 1, LayerShape.UNPADDED);
      case "Conv2D", "DepthwiseConv2dNative" ->
          new LayerShape(
              type,
              input,
              sizes(operation.input(1).shape()),
              stride(operation),
              operation.attributes().getAttrString("padding"));
      default ->
          unknown(operation.input(1).shape())
              ? null
              : new LayerShape(
                  type,
                  factor(operation, 0, "transpose_a", "adj_x"),
                  factor(operation, 1, "transpose_b", "adj_y"),
                  1,
                  LayerShape.UNPADDED);
    };
  }

  // The shape as it is multiplied: the gradients of a product have its factors transposed.
  private static List<Long> factor(
      GraphOperation operation, int number, String ofMatrices, String ofBatches) {
    List<Long> sizes = sizes(operation.input(number).shape());
    String transposed = operation.type().equals("MatMul") ? ofMatrices : ofBatches;
    if (operation.attributes().getAttrBool(transposed)) {
      Collections.swap(sizes, sizes.size() - 2, sizes.size() - 1);
    }
    return sizes;
  }

  private static boolean unknown(Shape shape) {
    return shape.isUnknown() || shape.hasUnknownDimension();
  }

  private static int stride(GraphOperation operation) {
    return (int) operation.attributes().getAttrIntList("strides")[1];
  }

  private static long[] constant(Output<?> operand) {
    try (Tensor value = ((GraphOperation) operand.op()).attributes().getAttrTensor("value")) {
      int[] values = new int[Math.toIntExact(value.size())];
      value.asRawTensor().data().asInts().read(values);
      return Arrays.stream(values).asLongStream().toArray();
    }
  }

  private static List<Long> window(long[] sizes) {
    return List.of(sizes[1], sizes[2]);
  }

  private static List<Long> sizes(Shape shape) {
    List<Long> sizes = new ArrayList<>();
    for (long size : shape.asArray()) {
      sizes.add(size);
    }
    return sizes;
  }
}
