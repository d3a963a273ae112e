package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class RandomResizedCropTest {

  private static final int MANY = 20_000;

  /** A box in shares of the image: its size, and its left upper corner. */
  private record Box(double width, double height, double left, double top, int attempt) {

    double area() {
      return width * height;
    }

    double ratio() {
      return width / height;
    }
  }

  private static float[] draws(long seed, int images) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] draws = new float[images * 22];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = (float) (random.nextInt(1 << 24) * 0x1p-24);
    }
    return draws;
  }

  private static List<Box> boxes(RandomResizedCrop crop, float[] draws) {
    double[] matrices =
        GraphRun.values(tf -> crop.matrices(tf, array(tf, draws, draws.length / 22, 22)));
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < matrices.length; i += 9) {
      double[] m = Arrays.copyOfRange(matrices, i, i + 9);
      assertThat(new double[] {m[1], m[3], m[6], m[7], m[8]}).containsExactly(0, 0, 0, 0, 1);
      boxes.add(new Box(m[0], m[4], (m[2] - m[0] + 1) / 2, (m[5] - m[4] + 1) / 2, -1));
    }
    return boxes;
  }

  // The reference: fastai's RandomResizedCrop on an image of side 1, with its places unrounded.
  private static Box reference(RandomResizedCrop crop, float[] draws, int image) {
    int at = image * 22;
    for (int attempt = 0; attempt < 10; attempt++) {
      double area = crop.minScale() + draws[at + attempt] * (crop.maxScale() - crop.minScale());
      double logRatio =
          Math.log(crop.minRatio())
              + draws[at + 10 + attempt] * (Math.log(crop.maxRatio()) - Math.log(crop.minRatio()));
      double width = Math.sqrt(area * Math.exp(logRatio));
      double height = Math.sqrt(area / Math.exp(logRatio));
      if (width <= 1 && height <= 1) {
        return new Box(
            width, height, draws[at + 20] * (1 - width), draws[at + 21] * (1 - height), attempt);
      }
    }
    double width = crop.maxRatio() < 1 ? crop.maxRatio() : 1;
    double height = crop.minRatio() > 1 ? 1 / crop.minRatio() : 1;
    return new Box(width, height, (1 - width) / 2, (1 - height) / 2, 10);
  }

  private static int[] compare(RandomResizedCrop crop, int images) {
    float[] draws = draws(11, images);
    List<Box> boxes = boxes(crop, draws);
    int[] attempts = new int[11];
    for (int i = 0; i < images; i++) {
      Box box = boxes.get(i);
      Box expected = reference(crop, draws, i);
      // The sides are at most 1 and go through five roundings of float32 in exp, √ and ·.
      assertThat(box.width()).isCloseTo(expected.width(), within(5e-7));
      assertThat(box.height()).isCloseTo(expected.height(), within(5e-7));
      assertThat(box.left()).isCloseTo(expected.left(), within(5e-7));
      assertThat(box.top()).isCloseTo(expected.top(), within(5e-7));
      attempts[expected.attempt()]++;
    }
    return attempts;
  }

  @Test
  void followsTheReferenceFromTheFirstAttemptToTheFallback() {
    int[] attempts = compare(new RandomResizedCrop(0.8, 1, 0.4, 3, 0), 2000);
    assertThat(attempts[0]).isPositive();
    assertThat(attempts[1]).isPositive();
    assertThat(attempts[9]).isPositive();
    assertThat(attempts[10]).isPositive();
    compare(RandomResizedCrop.from(0.08), 2000);
    compare(RandomResizedCrop.presized(), 2000);
  }

  @Test
  void whereNoAttemptFitsTheLargestCentredBoxIsTaken() {
    assertThat(compare(new RandomResizedCrop(1, 1, 2, 3, 0), 5)[10]).isEqualTo(5);
    assertThat(compare(new RandomResizedCrop(1, 1, 0.25, 0.5, 0), 5)[10]).isEqualTo(5);
  }

  @Test
  void everyBoxIsInsideOfTheImage() {
    for (Box box : boxes(RandomResizedCrop.from(0.08), draws(12, MANY))) {
      // One rounding of float32 near 1.
      assertThat(box.left()).isGreaterThan(-1.2e-7);
      assertThat(box.top()).isGreaterThan(-1.2e-7);
      assertThat(box.left() + box.width()).isLessThan(1 + 1.2e-7);
      assertThat(box.top() + box.height()).isLessThan(1 + 1.2e-7);
    }
  }

  @Test
  void presizedBoxesAreSquareAndOfEvenlyDistributedArea() {
    List<Box> boxes = boxes(RandomResizedCrop.presized(), draws(13, MANY));
    for (Box box : boxes) {
      assertThat(box.width()).isEqualTo(box.height());
    }
    isEven(boxes, Box::area, 0.75, 1);
  }

  @Test
  void areasAreEvenAndRatiosEvenOnALogarithmicScale() {
    // Half of the image at ratio 4/3 has sides of at most 0.82, so that every attempt fits.
    List<Box> boxes = boxes(new RandomResizedCrop(0.1, 0.5, 3.0 / 4, 4.0 / 3, 0), draws(14, MANY));
    isEven(boxes, Box::area, 0.1, 0.5);
    isEven(boxes, box -> Math.log(box.ratio()), Math.log(3.0 / 4), Math.log(4.0 / 3));
    isEven(boxes, box -> box.left() / (1 - box.width()), 0, 1);
    isEven(boxes, box -> box.top() / (1 - box.height()), 0, 1);
  }

  private static void isEven(List<Box> boxes, ToDoubleFunction<Box> what, double low, double high) {
    double[] values = boxes.stream().mapToDouble(what).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    // Four standard errors, of the mean and of the share below each quantile.
    assertThat(mean).isCloseTo((low + high) / 2, within(4 * (high - low) / Math.sqrt(12.0 * MANY)));
    for (double q : new double[] {0.1, 0.25, 0.5, 0.75, 0.9}) {
      double bound = low + q * (high - low);
      double below = (double) Arrays.stream(values).filter(v -> v < bound).count() / MANY;
      assertThat(below).isCloseTo(q, within(4 * Math.sqrt(q * (1 - q) / MANY)));
    }
  }

  @Test
  void validationIsResizedToMoreThanItsCentre() {
    RandomResizedCrop crop = RandomResizedCrop.from(0.35);
    assertThat(crop.validationSide(128)).isEqualTo(152);
    assertThat(crop.validationSide(224)).isEqualTo(256);
    assertThat(crop.validationSide(256)).isEqualTo(296);
    assertThat(RandomResizedCrop.presized().validationSide(128)).isEqualTo(128);
    // 50 · 0.16 / 8 is 1, although 8.000000000000002 or 7.99… may come out.
    assertThat(new RandomResizedCrop(0.5, 1, 1, 1, 0.16).validationSide(50)).isEqualTo(58);
  }

  @Test
  void presizingLeavesRoomForTheSmallestBox() {
    assertThat(RandomResizedCrop.presized().presize(128)).isEqualTo(148);
    assertThat(RandomResizedCrop.presized().presize(224)).isEqualTo(259);
    assertThat(new RandomResizedCrop(1, 1, 1, 1, 0).presize(128)).isEqualTo(128);
    assertThat(new RandomResizedCrop(0.25, 1, 1, 1, 0).presize(100)).isEqualTo(200);
  }

  @Test
  void refusesParametersOutOfTheirRanges() {
    refuses(0.5, 1.5, 1, 1, 0, "maxScale must be between 0 and 1, but is 1.5");
    refuses(0, 1, 1, 1, 0, "minScale must be above 0, but is 0");
    refuses(0.9, 0.5, 1, 1, 0, "minScale must be between 0 and 0.5, but is 0.9");
    refuses(0.5, 1, -1, 1, 0, "minRatio must be above 0, but is -1");
    refuses(0.5, 1, 1, Double.NaN, 0, "maxRatio must be above 0, but is NaN");
    refuses(0.5, 1, 2, 1, 0, "minRatio must be between 0 and 1, but is 2");
    refuses(0.5, 1, 1, 1, -0.1, "validationExtra must be between 0 and 1, but is -0.1");
  }

  private static void refuses(
      double minScale,
      double maxScale,
      double minRatio,
      double maxRatio,
      double extra,
      String message) {
    assertThatThrownBy(() -> new RandomResizedCrop(minScale, maxScale, minRatio, maxRatio, extra))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("randomResizedCrop: " + message);
  }
}
