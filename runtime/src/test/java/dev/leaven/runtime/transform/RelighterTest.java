package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Brightness, Contrast, Saturation, Hue and Grayscale, alone and in one pass. */
class RelighterTest {

  private static final int MANY = 20_000;

  static Stream<Lighting> techniques() {
    return Stream.of(
        new Brightness(0.5, 0.6),
        new Contrast(0.5, 0.6),
        new Saturation(0.5, 0.6),
        new Hue(0.3, 0.6),
        new Grayscale(0.6));
  }

  private static float[] uniform(long seed, int count) {
    float[] values = GraphRun.numbers(seed, count);
    for (int i = 0; i < count; i++) {
      values[i] = Math.min((values[i] + 1) / 2, Math.nextDown(1f));
    }
    return values;
  }

  private static double[] apply(
      Lighting lighting, float[] images, int batch, int side, int channels, float... draws) {
    return GraphRun.values(
        tf ->
            lighting.apply(
                tf,
                array(tf, images, batch, side, side, channels),
                array(tf, draws, batch, lighting.draws())));
  }

  // The reference for one image, in double.
  private static double[] reference(Lighting lighting, double[] image, float[] draws) {
    if (draws[0] >= 0.6f) {
      return image;
    }
    double[] result = image.clone();
    double signed = draws.length > 1 ? 2.0 * draws[1] - 1 : 0;
    if (lighting instanceof LogitLighting) {
      double c = 0.5 * (1 + 0.5 * signed);
      double factor = Math.exp(signed * Math.log(2));
      for (int i = 0; i < result.length; i++) {
        double x = Math.min(Math.max(image[i], 1e-7), (float) (1 - 1e-7));
        double logit = Math.log(x / (1 - x));
        logit = lighting instanceof Brightness ? logit + Math.log(c / (1 - c)) : logit * factor;
        result[i] = 1 / (1 + Math.exp(-logit));
      }
      return result;
    }
    for (int i = 0; i < result.length; i += 3) {
      double[] rgb = {image[i], image[i + 1], image[i + 2]};
      if (lighting instanceof Hue) {
        // Along the grey axis nothing changes; across it a plane turns.
        double mean = (rgb[0] + rgb[1] + rgb[2]) / 3;
        double angle = 2 * Math.PI * 0.3 * signed;
        double p = (2 * rgb[0] - rgb[1] - rgb[2]) / Math.sqrt(6);
        double q = (rgb[1] - rgb[2]) / Math.sqrt(2);
        double p2 = p * Math.cos(angle) - q * Math.sin(angle);
        double q2 = p * Math.sin(angle) + q * Math.cos(angle);
        rgb[0] = mean + 2 * p2 / Math.sqrt(6);
        rgb[1] = mean - p2 / Math.sqrt(6) + q2 / Math.sqrt(2);
        rgb[2] = mean - p2 / Math.sqrt(6) - q2 / Math.sqrt(2);
      } else {
        double grey = 0.2989 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
        double factor = lighting instanceof Grayscale ? 0 : Math.exp(signed * Math.log(2));
        for (int c = 0; c < 3; c++) {
          rgb[c] = factor * rgb[c] + (1 - factor) * grey;
        }
      }
      for (int c = 0; c < 3; c++) {
        result[i + c] = Math.min(1, Math.max(0, rgb[c]));
      }
    }
    return result;
  }

