package dev.leaven.runtime.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.models.Models;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.Layers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

@Tag("slow")
class GradCamTest {

  private static final int SIDE = 8;
  private static final int WIDTH = 5;
  private static final int HIDDEN = 6;
  private static final int CLASSES = 3;

  /**
   * A net that bends after its pool, so that the weight of a channel differs from image to image,
   * unlike in a net that ends in pool and dense layer.
   */
  private static Operand<TFloat32> logits(Layers layers, Operand<TFloat32> images) {
    Operand<TFloat32> x = layers.apply("conv", new Convolution(WIDTH, 3).stride(2), images);
    x = layers.apply(new GlobalAveragePool(), layers.tf().math.tanh(x));
    x = layers.tf().math.tanh(layers.apply("hidden", new Dense(HIDDEN), x));
    return layers.apply("head", new Dense(CLASSES), x);
  }

  /** The same net after its convolution, in float64, on the features of one image. */
  private static double logit(
      double[] features, double[] w1, double[] b1, double[] w2, double[] b2, int output) {
    int places = features.length / WIDTH;
    double y = b2[output];
    for (int h = 0; h < HIDDEN; h++) {
      double sum = b1[h];
      for (int i = 0; i < features.length; i++) {
        sum += features[i] / places * w1[i % WIDTH * HIDDEN + h];
      }
      y += Math.tanh(sum) * w2[h * CLASSES + output];
    }
    return y;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void itIsTheFormulaInFloat64WithTheGradientFromDifferences(int output) {
    try (GraphRun run = new GraphRun()) {
      Variables variables = new Variables(run.tf());
      Layers layers = new Layers(run.tf(), variables, false);
      Operand<TFloat32> images =
          GraphRun.array(
              run.tf(), GraphRun.numbers(5, 2 * SIDE * SIDE), new long[] {2, SIDE, SIDE, 1});
      Operand<TFloat32> logits = logits(layers, images);
      Operand<TInt32> wanted = run.tf().constant(new int[] {output, output});
      Operand<TFloat32> heat =
          GradCam.heat(run.graph(), run.tf(), layers.features(), logits, wanted);
      run.initialize(variables, 11);
      List<Operand<?>> fetched = new ArrayList<>(List.of(heat, layers.features()));
      for (Variable variable : variables.all()) {
        fetched.add(variable.read(run.tf()));
      }
      List<double[]> values = run.fetch(new Feeds(), fetched);
      double[] all = values.get(1);
      int size = all.length / 2;

      for (int image = 0; image < 2; image++) {
        double[] a = new double[size];
        System.arraycopy(all, image * size, a, 0, size);
        // In the order of their making: conv, hidden weight and bias, head weight and bias.
        double[] alpha = new double[WIDTH];
        double step = 1e-5;
        for (int i = 0; i < size; i++) {
          double kept = a[i];
          a[i] = kept + step;
          double above =
              logit(a, values.get(3), values.get(4), values.get(5), values.get(6), output);
          a[i] = kept - step;
          double below =
              logit(a, values.get(3), values.get(4), values.get(5), values.get(6), output);
          a[i] = kept;
          alpha[i % WIDTH] += (above - below) / (2 * step) / (size / WIDTH);
        }
        for (int place = 0; place < size / WIDTH; place++) {
          double expected = 0;
          for (int k = 0; k < WIDTH; k++) {
            expected += alpha[k] * a[place * WIDTH + k];
          }
          // Float32 has 7 digits, the differences 1e-10; the values are about 0.01 to 0.1.
          assertThat(values.get(0)[image * size / WIDTH + place])
              .isCloseTo(Math.max(0, expected), within(1e-7));
        }
      }
      assertThat(Arrays.stream(values.get(0)).filter(value -> value > 1e-3)).isNotEmpty();
      assertThat(Arrays.stream(values.get(0)).filter(value -> value == 0)).isNotEmpty();
    }
  }

  static List<String> models() {
    return Models.names();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyArchitectureHasFeaturesOfA32ndOfTheImage(String name) {
    try (GraphRun run = new GraphRun()) {
      Layers layers = new Layers(run.tf(), new Variables(run.tf()), false);
      Placeholder<TFloat32> images =
          run.tf().placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, 128, 128, 3)));
      Architecture model = Models.named(name);
      Operand<TFloat32> logits = model.logits(layers, images, 3, 10);
      assertThat(layers.features().shape().asArray()).hasSize(4).startsWith(1, 4, 4);
      Operand<TFloat32> heat =
          GradCam.heat(
              run.graph(), run.tf(), layers.features(), logits, run.tf().constant(new int[] {3}));
      assertThat(heat.shape()).isEqualTo(Shape.of(1, 4, 4));
    }
  }

  @Test
  void aModelWithoutAPoolIsLookedAtInItsLastLayerWithPlaces() {
    try (GraphRun run = new GraphRun()) {
      Layers layers = new Layers(run.tf(), new Variables(run.tf()), false);
      Placeholder<TFloat32> images =
          run.tf().placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, 16, 16, 3)));
      Operand<TFloat32> x = layers.apply("a", new Convolution(4, 3).stride(2), images);
      x = layers.apply("b", new Convolution(2, 3).stride(2), x);
      layers.apply("c", new Dense(2), run.tf().reshape(x, run.tf().constant(new int[] {1, 32})));
      assertThat(layers.features()).isSameAs(x);
    }
  }
}
