package dev.leaven.runtime.transform;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** RandAugment, TrivialAugment and AutoAugment: what they choose, and how it is carried out. */
class PolicyTest {

  private static final int MANY = 62_000;
  private static final int SIDE = 16;

  /** torchvision's policy: operation, probability and strength of both steps of each pair. */
  private static final String IMAGENET =
      """
      POSTERIZE 0.4 4.0000, ROTATE 0.6 30.0000
      SOLARIZE 0.6 113.3333, AUTO_CONTRAST 0.6 0.0000
      EQUALIZE 0.8 0.0000, EQUALIZE 0.6 0.0000
      POSTERIZE 0.6 5.0000, POSTERIZE 0.6 5.0000
      EQUALIZE 0.4 0.0000, SOLARIZE 0.2 141.6667
      EQUALIZE 0.4 0.0000, ROTATE 0.8 26.6667
      SOLARIZE 0.6 170.0000, EQUALIZE 0.6 0.0000
      POSTERIZE 0.8 6.0000, EQUALIZE 1.0 0.0000
      ROTATE 0.2 10.0000, SOLARIZE 0.6 28.3333
      EQUALIZE 0.6 0.0000, POSTERIZE 0.4 5.0000
      ROTATE 0.8 26.6667, COLOR 0.4 0.0000
      ROTATE 0.4 30.0000, EQUALIZE 0.6 0.0000
      EQUALIZE 0.0 0.0000, EQUALIZE 0.8 0.0000
      INVERT 0.6 0.0000, EQUALIZE 1.0 0.0000
      COLOR 0.6 0.4000, CONTRAST 1.0 0.8000
      ROTATE 0.8 26.6667, COLOR 1.0 0.2000
      COLOR 0.8 0.8000, SOLARIZE 0.8 56.6667
      SHARPNESS 0.4 0.7000, INVERT 0.6 0.0000
      SHEAR_X 0.6 0.1667, EQUALIZE 1.0 0.0000
      COLOR 0.4 0.0000, EQUALIZE 0.6 0.0000
      EQUALIZE 0.4 0.0000, SOLARIZE 0.2 141.6667
      SOLARIZE 0.6 113.3333, AUTO_CONTRAST 0.6 0.0000
      INVERT 0.6 0.0000, EQUALIZE 1.0 0.0000
      COLOR 0.6 0.4000, CONTRAST 1.0 0.8000
      EQUALIZE 0.8 0.0000, EQUALIZE 0.6 0.0000
      """;

  /** An operation and its strength for an image and a layer. */
  private record Chosen(Operation operation, double strength) {}

