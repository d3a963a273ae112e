package dev.leaven.runtime.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.machine.LayerTests.Deviation;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Layers that a test breaks, each in another way, are found; the same layers unbroken are right.
 */
class LayerTestsTest {

  private static final LayerShape PRODUCT = LayerShape.of("MatMul,4x8,8x3,1,VALID");
  private static final LayerShape CONVOLUTION = LayerShape.of("Conv2D,2x6x6x2,3x3x2x4,1,SAME");
  // Float32 sums of a few products.
  private static final double ROUNDING = 1e-5;

  private static Deviation deviation(
      LayerShape shape, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> broken) {
    BiFunction<Ops, LayerShape, LayerGraph> graphs =
        (tf, of) ->
            new LayerGraph(tf, of, false) {
              @Override
              Operand<TFloat32> narrow(Operand<TFloat32> x, Operand<TFloat32> w) {
                return broken.apply(tf, super.narrow(x, w));
              }
            };
    try (LayerTests tests = new LayerTests(List.of(shape), graphs)) {
      return tests.run(Precision.FLOAT32).get(shape);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MatMul,4x8,8x3,1,VALID",
        "BatchMatMulV3,2x4x8,2x8x3,1,VALID",
        "Conv2D,2x6x6x2,3x3x2x4,1,SAME",
        "DepthwiseConv2dNative,2x6x6x4,3x3x4x1,2,VALID",
        "MaxPoolV2,2x7x7x4,3x3,2,VALID",
        "AvgPool,2x7x7x4,2x2,2,SAME",
        "FusedBatchNormV3,4x5x5x3,3,1,VALID",
      })
  void isRightWhereNothingIsBroken(String key) {
    Deviation deviation = deviation(LayerShape.of(key), (tf, y) -> y);
    assertThat(deviation.output()).isLessThan(ROUNDING);
    assertThat(deviation.gradient()).isLessThan(ROUNDING);
    assertThat(deviation.repeated()).isTrue();
  }

  @Test
  void findsAWrongValueAndItsGradient() {
    Deviation deviation = deviation(PRODUCT, (tf, y) -> tf.math.mul(y, tf.constant(1.25f)));
    assertThat(deviation.output()).isCloseTo(0.25, within(ROUNDING));
    assertThat(deviation.gradient()).isCloseTo(0.25, within(ROUNDING));
    assertThat(deviation.repeated()).isTrue();
  }

  @Test
  void findsAWrongGradientOfARightValue() {
    Deviation deviation =
        deviation(
            PRODUCT,
            (tf, y) -> {
              Operand<TFloat32> half = tf.math.mul(y, tf.constant(0.5f));
              return tf.math.add(half, tf.stopGradient(half));
            });
    assertThat(deviation.output()).isLessThan(ROUNDING);
    assertThat(deviation.gradient()).isCloseTo(0.5, within(ROUNDING));
  }

  @Test
  void findsASingleWrongValue() {
    float[] offsets = new float[4 * 3];
    offsets[7] = 1;
    Deviation deviation =
        deviation(
            PRODUCT,
            (tf, y) ->
                tf.math.add(y, tf.reshape(tf.constant(offsets), tf.constant(new int[] {4, 3}))));
    assertThat(deviation.output()).isGreaterThan(0.1);
    assertThat(deviation.gradient()).isLessThan(ROUNDING);
  }

  /** Wherever it is: a maximum may pass over what is not a number. */
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void whatIsNotANumberIsInfinitelyWrong(float value) {
    for (int place : new int[] {0, 1, 5, 11}) {
      float[] offsets = new float[4 * 3];
      offsets[place] = value;
      Deviation deviation =
          deviation(
              PRODUCT,
              (tf, y) ->
                  tf.math.add(y, tf.reshape(tf.constant(offsets), tf.constant(new int[] {4, 3}))));
      assertThat(deviation.output()).as("at %d", place).isInfinite();
    }
  }

  @Test
  void findsWhatDiffersFromRunToRun() {
    Deviation deviation =
        deviation(
            PRODUCT,
            (tf, y) ->
                tf.math.add(
                    y, tf.stopGradient(tf.random.randomUniform(tf.shape(y), TFloat32.class))));
    assertThat(deviation.repeated()).isFalse();
  }

  @Test
  void findsAFaultOfAConvolutionWithItsNormOnly() {
    BiFunction<Ops, LayerShape, LayerGraph> graphs =
        (tf, of) ->
            new LayerGraph(tf, of, false) {
              @Override
              Operand<TFloat32> normalized(Operand<TFloat32> x, Operand<TFloat32> w) {
                return tf.math.mul(super.normalized(x, w), tf.constant(0.75f));
              }
            };
    try (LayerTests tests = new LayerTests(List.of(CONVOLUTION), graphs)) {
      Deviation deviation = tests.run(Precision.FLOAT32).get(CONVOLUTION);
      assertThat(deviation.output()).isCloseTo(0.25, within(ROUNDING));
      assertThat(deviation.gradient()).isLessThan(ROUNDING);
    }
  }

  @Test
  void tellsLayersOfAGraphApart() {
    LayerShape other = LayerShape.of("MatMul,4x8,8x5,1,VALID");
    BiFunction<Ops, LayerShape, LayerGraph> graphs =
        (tf, of) ->
            new LayerGraph(tf, of, false) {
              @Override
              Operand<TFloat32> narrow(Operand<TFloat32> x, Operand<TFloat32> w) {
                Operand<TFloat32> y = super.narrow(x, w);
                return of.equals(other) ? tf.math.neg(y) : y;
              }
            };
    try (LayerTests tests = new LayerTests(List.of(CONVOLUTION, other, PRODUCT), graphs)) {
      Map<LayerShape, Deviation> found = tests.run(Precision.FLOAT32);
      assertThat(found).containsOnlyKeys(CONVOLUTION, other, PRODUCT);
      assertThat(found.get(other).output()).isCloseTo(2, within(ROUNDING));
      assertThat(found.get(other).gradient()).isCloseTo(2, within(ROUNDING));
      for (LayerShape right : List.of(CONVOLUTION, PRODUCT)) {
        assertThat(found.get(right).output()).isLessThan(ROUNDING);
        assertThat(found.get(right).gradient()).isLessThan(ROUNDING);
      }
    }
  }
}
