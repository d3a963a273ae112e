package dev.leaven.runtime.model;

import dev.leaven.runtime.graph.GradientCheck;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Every layer's gradient by its input and by its weights, against central differences. */
class LayersGradientTest {

  private static void check(
      float[] input, long[] shape, BiFunction<Layers, Operand<TFloat32>, Operand<TFloat32>> layer) {
    try (GraphRun run = new GraphRun()) {
      Variables variables = new Variables(run.tf());
      Layers layers = new Layers(run.tf(), variables, true);
      Operand<TFloat32> x = GraphRun.array(run.tf(), input, shape);
      Operand<TFloat32> y = layer.apply(layers, x);
      if (!variables.all().isEmpty()) {
        run.initialize(variables, 3);
      }
      List<Operand<TFloat32>> inputs = new ArrayList<>(List.of(x));
      inputs.addAll(layers.trained().values());
      GradientCheck.check(run, y, inputs);
    }
  }

  private static void check(
      int height, int width, BiFunction<Layers, Operand<TFloat32>, Operand<TFloat32>> layer) {
    check(apart(2 * height * width * 2), new long[] {2, height, width, 2}, layer);
  }

  /**
   * Numbers from -1 to 1 without zero, all further from each other than two steps of the check, so
   * that no step reaches over a kink.
   */
  private static float[] apart(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      // 37 has no factor in common with the counts here: every number comes once, in disorder.
      numbers[i] = (2f * ((i * 37) % count) + 1) / count - 1;
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 5, 6",
    "3, 1, 5, 6",
    "3, 2, 6, 8",
    "3, 2, 5, 7",
  })
  void convolution(int kernel, int stride, int height, int width) {
    check(height, width, (layers, x) -> layers.convolution("conv", x, 2, 3, kernel, stride));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0})
  void batchNorm(double scale) {
    check(
        4,
        5,
        (layers, x) ->
            // A scale of zero hides the input, so that another path must show it.
            layers.tf().math.add(layers.batchNorm("norm", x, 2, scale), layers.relu(x)));
  }

  @Test
  void relu() {
    check(5, 6, Layers::relu);
  }

  @ParameterizedTest
  @CsvSource({"6, 8", "5, 7"})
  void maxPool(int height, int width) {
    check(height, width, Layers::maxPool);
  }

  @ParameterizedTest
  @CsvSource({"6, 8", "5, 7"})
  void averagePool(int height, int width) {
    check(height, width, Layers::averagePool);
  }

  @Test
  void globalAveragePool() {
    check(5, 7, Layers::globalAveragePool);
  }

  @Test
  void dense() {
    check(apart(10), new long[] {2, 5}, (layers, x) -> layers.dense("head", x, 5, 3));
  }

  @Test
  void aResidualBlockThatKeepsItsSize() {
    check(
        3,
        4,
        (layers, x) -> {
          Operand<TFloat32> branch = layers.convolution("a", x, 2, 2, 3, 1);
          branch = layers.relu(layers.batchNorm("an", branch, 2, 1));
          branch = layers.batchNorm("bn", layers.convolution("b", branch, 2, 2, 3, 1), 2, 0.7);
          return layers.relu(layers.tf().math.add(branch, x));
        });
  }

  @Test
  void aResidualBlockThatShrinks() {
    check(
        5,
        6,
        (layers, x) -> {
          Operand<TFloat32> branch = layers.convolution("a", x, 2, 2, 1, 1);
          branch = layers.relu(layers.batchNorm("an", branch, 2, 1));
          branch = layers.batchNorm("bn", layers.convolution("b", branch, 2, 3, 3, 2), 3, 0.7);
          Operand<TFloat32> shortcut =
              layers.batchNorm(
                  "sn", layers.convolution("s", layers.averagePool(x), 2, 3, 1, 1), 3, 1);
          return layers.dense(
              "head",
              layers.globalAveragePool(layers.relu(layers.tf().math.add(branch, shortcut))),
              3,
              4);
        });
  }
}