  private static void close(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      // Values from 0 to 1; a logit of up to 16 has an error of 1e-6, of which a sigmoid passes a
      // quarter at most.
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(1e-6));
    }
  }

  private static double[] doubles(float[] values, int from, int to) {
    double[] doubles = new double[to - from];
    for (int i = from; i < to; i++) {
      doubles[i - from] = values[i];
    }
    return doubles;
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "3, 4", "8, 4", "1, 7", "3, 7", "8, 7"})
  void everyTechniqueFollowsItsReference(int batch, int side) {
    techniques()
        .forEach(
            lighting -> {
              int size = side * side * 3;
              int n = lighting.draws();
              float[] images = uniform(batch, batch * size);
              images[0] = 0;
              images[1] = 1;
              float[] draws = uniform(side, batch * n);
              double[] actual = apply(lighting, images, batch, side, 3, draws);
              for (int i = 0; i < batch; i++) {
                double[] image = doubles(images, i * size, (i + 1) * size);
                float[] own = Arrays.copyOfRange(draws, i * n, (i + 1) * n);
                close(
                    Arrays.copyOfRange(actual, i * size, (i + 1) * size),
                    reference(lighting, image, own));
              }
            });
  }

  @Test
  void brightnessAndContrastGiveFastaisNumbers() {
    float[] image = {0.1f, 0.5f, 0.9f};
    // c = 0.6 is half of the way to (1 + 0.4)/2; the factor 1.25 is the end of 0.2.
    double[] brighter = GraphRun.values(tf -> tone(tf, image, new Brightness(0.4, 1), 0.75f));
    assertThat(brighter[0]).isCloseTo(0.14285714, within(1e-7));
    assertThat(brighter[1]).isCloseTo(0.6, within(1e-7));
    assertThat(brighter[2]).isCloseTo(0.93103448, within(1e-7));
    double[] stronger = GraphRun.values(tf -> tone(tf, image, new Contrast(0.2, 1), 1f));
    assertThat(stronger[0]).isCloseTo(0.06028288, within(1e-7));
    assertThat(stronger[1]).isCloseTo(0.5, within(1e-7));
    assertThat(stronger[2]).isCloseTo(0.93971712, within(1e-7));
  }

  private static Operand<TFloat32> tone(Ops tf, float[] image, Lighting lighting, float draw) {
    return lighting.apply(tf, array(tf, image, 1, 1, 3, 1), array(tf, new float[] {0, draw}, 1, 2));
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void drawsAtOrAboveTheProbabilityChangeNothing(Lighting lighting) {
    float[] images = uniform(4, 3 * 5 * 5 * 3);
    float[] draws = uniform(5, 3 * lighting.draws());
    for (int i = 0; i < draws.length; i += lighting.draws()) {
      draws[i] = 0.6f;
    }
    double[] actual = apply(lighting, images, 3, 5, 3, draws);
    for (int i = 0; i < images.length; i++) {
      // Three roundings of float32 on the way through the logit.
      assertThat(actual[i]).isCloseTo(images[i], within(3e-7));
    }
  }

  @Test
  void aThirdOfATurnExchangesTheChannels() {
    float[] image = {0.9f, 0.5f, 0.1f};
    float third = (float) ((1.0 / 3 + 0.5));
    double[] turned = apply(new Hue(0.5, 1), image, 1, 1, 3, 0, third);
    close(turned, new double[] {0.1f, 0.9f, 0.5f});
    close(
        apply(new Hue(0.5, 1), new float[] {0.3f, 0.3f, 0.3f}, 1, 1, 3, 0, 0.9f),
        new double[] {0.3f, 0.3f, 0.3f});
  }

  @ParameterizedTest
  @CsvSource({"brightness", "contrast", "saturation"})
  void whatIsDrawnIsEvenlyDistributed(String what) {
    float[] draws = uniform(6, 2 * MANY);
    double end = what.equals("brightness") ? 0.5 : Math.log(2);
    double[] values =
        switch (what) {
          case "brightness" ->
              each(
                  tf -> new Brightness(0.5, 1).line(tf, array(tf, draws, MANY, 2)).shift(),
                  v -> 2 / (1 + Math.exp(-v)) - 1);
          case "contrast" ->
              each(
                  tf -> new Contrast(0.5, 1).line(tf, array(tf, draws, MANY, 2)).slope(),
                  Math::log);
          default -> {
            double[] all =
                GraphRun.values(
                    tf -> new Saturation(0.5, 1).matrices(tf, array(tf, draws, MANY, 2)));
            double[] factors = new double[MANY];
            for (int i = 0; i < MANY; i++) {
              factors[i] = Math.log(all[9 * i] - all[9 * i + 3]);
            }
            yield factors;
          }
        };
    for (double value : values) {
      assertThat(value).isBetween(-end - 1e-5, end + 1e-5);
    }
    for (double q : new double[] {0.1, 0.25, 0.5, 0.75, 0.9}) {
      double bound = end * (2 * q - 1);
      double below = (double) Arrays.stream(values).filter(v -> v < bound).count() / MANY;
      // Four standard errors of the share below a quantile.
      assertThat(below).isCloseTo(q, within(4 * Math.sqrt(q * (1 - q) / MANY)));
    }
  }

  private static double[] each(
      java.util.function.Function<Ops, Operand<?>> build,
      java.util.function.DoubleUnaryOperator what) {
    return Arrays.stream(GraphRun.values(build)).map(what).toArray();
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void asManyImagesChangeAsTheProbabilitySays(Lighting lighting) {
    float[] draws = uniform(7, MANY * lighting.draws());
    float[] images = new float[MANY * 3];
    for (int i = 0; i < MANY; i++) {
      images[3 * i] = 0.3f;
      images[3 * i + 1] = 0.5f;
      images[3 * i + 2] = 0.6f;
    }
    double[] actual = apply(lighting, images, MANY, 1, 3, draws);
    ToDoubleFunction<Integer> change =
        i -> Math.abs(actual[3 * i] - 0.3f) + Math.abs(actual[3 * i + 1] - 0.5f);
    long changed = 0;
    for (int i = 0; i < MANY; i++) {
      changed += change.applyAsDouble(i) > 1e-6 ? 1 : 0;
    }
    // Four standard errors, and the few images whose draw is next to neutral.
    assertThat((double) changed / MANY)
        .isCloseTo(0.6, within(4 * Math.sqrt(0.6 * 0.4 / MANY) + 2e-4));
  }

  /** Applies a technique to given draws, whatever it is given; it hides that it is a tone. */
  private record Alone(Lighting technique) implements Lighting {

    @Override
    public int draws() {
      return technique.draws();
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, Operand<TFloat32> draws) {
      return technique.apply(tf, images, draws);
    }

    @Override
    public String describe() {
      return "alone";
    }
  }

  @Test
  void onePassIsOneAfterTheOther() {
    float[] images = uniform(8, 8 * 5 * 5 * 3);
    for (int i = 0; i < images.length; i++) {
      // Away from the ends, where the first of two clippings would be seen.
      images[i] = 0.35f + 0.3f * images[i];
    }
    List<Lighting> tones = List.of(new Brightness(0.4, 0.8), new Contrast(0.4, 0.8));
    List<Lighting> colours = List.of(new Saturation(0.2, 0.8), new Hue(0.1, 0.8));
    for (List<Lighting> all :
        List.of(tones, colours, Stream.concat(tones.stream(), colours.stream()).toList())) {
      double[] inOne =
          GraphRun.values(
              tf ->
                  new Relighter(all)
                      .apply(
                          tf,
                          array(tf, images, 8, 5, 5, 3),
                          Randomness.of(tf, 3, tf.constant(5L))));
      double[] oneByOne =
          GraphRun.values(
              tf -> {
                Operand<TFloat32> now = array(tf, images, 8, 5, 5, 3);
                for (int i = 0; i < all.size(); i++) {
                  String name = all.get(i).getClass().getSimpleName();
                  Operand<TFloat32> draws =
                      Randomness.of(tf, 3, tf.constant(5L))
                          .purpose("lighting %d %s".formatted(i, name))
                          .uniform(tf.constant(new int[] {8, all.get(i).draws()}));
                  now = new Alone(all.get(i)).apply(tf, now, draws);
                }
                return now;
              });
      close(inOne, oneByOne);
    }
  }

  @Test
  void withoutTechniquesImagesAreThemselves() {
    float[] images = uniform(10, 3 * 4 * 4);
    double[] same =
        GraphRun.values(
            tf ->
                new Relighter(List.of())
                    .apply(
                        tf, array(tf, images, 3, 4, 4, 1), Randomness.of(tf, 3, tf.constant(5L))));
    assertThat(same).isEqualTo(doubles(images, 0, images.length));
  }

  @Test
  void techniquesWithoutEffectSaySo() {
    assertThat(techniques()).noneMatch(Lighting::isNeutral);
    assertThat(
            List.of(
                new Brightness(0),
                new Contrast(0.2, 0),
                new Saturation(0),
                new Hue(0),
                new Grayscale(0)))
        .allMatch(Lighting::isNeutral);
  }

  @Test
  void parametersOutOfTheirRangesAreRefused() {
    refuses(() -> new Brightness(1), "brightness: maxChange must be between 0 and 0.99, but is 1");
    refuses(() -> new Contrast(-1), "contrast: maxChange must be between 0 and 0.99, but is -1");
    refuses(() -> new Saturation(1), "saturation: maxChange must be between 0 and 0.99, but is 1");
    refuses(() -> new Hue(0.6), "hue: maxChange must be between 0 and 0.5, but is 0.6");
    refuses(() -> new Grayscale(2), "grayscale: probability must be between 0 and 1, but is 2");
  }

  private static void refuses(Supplier<Lighting> made, String message) {
    assertThatThrownBy(made::get).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
