package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GaussianBlurTest {

  private static final int SIDE = 20;
  private static final int[][] PLACES = {{0, 0}, {5, 7}, {13, 4}, {19, 16}};

  private static float[] image() {
    float[] image = new float[SIDE * SIDE * 3];
    for (int i = 0; i < image.length; i++) {
      int y = i / 3 / SIDE;
      int x = i / 3 % SIDE;
      int c = i % 3;
      image[i] = (20 + (37 * x + 11 * x * y + 5 * y * y * (c + 1) + 71 * c) % 180) / 255f;
    }
    return image;
  }

  private static double[] blur(GaussianBlur blur, float[] images, int batch, float... draws) {
    return GraphRun.values(
        tf ->
            blur.apply(
                tf,
                array(tf, images, batch, SIDE, images.length / batch / SIDE / 3, 3),
                array(tf, draws, batch, 2)));
  }

  @ParameterizedTest
  @CsvSource({
    // torchvision's gaussian_blur in float32 with a kernel of 2⌈3·maxSigma⌉ + 1: maxSigma, sigma,
    // the mean over the whole result, and the colours of four places.
    "1, 0.5, 0.439410, 0.115667 0.398314 0.648221 0.334075 0.416847 0.467684 0.572843 0.564476"
        + " 0.631271 0.633658 0.372110 0.531502",
    "1, 1.0, 0.439649, 0.224773 0.505885 0.499924 0.384739 0.513439 0.500350 0.582629 0.456322"
        + " 0.509878 0.500399 0.468844 0.455358",
    "2, 2.0, 0.439508, 0.347603 0.496417 0.438814 0.410699 0.466842 0.457855 0.526342 0.445295"
        + " 0.454255 0.454970 0.459148 0.404991",
    "5, 5.0, 0.440068, 0.406935 0.450325 0.436432 0.422169 0.452103 0.431601 0.447536 0.454713"
        + " 0.442821 0.437467 0.446776 0.438528"
  })
  void givesTorchvisionsPixels(double maxSigma, double sigma, double mean, String colours) {
    float draw = (float) ((sigma - 0.1) / (maxSigma - 0.1));
    double[] blurred = blur(new GaussianBlur(0.1, maxSigma, 1), image(), 1, 0, draw);
    double[] expected =
        Arrays.stream(colours.split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(Arrays.stream(blurred).average().orElseThrow()).isCloseTo(mean, within(2e-6));
    for (int i = 0; i < expected.length; i++) {
      int[] place = PLACES[i / 3];
      // Six decimals are given; sigma has an error of 1e-7, sums of 31² weights one of 1e-6.
      assertThat(blurred[(place[0] * SIDE + place[1]) * 3 + i % 3])
          .as("place %d, channel %d", i / 3, i % 3)
          .isCloseTo(expected[i], within(3e-6));
    }
  }

  @Test
  void eachImageIsBlurredByItsOwnDrawsOrNotAtAll() {
    GaussianBlur blur = new GaussianBlur(0.5, 2, 0.6);
    float[] images = new float[4 * image().length];
    for (int i = 0; i < 4; i++) {
      System.arraycopy(image(), 0, images, i * image().length, image().length);
    }
    double[] blurred = blur(blur, images, 4, 0.1f, 0.2f, 0.6f, 0.3f, 0.59f, 0.8f, 0.99f, 0);
    for (int i = 0; i < 4; i++) {
      double[] own = Arrays.copyOfRange(blurred, i * image().length, (i + 1) * image().length);
      if (i % 2 == 1) {
        for (int p = 0; p < own.length; p++) {
          assertThat(own[p]).isEqualTo(image()[p]);
        }
      } else {
        double[] alone = blur(blur, image(), 1, 0, i == 0 ? 0.2f : 0.8f);
        for (int p = 0; p < own.length; p++) {
          // Products of several matrices may add in another order.
          assertThat(own[p]).isCloseTo(alone[p], within(1e-6));
        }
      }
    }
  }

  @Test
  void aPointBecomesAGaussianOfTheDrawnWidth() {
    // An impulse at the centre of an oblong image; its variance along each axis is sigma².
    int width = 40;
    float[] point = new float[SIDE * width * 3];
    Arrays.fill(point, (10 * width + 20) * 3, (10 * width + 20) * 3 + 3, 1);
    double[] seen = blur(new GaussianBlur(1, 1.5, 1), point, 1, 0, 0.5f);
    double sum = 0;
    double across = 0;
    double down = 0;
    for (int i = 0; i < seen.length; i += 3) {
      int y = i / 3 / width - 10;
      int x = i / 3 % width - 20;
      sum += seen[i];
      across += seen[i] * x * x;
      down += seen[i] * y * y;
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
    // The kernel ends at four standard deviations, beyond which lies a thousandth of the variance.
    assertThat(across).isCloseTo(1.25 * 1.25, within(2e-3));
    assertThat(down).isCloseTo(1.25 * 1.25, within(2e-3));
  }

  @Test
  void sigmasAreEvenAndAsManyImagesAreBlurredAsTheProbabilitySays() {
    int many = 4000;
    GaussianBlur blur = new GaussianBlur(0.5, 1, 0.4);
    // In the middle of a bright row of one pixel is seen 1/(1 + 2·Σ exp(-d²/2σ²)).
    int side = 8;
    float[] images = new float[many * side * side];
    for (int i = 0; i < many; i++) {
      Arrays.fill(images, i * 64 + 4 * side, i * 64 + 5 * side, 1);
    }
    float[] draws = GraphRun.numbers(31, 2 * many);
    for (int i = 0; i < draws.length; i++) {
      draws[i] = Math.min((draws[i] + 1) / 2, Math.nextDown(1f));
    }
    double[] seen =
        GraphRun.values(
            tf ->
                blur.apply(tf, array(tf, images, many, side, side, 1), array(tf, draws, many, 2)));
    int blurred = 0;
    int below = 0;
    for (int i = 0; i < many; i++) {
      double middle = seen[i * 64 + 4 * side + 4];
      blurred += middle < 1 ? 1 : 0;
      below += middle < 1 && middle > peak(0.75) ? 1 : 0;
    }
    // Four standard errors.
    assertThat((double) blurred / many).isCloseTo(0.4, within(4 * Math.sqrt(0.24 / many)));
    assertThat((double) below / blurred).isCloseTo(0.5, within(4 * Math.sqrt(0.25 / blurred)));
  }

  private static double peak(double sigma) {
    double sum = 1;
    for (int d = 1; d <= 3; d++) {
      sum += 2 * Math.exp(-d * d / (2 * sigma * sigma));
    }
    return 1 / sum;
  }

  @Test
  void parametersOutOfTheirRangesAreRefused() {
    assertThat(new GaussianBlur(0.1, 2, 0).isNeutral()).isTrue();
    assertThat(new GaussianBlur().isNeutral()).isFalse();
    refuses(0, 2, 0.5, "minSigma must be above 0, but is 0");
    refuses(0.1, 6, 0.5, "maxSigma must be between 0 and 5, but is 6");
    refuses(3, 2, 0.5, "minSigma must be between 0 and 2, but is 3");
    refuses(0.1, 2, 1.5, "probability must be between 0 and 1, but is 1.5");
  }

  private static void refuses(double min, double max, double probability, String message) {
    assertThatThrownBy(() -> new GaussianBlur(min, max, probability))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gaussianBlur: " + message);
  }
}
