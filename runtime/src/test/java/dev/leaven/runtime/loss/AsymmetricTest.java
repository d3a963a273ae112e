package dev.leaven.runtime.loss;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GradientCheck;
import dev.leaven.runtime.graph.GraphRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class AsymmetricTest {

  private static final float[] LOGITS = {1.5f, -.5f, 0, -4, .2f, 3};
  private static final float[] TARGETS = {1, 0, 1, 0, .3f, 0};

  private static double reference(int image, double negative, double positive, double clip) {
    double sum = 0;
    for (int k = 3 * image; k < 3 * image + 3; k++) {
      double p = 1 / (1 + Math.exp(-LOGITS[k]));
      double s = Math.max(p - clip, 0);
      double t = TARGETS[k];
      sum -= t * Math.pow(1 - p, positive) * Math.log(p);
      sum -= s == 0 ? 0 : (1 - t) * Math.pow(s, negative) * Math.log(1 - s);
    }
    return sum;
  }

  @Test
  void isTheFormulaOfThePaper() {
    for (double[] g : new double[][] {{4, 1, .05}, {2, 0, 0}, {1, 3, .3}}) {
      double[] losses =
          GraphRun.values(
              tf ->
                  new Asymmetric(g[0], g[1], g[2])
                      .perImage(tf, array(tf, LOGITS, 2, 3), array(tf, TARGETS, 2, 3)));
      // float32 keeps seven digits, a power loses one.
      assertThat(losses[0]).isCloseTo(reference(0, g[0], g[1], g[2]), within(1e-5));
      assertThat(losses[1]).isCloseTo(reference(1, g[0], g[1], g[2]), within(1e-5));
    }
  }

  @Test
  void hasTheRightGradient() {
    try (GraphRun run = new GraphRun()) {
      Operand<TFloat32> logits = array(run.tf(), LOGITS, 2, 3);
      GradientCheck.check(
          run,
          new Asymmetric().perImage(run.tf(), logits, array(run.tf(), TARGETS, 2, 3)),
          List.of(logits));
    }
  }
}
