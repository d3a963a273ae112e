package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation's pixels against those of torchvision, whose integer ones are Pillow's. */
class OperationTest {

  private static final int SIDE = 20;
  private static final int[][] PLACES = {{0, 0}, {5, 7}, {13, 4}, {17, 16}};

  /**
   * What torchvision makes of {@link #image}, on float32 where it can and else on bytes: operation,
   * strength, the mean over the whole result, the colours at {@link #PLACES}.
   */
  private static final String GOLDEN =
      """
      BRIGHTNESS 0.45 0.62873 0.11373 0.51745 0.92118 0.39235 0.48333 0.57431 0.82451 0.91549 1.00000 1.00000 0.48333 0.91549
      BRIGHTNESS -0.45 0.24157 0.04314 0.19627 0.34941 0.14882 0.18333 0.21784 0.31275 0.34725 0.38176 0.40765 0.18333 0.34725
      COLOR 0.6 0.44224 0.00000 0.38777 0.83326 0.23992 0.34031 0.44071 0.53798 0.63837 0.73876 0.89237 0.23982 0.71669
      COLOR -0.6 0.44102 0.21458 0.32595 0.43732 0.30125 0.32635 0.35145 0.59928 0.62437 0.64947 0.58998 0.42684 0.54606
      CONTRAST 0.7 0.45040 0.00000 0.29711 0.77044 0.15044 0.25711 0.36378 0.65711 0.76378 0.87044 0.95044 0.25711 0.76378
      CONTRAST -0.7 0.44132 0.33308 0.41661 0.50014 0.39073 0.40956 0.42838 0.48014 0.49897 0.51779 0.53191 0.40956 0.49897
      SHARPNESS 0.9 0.44581 0.07843 0.35686 0.63529 0.21357 0.17044 0.32278 0.56048 0.76169 0.81629 0.92851 0.26817 0.75354
      SHARPNESS -0.9 0.43865 0.07843 0.35686 0.63529 0.32760 0.49623 0.46938 0.57677 0.50106 0.57195 0.55385 0.39849 0.50920
      AUTO_CONTRAST 0 0.51306 0.00000 0.39665 0.79213 0.27374 0.36313 0.44944 0.69832 0.78771 0.87640 0.94413 0.36313 0.78652
      INVERT 0 0.56078 0.92157 0.64314 0.36471 0.72941 0.66667 0.60392 0.43137 0.36863 0.30588 0.25882 0.66667 0.36863
      POSTERIZE 3 0.37773 0.00000 0.25098 0.62745 0.25098 0.25098 0.37647 0.50196 0.62745 0.62745 0.62745 0.25098 0.62745
      POSTERIZE 6 0.43333 0.07843 0.34510 0.62745 0.26667 0.32941 0.39216 0.56471 0.62745 0.69020 0.73725 0.32941 0.62745
      SOLARIZE 128 0.31864 0.07843 0.35686 0.36471 0.27059 0.33333 0.39608 0.43137 0.36863 0.30588 0.25882 0.33333 0.36863
      SOLARIZE 60 0.42006 0.07843 0.64314 0.36471 0.72941 0.66667 0.60392 0.43137 0.36863 0.30588 0.25882 0.66667 0.36863
      EQUALIZE 0 0.67592 0.00000 0.56078 1.00000 0.41569 0.49804 0.67059 1.00000 1.00000 1.00000 1.00000 0.49804 1.00000
      """;

  static Stream<String> goldens() {
    return GOLDEN.lines();
  }

  private static float[] image(int channels) {
    float[] image = new float[SIDE * SIDE * channels];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        for (int c = 0; c < channels; c++) {
          int level = 20 + (37 * x + 11 * x * y + 5 * y * y * (c + 1) + 71 * c) % 180;
          image[(y * SIDE + x) * channels + c] = level / 255f;
        }
      }
    }
    return image;
  }

  private static double[] apply(
      Operation operation, float[] images, int batch, int channels, float... strengths) {
    return GraphRun.values(
        tf ->
            operation.apply(
                tf, array(tf, images, batch, SIDE, SIDE, channels), array(tf, strengths, batch)));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void givesTorchvisionsPixels(String golden) {
    String[] words = golden.split(" ");
    double[] pixels =
        apply(Operation.valueOf(words[0]), image(3), 1, 3, Float.parseFloat(words[1]));
    // Five decimals are given.
    assertThat(Arrays.stream(pixels).average().orElseThrow())
        .isCloseTo(Double.parseDouble(words[2]), within(1e-5));
    for (int i = 0; i < 3 * PLACES.length; i++) {
      int[] place = PLACES[i / 3];
      assertThat(pixels[(place[0] * SIDE + place[1]) * 3 + i % 3])
          .as("row %d, column %d, channel %d", place[0], place[1], i % 3)
          .isCloseTo(Double.parseDouble(words[3 + i]), within(6e-6));
    }
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void everyImageGoesByItsOwnStrengthAndLevels(Operation operation) {
    float[] first = image(3);
    float[] second = new float[first.length];
    for (int i = 0; i < first.length; i++) {
      second[i] = 0.9f - first[i] * 0.7f;
    }
    float[] both = Arrays.copyOf(first, 2 * first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    float strong = operation == Operation.SOLARIZE ? 90 : operation.signed() ? 0.5f : 5;
    float weak = operation == Operation.SOLARIZE ? 200 : operation.signed() ? -0.2f : 2;
    double[] together = apply(operation, both, 2, 3, strong, weak);
    assertThat(Arrays.copyOf(together, first.length))
        .isEqualTo(apply(operation, first, 1, 3, strong));
    assertThat(Arrays.copyOfRange(together, first.length, both.length))
        .isEqualTo(apply(operation, second, 1, 3, weak));
    assertThat(Arrays.stream(together)).allMatch(value -> value >= 0 && value <= 1);
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void noImagesAreNoImages(Operation operation) {
    assertThat(apply(operation, new float[0], 0, 3)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void greyImagesAreTheColoursOfAGreyOne(Operation operation) {
    float[] grey = image(1);
    float[] colours = new float[3 * grey.length];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = grey[i / 3];
    }
    float strength = operation == Operation.SOLARIZE ? 128 : operation.signed() ? 0.4f : 4;
    double[] one = apply(operation, grey, 1, 1, strength);
    double[] three = apply(operation, colours, 1, 3, strength);
    for (int i = 0; i < three.length; i++) {
      // The weights of the three colours sum to 0.9999, as torchvision's do.
      assertThat(three[i]).isCloseTo(one[i / 3], within(2e-4));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"BRIGHTNESS", "COLOR", "CONTRAST", "SHARPNESS"})
  void aStrengthOfZeroChangesNothing(Operation operation) {
    float[] image = image(3);
    double[] same = apply(operation, image, 1, 3, 0);
    for (int i = 0; i < image.length; i++) {
      assertThat(same[i]).isEqualTo(image[i]);
    }
  }

  @Test
  void imagesOfOneLevelHaveNoContrastToStretchAndNothingToEqualize() {
    float[] flat = new float[SIDE * SIDE * 3];
    Arrays.fill(flat, 77 / 255f);
    for (Operation operation : new Operation[] {Operation.AUTO_CONTRAST, Operation.EQUALIZE}) {
      assertThat(apply(operation, flat, 1, 3, 0)).containsOnly(77 / 255f);
    }
  }
}
