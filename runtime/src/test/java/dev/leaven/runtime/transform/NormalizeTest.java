package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalizeTest {

  @Test
  void subtractsTheMeanAndDividesByTheDeviationOfEachChannel() {
    float[] images = {0, 0, 0, 1, 1, 1, .485f, .456f, .406f, .5f, .25f, .125f};
    double[] normalized =
        GraphRun.values(tf -> Normalize.imagenet().apply(tf, array(tf, images, 2, 1, 2, 3)));
    double[] mean = {.485, .456, .406};
    double[] std = {.229, .224, .225};
    for (int i = 0; i < images.length; i++) {
      double expected = (images[i] - mean[i % 3]) / std[i % 3];
      // float32 rounds the mean, the difference and the quotient near 2: 3 · 1.2e-7 / 0.224 · ½.
      assertThat(normalized[i]).isCloseTo(expected, within(8e-7));
    }
  }

  @Test
  void worksForOneChannel() {
    Normalize mnist = new Normalize(List.of(.131), List.of(.308));
    assertThat(mnist.channels()).isEqualTo(1);
    // Two roundings of a value near 3.
    assertThat(GraphRun.values(tf -> mnist.apply(tf, array(tf, new float[] {1}, 1, 1, 1, 1)))[0])
        .isCloseTo((1 - .131) / .308, within(5e-7));
  }

  @Test
  void theInverseGivesEveryByteBack() {
    float[] images = new float[256 * 3];
    for (int i = 0; i < images.length; i++) {
      images[i] = i / 3 / 255f;
    }
    double[] normalized =
        GraphRun.values(tf -> Normalize.imagenet().apply(tf, array(tf, images, 1, 16, 16, 3)));
    float[] seen = new float[images.length];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = (float) normalized[i];
    }
    float[] restored = Normalize.imagenet().inverse(seen);
    for (int i = 0; i < images.length; i++) {
      // Half a byte would do to show it; float32 is far nearer.
      assertThat(restored[i] * 255.0).isCloseTo(i / 3, within(1e-4));
    }
  }

  @Test
  void refusesStatisticsThatDoNotFitTogether() {
    refuses(
        List.of(.5),
        List.of(.2, .2),
        "normalize: there must be as many means as standard deviations, one for each channel,"
            + " but there are 1 and 2");
    refuses(
        List.of(),
        List.of(),
        "normalize: there must be as many means as standard deviations, one for each channel,"
            + " but there are 0 and 0");
    refuses(List.of(.5), List.of(0.0), "normalize: standard deviation must be above 0, but is 0");
  }

  private static void refuses(List<Double> mean, List<Double> std, String message) {
    assertThatThrownBy(() -> new Normalize(mean, std))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
