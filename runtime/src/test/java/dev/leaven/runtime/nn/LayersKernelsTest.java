package dev.leaven.runtime.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GradientCheck;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** Layers that are built otherwise because some kernels are wrong: the numbers stay the same. */
@Tag("slow")
class LayersKernelsTest {

  // Sums of at most 45 products of numbers near 1, each rounded by 6e-8.
  private static final double ROUNDING = 5e-6;

  private final Optional<Kernels> ofProcess = Kernels.ofProcess();
  private final GraphRun run = new GraphRun();
  private final Variables variables = new Variables(run.tf());

  @AfterEach
  void restore() {
    run.close();
    ofProcess.ifPresent(Kernels::chosen);
  }

  private Layers layers(Precision precision) {
    return new Layers(run.tf(), variables, true).in(precision);
  }

  private Reference.Array images(int height, int width, int channels) {
    float[] numbers = GraphRun.numbers(height * 100 + width, 2 * height * width * channels);
    return Reference.Array.of(numbers, 2, height, width, channels);
  }

  private Operand<TFloat32> constant(Reference.Array array) {
    float[] floats = new float[array.values().length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.values()[i];
    }
    return GraphRun.array(
        run.tf(), floats, array.batch(), array.height(), array.width(), array.channels());
  }

  private double[] weight() {
    return run.fetch(variables.all().iterator().next().read(run.tf()));
  }

  private List<GraphOperation> convolutions() {
    List<GraphOperation> found = new ArrayList<>();
    run.graph()
        .operations()
        .forEachRemaining(
            operation -> {
              if (operation.type().equals("Conv2D")) {
                found.add(operation);
              }
            });
    return found;
  }

