package dev.leaven.runtime.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class LayerShapeTest {

  private static final String ALL =
      """
      Conv2D,4x7x7x64,3x3x64x32,1,SAME         | a 3×3 convolution of 64 to 32 channels at 7 px
      Conv2D,4x14x14x32,1x1x32x64,2,VALID      | a 1×1 convolution with stride 2 of 32 to 64 channels at 14 px
      Conv2D,4x8x8x64,3x3x4x64,2,SAME          | a 3×3 convolution with stride 2 of 64 to 64 channels in 16 groups at 8 px
      DepthwiseConv2dNative,4x9x9x24,3x3x24x2,1,SAME | a 3×3 depthwise convolution of 24 channels at 9 px
      DepthwiseConv2dNative,4x9x9x24,7x7x24x1,2,VALID | a 7×7 depthwise convolution with stride 2 of 24 channels at 9 px
      MatMul,4x512,512x10,1,VALID              | a matrix product of 4x512 and 512x10
      BatchMatMulV3,4x9x5,4x5x6,1,VALID        | a matrix product of 4x9x5 and 4x5x6
      MaxPoolV2,4x10x10x32,3x3,2,VALID         | a max pool of 3×3 with stride 2 with 32 channels at 10 px
      AvgPool,4x7x7x24,2x2,2,SAME              | an average pool of 2×2 with stride 2 with 24 channels at 7 px
      AvgPool,4x7x7x24,2x2,1,SAME              | an average pool of 2×2 with 24 channels at 7 px
      FusedBatchNormV3,4x7x7x40,40,1,VALID     | a batch norm of 40 channels at 7 px
      """;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = ALL)
  void hasAKeyAndAName(String key, String name) {
    LayerShape shape = LayerShape.of(key);
    assertThat(shape.describe()).isEqualTo(name);
    assertThat(shape.key()).isEqualTo(key);
    assertThat(LayerShape.of(shape.key())).isEqualTo(shape);
  }

  private static Shape output(LayerShape shape) {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      return new LayerGraph(tf, shape, false)
          .narrow(placeholder(tf, shape.input()), placeholder(tf, shape.other()))
          .shape();
    }
  }

  private static Operand<TFloat32> placeholder(Ops tf, List<Long> sizes) {
    Shape shape = Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
    return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = ALL)
  void knowsTheSizesOfItsOutput(String key, String name) {
    LayerShape shape = LayerShape.of(key);
    assertThat(shape.output()).as(name).containsExactlyElementsOf(sizes(output(shape)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SAME", "VALID"})
  void knowsThemForEveryStepAndSide(String padding) {
    for (int side = 7; side <= 10; side++) {
      for (int window = 1; window <= 4; window++) {
        for (int stride = 1; stride <= 3; stride++) {
          long height = side;
          List<Long> input = List.of(2L, height, height + 3, 6L);
          for (LayerShape shape :
              List.of(
                  shape("Conv2D", input, List.of((long) window, 2L, 6L, 5L), stride, padding),
                  shape("MaxPoolV2", input, List.of((long) window, 2L), stride, padding))) {
            assertThat(shape.output())
                .as(shape.key())
                .containsExactlyElementsOf(sizes(output(shape)));
          }
        }
      }
    }
  }

  private static LayerShape shape(
      String operation, List<Long> input, List<Long> other, int stride, String padding) {
    return new LayerShape(operation, input, other, stride, padding);
  }

  private static List<Long> sizes(Shape shape) {
    return java.util.Arrays.stream(shape.asArray()).boxed().toList();
  }

  @Test
  void countsItsGroups() {
    assertThat(LayerShape.of("Conv2D,4x8x8x64,3x3x4x64,1,SAME").groups()).isEqualTo(16);
    assertThat(LayerShape.of("Conv2D,4x8x8x64,3x3x64x64,1,SAME").groups()).isEqualTo(1);
    assertThat(LayerShape.of("MatMul,4x512,256x10,1,VALID").groups()).isEqualTo(1);
  }

  @Test
  void isNoOtherOperation() {
    assertThatThrownBy(() -> LayerShape.of("Conv3D,4x7,3x3,1,SAME"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no check of the operation Conv3D");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Conv2D",
        "Conv2D,4x7,3x3,1",
        "MatMul,4x8,8x2,one,VALID",
        "MatMul,4xa,8x2,1,VALID"
      })
  void isNotReadFromAnythingElse(String key) {
    assertThatThrownBy(() -> LayerShape.of(key)).isInstanceOf(IllegalArgumentException.class);
  }
}
