package dev.leaven.runtime.internal.graph;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.loss.SoftTargetCrossEntropy;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.nn.Layers;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/** What is refused here crashes or miscounts when it is differentiated, so nothing is. */
class GraphAuditTest {

  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  private static void audit(Shape shape, BiFunction<Ops, Operand<TFloat32>, Operand<?>> layer) {
    audit(Precision.FLOAT32, shape, layer);
  }

  private static void audit(
      Precision precision, Shape shape, BiFunction<Ops, Operand<TFloat32>, Operand<?>> layer) {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Operand<TFloat32> x =
          tf.withSubScope("input").placeholder(TFloat32.class, Placeholder.shape(shape));
      Operand<?> loss = layer.apply(tf.withSubScope("stages.0").withSubScope("conv"), x);
      GraphAudit.check(graph, loss, List.of(x), precision);
    }
  }

  private static void refuses(
      String reason, Shape shape, BiFunction<Ops, Operand<TFloat32>, Operand<?>> layer) {
    refuses(Precision.FLOAT32, reason, shape, layer);
  }

  private static void refuses(
      Precision precision,
      String reason,
      Shape shape,
      BiFunction<Ops, Operand<TFloat32>, Operand<?>> layer) {
    assertThatThrownBy(() -> audit(precision, shape, layer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("layer stages.0/conv cannot be trained: " + reason);
  }

  private static void accepts(
      Precision precision, Shape shape, BiFunction<Ops, Operand<TFloat32>, Operand<?>> layer) {
    assertThatCode(() -> audit(precision, shape, layer)).doesNotThrowAnyException();
  }

  private static Operand<TFloat32> kernel(Ops tf) {
    return tf.zeros(tf.constant(new int[] {3, 3, 2, 1}), TFloat32.class);
  }

  @Test
  void refusesADilatedConvolution() {
    refuses(
        "the gradient of a dilated Conv2D is wrong; use SpaceToBatchND",
        Shape.of(1, 8, 8, 2),
        (tf, x) ->
            tf.nn.conv2d(x, kernel(tf), ONES, "SAME", Conv2d.dilations(List.of(1L, 2L, 2L, 1L))));
    refuses(
        "the gradient of a dilated DepthwiseConv2dNative is wrong; use SpaceToBatchND",
        Shape.of(1, 8, 8, 2),
        (tf, x) ->
            tf.nn.depthwiseConv2dNative(
                x,
                kernel(tf),
                ONES,
                "SAME",
                DepthwiseConv2dNative.dilations(List.of(1L, 2L, 2L, 1L))));
  }

  @Test
  void refusesExplicitPadding() {
    refuses(
        "the gradient of explicit padding fails; pad first and use VALID",
        Shape.of(1, 8, 8, 2),
        (tf, x) ->
            tf.nn.conv2d(
                x,
                kernel(tf),
                ONES,
                "EXPLICIT",
                Conv2d.explicitPaddings(List.of(0L, 0L, 1L, 1L, 1L, 1L, 0L, 0L))));
  }

  private static Operand<TFloat32> convolution(
      Ops tf, Operand<TFloat32> x, int kernel, int channels, long stride) {
    Operand<TFloat32> filter =
        tf.zeros(tf.constant(new int[] {kernel, kernel, channels, 4}), TFloat32.class);
    return tf.nn.conv2d(x, filter, List.of(1L, stride, stride, 1L), "SAME");
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT32", "BFLOAT16"})
  void refusesAStridedConvolutionOf1(Precision precision) {
    refuses(
        precision,
        "a 1×1 convolution with a stride is differentiated wrongly on some processors; slice its"
            + " input with the stride first",
        Shape.of(1, 8, 8, 2),
        (tf, x) -> convolution(tf, x, 1, 2, 2));
    accepts(precision, Shape.of(1, 8, 8, 2), (tf, x) -> convolution(tf, x, 1, 2, 1));
    accepts(precision, Shape.of(1, 8, 8, 2), (tf, x) -> convolution(tf, x, 3, 2, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 33})
  void refusesOddChannelsInBfloat16Only(int channels) {
    Shape shape = Shape.of(1, 8, 8, channels);
    refuses(
        Precision.BFLOAT16,
        "a convolution of %d channels is computed wrongly in bfloat16 on some processors; pad the"
                .formatted(channels)
            + " channels to an even number",
        shape,
        (tf, x) -> convolution(tf, x, 3, channels, 1));
    accepts(Precision.FLOAT32, shape, (tf, x) -> convolution(tf, x, 3, channels, 1));
    accepts(Precision.FLOAT16, shape, (tf, x) -> convolution(tf, x, 3, channels, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 32})
  void acceptsOneChannelAndEvenOnesInBfloat16(int channels) {
    accepts(
        Precision.BFLOAT16,
        Shape.of(1, 8, 8, channels),
        (tf, x) -> convolution(tf, x, 3, channels, 2));
  }

  @Test
  void refusesLogSoftmaxOfAnyRankButTwo() {
    refuses(
        "the gradient of LogSoftmax is right for rank 2 only; reshape first",
        Shape.of(1, 8, 8, 2),
        (tf, x) -> tf.nn.logSoftmax(x));
    assertThatCode(() -> audit(Shape.of(8, 2), (tf, x) -> tf.nn.logSoftmax(x)))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesReferenceVariables() {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Operand<TFloat32> x = tf.withSubScope("head").variable(Shape.of(3), TFloat32.class);
      assertThatThrownBy(
              () -> GraphAudit.check(graph, tf.math.square(x), List.of(x), Precision.FLOAT32))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "layer head cannot be trained: TensorFlow ends the process when a reference variable"
                  + " is differentiated; use a resource variable");
    }
  }

  @Test
  void refusesLogitsOfHalfPrecision() {
    refuses(
        "its logits must be cast to float32 for the loss",
        Shape.of(4, 2),
        (tf, x) -> {
          Operand<TBfloat16> logits = tf.withSubScope("cast").dtypes.cast(x, TBfloat16.class);
          return tf.nn.softmaxCrossEntropyWithLogits(logits, tf.zerosLike(logits)).loss();
        });
  }

  @Test
  void refusesAnOperationWithoutGradient() {
    refuses(
        "TensorFlow has no gradient for the operation Ceil",
        Shape.of(4),
        (tf, x) -> tf.math.ceil(x));
    refuses(
        "TensorFlow has no gradient for the operation SparseSoftmaxCrossEntropyWithLogits",
        Shape.of(4, 2),
        (tf, x) ->
            tf.nn
                .sparseSoftmaxCrossEntropyWithLogits(x, tf.constant(new int[] {0, 1, 0, 1}))
                .loss());
  }

  @Test
  void doesNotMindWhatIsNotBetweenInputAndLoss() {
    assertThatCode(
            () ->
                audit(
                    Shape.of(4),
                    (tf, x) -> {
                      tf.math.ceil(x);
                      return tf.math.mul(x, tf.math.ceil(tf.constant(0.5f)));
                    }))
        .doesNotThrowAnyException();
  }

  @Test
  void acceptsAResidualNetworkAndItsLoss() {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Operand<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, 3)));
      Layers layers = new Layers(tf, new Variables(tf), true);
      Operand<TFloat32> logits = new XResNet(18).logits(layers, images, 3, 10);
      Operand<TFloat32> targets =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 10)));
      Operand<TFloat32> loss = new SoftTargetCrossEntropy().perImage(tf, logits, targets);
      assertThatCode(
              () -> GraphAudit.check(graph, loss, layers.trained().values(), Precision.FLOAT32))
          .doesNotThrowAnyException();
    }
  }
}