  // [layer][image]
  private static List<List<Chosen>> choose(Policy policy, int side, int images) {
    List<List<Chosen>> all = new ArrayList<>();
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Randomness randomness = Randomness.of(tf, 3, tf.constant(4L));
      PolicyChoice choice = policy.choose(tf, tf.constant(images), tf.constant(side), randomness);
      for (PolicyChoice.Layer layer : choice.layers()) {
        double[] operations = run.fetch(layer.operation());
        double[] strengths = run.fetch(layer.strength());
        List<Chosen> chosen = new ArrayList<>();
        for (int i = 0; i < images; i++) {
          chosen.add(new Chosen(Operation.values()[(int) operations[i]], strengths[i]));
        }
        all.add(chosen);
        assertThat(choice.possible())
            .containsAll(chosen.stream().map(Chosen::operation).collect(Collectors.toSet()));
      }
    }
    return all;
  }

  private static void share(long count, long of, double expected) {
    // Four standard errors.
    assertThat((double) count / of)
        .isCloseTo(expected, within(4 * Math.sqrt(expected * (1 - expected) / of)));
  }

  private static long count(List<Chosen> chosen, Operation operation) {
    return chosen.stream().filter(c -> c.operation() == operation).count();
  }

  private static final Map<Operation, Double> NINTH =
      Map.ofEntries(
          Map.entry(Operation.SHEAR_X, 0.09),
          Map.entry(Operation.SHEAR_Y, 0.09),
          Map.entry(Operation.TRANSLATE_X, 45.0 / 331),
          Map.entry(Operation.TRANSLATE_Y, 45.0 / 331),
          Map.entry(Operation.ROTATE, 9.0),
          Map.entry(Operation.BRIGHTNESS, 0.27),
          Map.entry(Operation.COLOR, 0.27),
          Map.entry(Operation.CONTRAST, 0.27),
          Map.entry(Operation.SHARPNESS, 0.27),
          Map.entry(Operation.POSTERIZE, 7.0),
          Map.entry(Operation.SOLARIZE, 178.5));

  @Test
  void randAugmentDrawsFourteenOperationsEvenlyWithTorchvisionsStrengths() {
    List<List<Chosen>> layers = choose(new RandAugment(), 224, MANY);
    assertThat(layers).hasSize(2);
    for (List<Chosen> layer : layers) {
      for (Operation operation : Choices.FOURTEEN) {
        long count = count(layer, operation);
        share(count, MANY, 1.0 / 14);
        double expected = NINTH.getOrDefault(operation, 0.0);
        List<Double> strengths =
            layer.stream().filter(c -> c.operation() == operation).map(Chosen::strength).toList();
        assertThat(strengths)
            .allSatisfy(s -> assertThat(Math.abs(s)).isCloseTo(expected, within(1e-6)));
        if (operation.signed()) {
          share(strengths.stream().filter(s -> s < 0).count(), count, 0.5);
        } else {
          assertThat(strengths).allMatch(s -> s >= 0);
        }
      }
      assertThat(count(layer, Operation.INVERT)).isZero();
    }
    // What comes second does not depend on what came first.
    long both =
        IntStream.range(0, MANY)
            .filter(i -> layers.get(0).get(i).operation() == Operation.ROTATE)
            .filter(i -> layers.get(1).get(i).operation() == Operation.EQUALIZE)
            .count();
    share(both, MANY, 1.0 / 196);
  }

  @ParameterizedTest
  @CsvSource({
    // Steps 0, 9 and 30 of torchvision's RandAugment.
    "0,  SHEAR_X, 0",
    "30, SHEAR_X, 0.3",
    "30, TRANSLATE_Y, 0.4531722",
    "30, ROTATE, 30",
    "30, COLOR, 0.9",
    "0,  POSTERIZE, 8",
    "4,  POSTERIZE, 7",
    "12, POSTERIZE, 6",
    "19, POSTERIZE, 5",
    "27, POSTERIZE, 4",
    "0,  SOLARIZE, 255",
    "30, SOLARIZE, 0"
  })
  void aMagnitudeIsAStepOfThirty(int magnitude, Operation operation, double strength) {
    List<Chosen> chosen = choose(new RandAugment(1, magnitude), 224, 400).get(0);
    assertThat(chosen.stream().filter(c -> c.operation() == operation))
        .isNotEmpty()
        .allSatisfy(c -> assertThat(Math.abs(c.strength())).isCloseTo(strength, within(1e-6)));
  }

  @Test
  void trivialAugmentDrawsOneOperationAndAnyOfThirtyOneStrengths() {
    List<List<Chosen>> layers = choose(new TrivialAugment(), 64, MANY);
    assertThat(layers).hasSize(1);
    Map<Operation, Double> most = new HashMap<>();
    for (Operation operation :
        List.of(Operation.BRIGHTNESS, Operation.COLOR, Operation.CONTRAST, Operation.SHARPNESS)) {
      most.put(operation, 0.99);
    }
    most.put(Operation.SHEAR_X, 0.99);
    most.put(Operation.SHEAR_Y, 0.99);
    most.put(Operation.TRANSLATE_X, 32.0 / 64); // pixels of a side
    most.put(Operation.TRANSLATE_Y, 32.0 / 64);
    most.put(Operation.ROTATE, 135.0);
    for (Operation operation : Choices.FOURTEEN) {
      List<Double> strengths =
          layers.get(0).stream()
              .filter(c -> c.operation() == operation)
              .map(Chosen::strength)
              .toList();
      share(strengths.size(), MANY, 1.0 / 14);
      if (operation.signed()) {
        share(strengths.stream().filter(s -> s < 0).count(), strengths.size(), 15.0 / 31);
        for (int step = 0; step < 31; step++) {
          double strength = most.get(operation) * step / 30;
          long count =
              strengths.stream()
                  .filter(s -> Math.abs(Math.abs(s) - strength) < most.get(operation) * 1e-4)
                  .count();
          share(count, strengths.size(), 1.0 / 31);
        }
      }
    }
    Map<Double, Long> bits =
        layers.get(0).stream()
            .filter(c -> c.operation() == Operation.POSTERIZE)
            .collect(Collectors.groupingBy(Chosen::strength, Collectors.counting()));
    // torchvision's 31 steps hold 8 bits three times, 7 to 3 bits five times and 2 bits thrice.
    assertThat(bits.keySet()).containsExactlyInAnyOrder(2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0);
    long all = bits.values().stream().mapToLong(Long::longValue).sum();
    share(bits.get(2.0), all, 3.0 / 31);
    share(bits.get(5.0), all, 5.0 / 31);
    share(bits.get(8.0), all, 3.0 / 31);
  }

  @Test
  void autoAugmentHasTorchvisionsPairs() {
    String pairs =
        AutoAugment.IMAGENET.stream()
            .map(
                pair ->
                    pair.stream()
                        .map(
                            step ->
                                String.format(
                                    Locale.ROOT,
                                    "%s %.1f %.4f",
                                    step.operation(),
                                    step.probability(),
                                    Magnitudes.usual(10).at(step.operation(), step.magnitude())))
                        .collect(Collectors.joining(", ")))
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(pairs).isEqualTo(IMAGENET);
  }

  @Test
  void autoAugmentDrawsPairsEvenlyAndKeepsToTheirProbabilities() {
    List<List<Chosen>> layers = choose(new AutoAugment(), 224, MANY);
    for (int layer = 0; layer < 2; layer++) {
      Map<Operation, Double> expected = new HashMap<>();
      for (List<AutoAugment.Step> pair : AutoAugment.IMAGENET) {
        AutoAugment.Step step = pair.get(layer);
        expected.merge(step.operation(), step.probability() / 25, Double::sum);
        expected.merge(Operation.IDENTITY, (1 - step.probability()) / 25, Double::sum);
      }
      List<Chosen> chosen = layers.get(layer);
      expected.forEach((operation, p) -> share(count(chosen, operation), MANY, p));
      long turned = count(chosen, Operation.ROTATE);
      long clockwise =
          chosen.stream()
              .filter(c -> c.operation() == Operation.ROTATE && c.strength() < 0)
              .count();
      share(clockwise, turned, 0.5);
    }
    // INVERT with 0.6 before EQUALIZE with 1 stands twice among the 25.
    long both =
        IntStream.range(0, MANY)
            .filter(i -> layers.get(0).get(i).operation() == Operation.INVERT)
            .filter(i -> layers.get(1).get(i).operation() == Operation.EQUALIZE)
            .count();
    share(both, MANY, 0.6 * 2 / 25);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RandAugment", "TrivialAugment", "AutoAugment"})
  void everyDrawBelowOneIsAChoice(String name) {
    Policy policy =
        switch (name) {
          case "RandAugment" -> new RandAugment();
          case "TrivialAugment" -> new TrivialAugment();
          default -> new AutoAugment();
        };
    float[] draws = new float[2 * policy.draws()];
    Arrays.fill(draws, policy.draws(), draws.length, Math.nextDown(1f));
    double[] operations =
        GraphRun.values(
            tf ->
                policy
                    .choose(tf, array(tf, draws, 2, policy.draws()), tf.constant(64))
                    .layers()
                    .get(0)
                    .operation());
    assertThat(operations[0]).isEqualTo(name.equals("AutoAugment") ? 10 : 0);
    assertThat(operations[1]).isEqualTo(name.equals("AutoAugment") ? 0 : 13);
  }

  private static PolicyChoice choice(Ops tf, List<List<Chosen>> layers) {
    return new PolicyChoice(
        Set.of(Operation.values()),
        layers.stream()
            .map(
                layer ->
                    new PolicyChoice.Layer(
                        tf.constant(
                            layer.stream().mapToInt(c -> c.operation().ordinal()).toArray()),
                        array(tf, floats(layer), layer.size())))
            .toList());
  }

  private static float[] floats(List<Chosen> layer) {
    float[] strengths = new float[layer.size()];
    for (int i = 0; i < strengths.length; i++) {
      strengths[i] = (float) layer.get(i).strength();
    }
    return strengths;
  }

  // What a policy does in training: moves with the geometry, which is none here, then the rest.
  private static Operand<TFloat32> carryOut(Ops tf, Operand<TFloat32> images, PolicyChoice choice) {
    Randomness none = Randomness.of(tf, 0, tf.constant(0L));
    Operand<TFloat32> moved =
        new Resampler(List.of())
            .apply(tf, images, tf.constant(SIDE), none, List.of(choice.moves(tf)));
    return choice.apply(tf, moved);
  }

  @ParameterizedTest
  @CsvSource({
    // torchvision's _apply_op, bilinear, of images whose values are their own x and y: what column
    // and row of the source is seen at column 8 of row 7, and at column 9 of row 3.
    "SHEAR_X, 0.2, 9.5, 7, 9.7, 3",
    "SHEAR_X, -0.2, 6.5, 7, 8.3, 3",
    "SHEAR_Y, 0.2, 8, 8.7, 9, 4.9",
    "TRANSLATE_X, 0.1875, 5, 7, 6, 3",
    "TRANSLATE_Y, -0.125, 8, 9, 9, 5",
    "ROTATE, 30, 8.18301, 7.31699, 11.04904, 4.35289",
    "ROTATE, -12, 7.88512, 6.90697, 8.03162, 2.78647"
  })
  void movesAsTorchvisionDoes(
      Operation operation, double strength, double x, double y, double x2, double y2) {
    float[] ramps = new float[SIDE * SIDE * 2];
    for (int i = 0; i < SIDE * SIDE; i++) {
      ramps[2 * i] = i % SIDE / 16f;
      ramps[2 * i + 1] = i / SIDE / 16f;
    }
    // The same in the first layer, and in the second after something that changes nothing.
    List<List<Chosen>> layers =
        List.of(
            List.of(new Chosen(operation, strength), new Chosen(Operation.COLOR, 0)),
            List.of(new Chosen(Operation.IDENTITY, 0), new Chosen(operation, strength)));
    float[] both = Arrays.copyOf(ramps, 2 * ramps.length);
    System.arraycopy(ramps, 0, both, ramps.length, ramps.length);
    double[] seen =
        GraphRun.values(
            tf -> {
              Operand<TFloat32> images = array(tf, both, 2, SIDE, SIDE, 2);
              Operand<TFloat32> third =
                  tf.zeros(tf.constant(new int[] {2, SIDE, SIDE, 1}), TFloat32.class);
              return carryOut(
                  tf, tf.concat(List.of(images, third), tf.constant(3)), choice(tf, layers));
            });
    for (int image = 0; image < 2; image++) {
      int first = ((image * SIDE + 7) * SIDE + 8) * 3;
      int second = ((image * SIDE + 3) * SIDE + 9) * 3;
      // Places of up to 16 pixels have an error of a few 1e-6, torchvision's of 1e-5.
      assertThat(16 * seen[first]).isCloseTo(x, within(5e-5));
      assertThat(16 * seen[first + 1]).isCloseTo(y, within(5e-5));
      assertThat(16 * seen[second]).isCloseTo(x2, within(5e-5));
      assertThat(16 * seen[second + 1]).isCloseTo(y2, within(5e-5));
    }
  }

  @Test
  void whatMovesFirstIsSampledWithTheGeometry() {
    int batch = 3;
    float[] images = GraphRun.numbers(6, batch * SIDE * SIDE * 3);
    List<Chosen> first =
        List.of(
            new Chosen(Operation.ROTATE, 25),
            new Chosen(Operation.IDENTITY, 0),
            new Chosen(Operation.POSTERIZE, 4));
    List<Chosen> second =
        List.of(
            new Chosen(Operation.TRANSLATE_Y, 0.2),
            new Chosen(Operation.SHEAR_Y, 0.3),
            new Chosen(Operation.ROTATE, 10));
    List<Geometry> geometry = List.of(RandomResizedCrop.presized(), new Flip());
    double[] composed =
        GraphRun.values(
            tf ->
                new Resampler(geometry)
                    .apply(
                        tf,
                        array(tf, images, batch, SIDE, SIDE, 3),
                        tf.constant(SIDE),
                        Randomness.of(tf, 1, tf.constant(1L)),
                        List.of(choice(tf, List.of(first, second)).moves(tf))));
    // The same crop and flip, then the matrix of each image, the last of which waits for its turn.
    double[] expected =
        GraphRun.values(
            tf -> {
              Operand<TFloat32> none = matrix(tf, new Chosen(Operation.IDENTITY, 0));
              Operand<TFloat32> moves =
                  tf.concat(
                      List.of(
                          tf.train.batchMatMul(
                              matrix(tf, first.get(0)), matrix(tf, second.get(0)), TFloat32.class),
                          matrix(tf, second.get(1)),
                          none),
                      tf.constant(0));
              return new Resampler(geometry)
                  .apply(
                      tf,
                      array(tf, images, batch, SIDE, SIDE, 3),
                      tf.constant(SIDE),
                      Randomness.of(tf, 1, tf.constant(1L)),
                      List.of(moves));
            });
    for (int i = 0; i < composed.length; i++) {
      // Places have an error of a few 1e-6 pixels, and values differ by up to 2.
      assertThat(composed[i]).as("element %d", i).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void imagesThatDrawNothingAreThemselves() {
    for (Policy policy : List.of(new RandAugment(3, 20), new TrivialAugment(), new AutoAugment())) {
      // The first operation is none; of the first pair, no step has a probability of 0.9.
      float[] draws = new float[2 * policy.draws()];
      if (policy instanceof AutoAugment) {
        Arrays.fill(draws, 0.9f);
        draws[0] = 0;
        draws[policy.draws()] = 0.01f;
      }
      float[] images = GraphRun.numbers(7, 2 * SIDE * SIDE * 3);
      double[] seen =
          GraphRun.values(
              tf -> {
                PolicyChoice choice =
                    policy.choose(tf, array(tf, draws, 2, policy.draws()), tf.constant(SIDE));
                return carryOut(tf, array(tf, images, 2, SIDE, SIDE, 3), choice);
              });
      for (int i = 0; i < images.length; i++) {
        assertThat(seen[i]).isEqualTo(images[i]);
      }
    }
  }

  @Test
  void eachImageGetsItsOwnOperationsInTheirOrder() {
    Chosen still = new Chosen(Operation.IDENTITY, 0);
    Chosen turn = new Chosen(Operation.ROTATE, 20);
    Chosen lean = new Chosen(Operation.SHEAR_X, -0.1);
    Chosen light = new Chosen(Operation.BRIGHTNESS, 0.5);
    Chosen grey = new Chosen(Operation.COLOR, -0.7);
    Chosen cut = new Chosen(Operation.POSTERIZE, 3);
    List<Chosen> first = List.of(turn, turn, light, cut, still, still, light);
    List<Chosen> second = List.of(lean, light, lean, grey, turn, still, still);
    int batch = first.size();
    float[] images = GraphRun.numbers(8, batch * SIDE * SIDE * 3);
    for (int i = 0; i < images.length; i++) {
      images[i] = Math.abs(images[i]);
    }
    double[] together =
        GraphRun.values(
            tf ->
                carryOut(
                    tf,
                    array(tf, images, batch, SIDE, SIDE, 3),
                    choice(tf, List.of(first, second))));
    int size = SIDE * SIDE * 3;
    for (int image = 0; image < batch; image++) {
      float[] own = Arrays.copyOfRange(images, image * size, (image + 1) * size);
      Chosen a = first.get(image);
      Chosen b = second.get(image);
      boolean once = a.operation().moves() && b.operation().moves();
      double[] expected =
          GraphRun.values(
              tf -> {
                Operand<TFloat32> one = array(tf, own, 1, SIDE, SIDE, 3);
                return once
                    ? Resampler.sample(
                        tf,
                        one,
                        tf.train.batchMatMul(matrix(tf, a), matrix(tf, b), TFloat32.class),
                        tf.constant(SIDE))
                    : alone(tf, alone(tf, one, a), b);
              });
      double[] actual = Arrays.copyOfRange(together, image * size, (image + 1) * size);
      for (int i = 0; i < size; i++) {
        // Sampled once each in both ways, from places with a rounding error of 1e-6.
        assertThat(actual[i]).as("image %d, %d", image, i).isCloseTo(expected[i], within(2e-5));
      }
    }
  }

  private static Operand<TFloat32> matrix(Ops tf, Chosen chosen) {
    return choice(tf, List.of(List.of(chosen))).moves(tf);
  }

  private static Operand<TFloat32> alone(Ops tf, Operand<TFloat32> image, Chosen chosen) {
    return chosen.operation().moves()
        ? Resampler.sample(tf, image, matrix(tf, chosen), tf.constant(SIDE))
        : chosen
            .operation()
            .apply(tf, image, array(tf, new float[] {(float) chosen.strength()}, 1));
  }

  @Test
  void parametersOutOfTheirRangesAreRefused() {
    assertThatThrownBy(() -> new RandAugment(0, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("randAugment: numOps must be between 1 and 10, but is 0");
    assertThatThrownBy(() -> new RandAugment(2, 31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("randAugment: magnitude must be between 0 and 30, but is 31");
  }
}