  private static void close(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected).containsExactly(expected, within(ROUNDING));
  }

  @ParameterizedTest
  @CsvSource({"6, 8, 2", "5, 7, 2", "7, 8, 3", "1, 1, 2"})
  void aStridedConvolutionOf1IsThatOfEveryNthPixel(int height, int width, int stride) {
    Reference.Array images = images(height, width, 3);
    Operand<TFloat32> y =
        layers(Precision.FLOAT32)
            .apply("conv", new Convolution(4, 1).stride(stride), constant(images));
    run.initialize(variables, 1);
    close(run.fetch(y), Reference.convolution(images, weight(), 4, 1, stride).values());
    assertThat(convolutions())
        .singleElement()
        .satisfies(
            operation ->
                assertThat(operation.attributes().getAttrIntList("strides"))
                    .containsExactly(1, 1, 1, 1));
  }

  /** On a GPU a session inserts no casts for bfloat16, and nowhere for float16. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void whatIsNarrowIsComputedBetweenCasts(Precision precision) {
    Kernels.chosen(Kernels.CUDA);
    Reference.Array images = images(6, 8, 3);
    Operand<TFloat32> y = layers(precision).apply("conv", new Convolution(4, 3), constant(images));
    run.initialize(variables, 1);
    double[] expected = Reference.convolution(images, weight(), 4, 3, 1).values();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double[] actual = run.fetch(y);
    for (int i = 0; i < expected.length; i++) {
      // Factors and result are rounded to 8 bits or more: three times 0.2 %, and as much for the
      // sum.
      assertThat(actual[i]).isCloseTo(expected[i], within(0.012 * largest));
    }
    assertThat(convolutions())
        .singleElement()
        .extracting(operation -> operation.attributes().getAttrType("T"))
        .isEqualTo(precision == Precision.FLOAT16 ? DataType.DT_HALF : DataType.DT_BFLOAT16);
  }

  @Test
  void itsGradientIsRightToo() {
    Layers layers = layers(Precision.FLOAT32);
    Operand<TFloat32> x = constant(images(6, 8, 2));
    Operand<TFloat32> y = layers.apply("conv", new Convolution(3, 1).stride(2), x);
    run.initialize(variables, 3);
    List<Operand<TFloat32>> inputs = new ArrayList<>(List.of(x));
    inputs.addAll(layers.trained().values());
    GradientCheck.check(run, y, inputs);
  }

  /** What a session in float32 computes with layers that are built for bfloat16. */
  private List<double[]> valuesAndGradients(
      Precision precision,
      int channels,
      BiFunction<Layers, Operand<TFloat32>, Operand<TFloat32>> layer) {
    Layers layers = layers(precision);
    Operand<TFloat32> x = constant(images(5, 6, channels));
    Operand<TFloat32> y = layer.apply(layers, x);
    run.initialize(variables, 3);
    List<Operand<?>> fetched = new ArrayList<>(List.of(y));
    Output<?>[] by = {x.asOutput(), layers.trained().values().iterator().next().asOutput()};
    // Squared, so that each element has another share in the gradient.
    Operand<TFloat32> loss = run.tf().math.square(y);
    fetched.addAll(List.of(run.graph().addGradients(loss.asOutput(), by)));
    return run.fetch(java.util.Map.of(), fetched);
  }

  @ParameterizedTest
  @CsvSource({"3, 3, 2, 4", "5, 1, 1, 6", "3, 7, 1, 4", "1, 3, 1, 1", "2, 3, 1, 2"})
  void anOddNumberOfChannelsIsPaddedForBfloat16(int channels, int kernel, int stride, int built) {
    BiFunction<Layers, Operand<TFloat32>, Operand<TFloat32>> convolution =
        (layers, x) -> layers.apply("conv", new Convolution(4, kernel).stride(stride), x);
    List<double[]> plain = valuesAndGradients(Precision.FLOAT32, channels, convolution);
    List<double[]> padded = valuesAndGradients(Precision.BFLOAT16, channels, convolution);
    assertThat(convolutions())
        .extracting(operation -> operation.input(1).shape().get(2))
        .containsExactly((long) channels, (long) built);
    same(padded, plain);
  }

  private static void same(List<double[]> actual, List<double[]> expected) {
    assertThat(actual).hasSize(3);
    for (int i = 0; i < 3; i++) {
      double largest = java.util.Arrays.stream(expected.get(i)).map(Math::abs).max().orElseThrow();
      assertThat(largest).isPositive();
      assertThat(actual.get(i))
          .hasSameSizeAs(expected.get(i))
          // Zeros add nothing, but another kernel may sum in another order.
          .containsExactly(expected.get(i), within(ROUNDING * largest));
    }
  }

  @Test
  void aDenseLayerOfEachPixelIsPaddedAsWell() {
    BiFunction<Layers, Operand<TFloat32>, Operand<TFloat32>> dense =
        (layers, x) -> layers.apply("dense", new Dense(4).weights(Initializer.normal(1)), x);
    List<double[]> plain = valuesAndGradients(Precision.FLOAT32, 3, dense);
    List<double[]> padded = valuesAndGradients(Precision.BFLOAT16, 3, dense);
    assertThat(convolutions())
        .extracting(operation -> operation.input(1).shape())
        .containsExactly(Shape.of(1, 1, 3, 4), Shape.of(1, 1, 4, 4));
    same(padded, plain);
  }

  /** Each group by itself, with its part of the channels and of the filter. */
  private static double[] grouped(
      Reference.Array images, double[] weight, int out, int kernel, int stride, int groups) {
    int in = images.channels() / groups;
    int each = out / groups;
    double[] result = null;
    for (int group = 0; group < groups; group++) {
      Reference.Array part =
          new Reference.Array(images.batch(), images.height(), images.width(), in);
      for (int i = 0; i < part.values().length; i++) {
        part.values()[i] = images.values()[i / in * images.channels() + group * in + i % in];
      }
      double[] filter = new double[weight.length / groups];
      for (int i = 0; i < filter.length; i++) {
        filter[i] = weight[i / each * out + group * each + i % each];
      }
      double[] y = Reference.convolution(part, filter, each, kernel, stride).values();
      result = result == null ? new double[y.length * groups] : result;
      for (int i = 0; i < y.length; i++) {
        result[i / each * out + group * each + i % each] = y[i];
      }
    }
    return result;
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void groupsAreConvolvedByThemselves(Kernels kernels) {
    Kernels.chosen(kernels);
    Reference.Array images = images(5, 6, 6);
    Convolution shape = new Convolution(9, 3).groups(3).stride(2);
    Operand<TFloat32> y = layers(Precision.FLOAT32).apply("conv", shape, constant(images));
    run.initialize(variables, 1);
    assertThat(convolutions())
        .singleElement()
        .extracting(operation -> operation.input(1).shape())
        .isEqualTo(Shape.of(3, 3, kernels == Kernels.PLAIN ? 6 : 2, 9));
    // TensorFlow's plain kernels compute groups without a gradient.
    close(run.fetch(y), grouped(images, weight(), 9, 3, 2, 3));
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void groupsForPlainKernelsAreDifferentiated(int stride) {
    Kernels.chosen(Kernels.PLAIN);
    Layers layers = layers(Precision.FLOAT32);
    Operand<TFloat32> x = constant(images(4, 5, 4));
    Convolution shape = new Convolution(6, 3).groups(2).stride(stride);
    Operand<TFloat32> y = layers.apply("conv", shape, x);
    run.initialize(variables, 3);
    List<Operand<TFloat32>> inputs = new ArrayList<>(List.of(x));
    inputs.addAll(layers.trained().values());
    GradientCheck.check(run, y, inputs);
  }
}
