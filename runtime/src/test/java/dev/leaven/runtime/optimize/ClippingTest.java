package dev.leaven.runtime.optimize;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;

class ClippingTest {

  private static final float[] KERNEL = {3, -4, 0, 12, .5f, 0};
  private static final float[] BIAS = {1, -2};
  private static final float[] HEAD = {10, 20};

  /** A kernel of three rows and two output channels, a bias, and a last layer. */
  private static double[][] clipped(Clipping clipping, double weight) {
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Variables variables = new Variables(tf);
      Initializer initial = Initializer.constant(weight);
      Variable kernel = variables.get("kernel", Shape.of(3, 2), Variable.Kind.WEIGHT, initial);
      Variable bias = variables.get("bias", Shape.of(2), Variable.Kind.UNDECAYED, initial);
      Variable head = variables.get("head", Shape.of(1, 2), Variable.Kind.WEIGHT, initial);
      run.initialize(variables, 1);
      List<Optimizer.Update> updates =
          List.of(
              new Optimizer.Update(kernel, array(tf, KERNEL, 3, 2)),
              new Optimizer.Update(bias, array(tf, BIAS, 2)),
              new Optimizer.Update(head, array(tf, HEAD, 1, 2)));
      List<double[]> gradients = new ArrayList<>();
      for (Optimizer.Update update : clipping.clip(tf, updates)) {
        gradients.add(run.fetch(update.gradient()));
      }
      return gradients.toArray(double[][]::new);
    }
  }

  private static void scaled(double[] actual, float[] gradient, double factor) {
    for (int i = 0; i < actual.length; i++) {
      // float32 keeps seven digits.
      assertThat(actual[i]).isCloseTo(gradient[i] * factor, within(1e-6 * 20));
    }
  }

  @Test
  void theGlobalNormIsThatOfAllGradients() {
    double norm = Math.sqrt(9 + 16 + 144 + .25 + 1 + 4 + 100 + 400);
    double[][] gradients = clipped(new ClipNorm(5), 1);
    scaled(gradients[0], KERNEL, 5 / norm);
    scaled(gradients[1], BIAS, 5 / norm);
    scaled(gradients[2], HEAD, 5 / norm);
  }

  @Test
  void aSmallerNormIsLeftAlone() {
    double[][] gradients = clipped(new ClipNorm(27), 1);
    scaled(gradients[0], KERNEL, 1);
    scaled(gradients[2], HEAD, 1);
  }

  @Test
  void valuesAreClippedEachByItself() {
    double[][] gradients = clipped(new ClipValue(3.5), 1);
    assertThat(gradients[0]).containsExactly(3, -3.5, 0, 3.5, .5, 0);
    assertThat(gradients[1]).containsExactly(1, -2);
    assertThat(gradients[2]).containsExactly(3.5, 3.5);
  }

  @Test
  void adaptiveClippingGoesByTheLengthOfEachUnit() {
    // Each output channel of the kernel has the length √3 · 2, the bias √2 · 2.
    double[][] gradients = clipped(new AdaptiveClip(0.5, 1e-3), 2);
    double first = Math.sqrt(9 + .25);
    double second = Math.sqrt(16 + 144);
    assertThat(gradients[0][0]).isCloseTo(3 * Math.min(1, Math.sqrt(3) / first), within(1e-6));
    assertThat(gradients[0][1]).isCloseTo(-4 * Math.sqrt(3) / second, within(1e-6));
    assertThat(gradients[0][3]).isCloseTo(12 * Math.sqrt(3) / second, within(1e-6));
    scaled(gradients[1], BIAS, Math.sqrt(2) / Math.sqrt(5));
    // The last layer is left alone.
    scaled(gradients[2], HEAD, 1);
  }

  @Test
  void aUnitOfZerosMayStillMove() {
    double[][] gradients = clipped(new AdaptiveClip(0.01, 1e-3), 0);
    scaled(gradients[1], BIAS, 1e-5 / Math.sqrt(5));
    assertThat(gradients[1][0]).isPositive();
  }

  @Test
  void whatCannotBeClippedIsRefused() {
    assertThatThrownBy(() -> new ClipNorm(0))
        .hasMessage("clipGradients: maxNorm must be above 0, but is 0");
    assertThatThrownBy(() -> new ClipValue(-1))
        .hasMessage("clipGradients: maxValue must be above 0, but is -1");
    assertThatThrownBy(() -> new AdaptiveClip(0.01, 0))
        .hasMessage("clipGradients: epsilon must be above 0, but is 0");
  }
}
