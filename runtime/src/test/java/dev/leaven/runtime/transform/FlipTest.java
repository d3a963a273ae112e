package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class FlipTest {

  private static double[] matrices(double probability, float... draws) {
    return GraphRun.values(
        tf -> new Flip(probability).matrices(tf, array(tf, draws, draws.length, 1)));
  }

  @Test
  void mirrorsImagesWhoseDrawIsBelowTheProbability() {
    assertThat(matrices(0.25, 0.2f, 0.25f, 0.9f))
        .containsExactly(
            -1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1);
  }

  @Test
  void zeroNeverMirrorsAndOneAlways() {
    assertThat(matrices(0, 0f)[0]).isEqualTo(1);
    assertThat(matrices(1, Math.nextDown(1f))[0]).isEqualTo(-1);
  }

  @Test
  void asManyImagesAreMirroredAsTheProbabilitySays() {
    int many = 20_000;
    double[] matrices =
        GraphRun.values(
            tf ->
                new Flip(0.3)
                    .matrices(
                        tf,
                        Randomness.of(tf, 5, tf.constant(6L))
                            .purpose("flip")
                            .uniform(tf.constant(new int[] {many, 1}))));
    long mirrored = IntStream.range(0, many).filter(i -> matrices[9 * i] < 0).count();
    // Four standard errors.
    assertThat((double) mirrored / many).isCloseTo(0.3, within(4 * Math.sqrt(0.21 / many)));
  }

  @Test
  void theMirroredImageHasEveryPixelInItsOtherPlace() {
    int side = 8;
    float[] image = GraphRun.numbers(1, side * side * 3);
    double[] mirrored =
        GraphRun.values(
            tf -> {
              Operand<TFloat32> matrices = new Flip(1).matrices(tf, array(tf, new float[1], 1, 1));
              return Resampler.sample(
                  tf, array(tf, image, 1, side, side, 3), matrices, tf.constant(side));
            });
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        for (int c = 0; c < 3; c++) {
          assertThat(mirrored[(y * side + x) * 3 + c])
              .isEqualTo(image[(y * side + side - 1 - x) * 3 + c]);
        }
      }
    }
  }

  @Test
  void refusesAProbabilityOutOfItsRange() {
    assertThatThrownBy(() -> new Flip(-0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("flip: probability must be between 0 and 1, but is -0.1");
    assertThatThrownBy(() -> new Flip(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("flip: probability must be between 0 and 1, but is NaN");
  }
}
