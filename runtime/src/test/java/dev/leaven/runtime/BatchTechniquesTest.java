package dev.leaven.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.internal.tensorflow.Values;
import dev.leaven.runtime.mix.Batch;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.Policy;
import dev.leaven.runtime.transform.PolicyChoice;
import dev.leaven.runtime.transform.RandomErasing;
import dev.leaven.runtime.transform.RandomResizedCrop;
import dev.leaven.runtime.transform.Relighter;
import dev.leaven.runtime.transform.Resampler;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** What holds for everything that changes a batch of images; the list is the suite's own. */
class BatchTechniquesTest {

  private static final Normalize NORMALIZE =
      new Normalize(List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.3));
  private static final int[] BATCHES = {1, 3, 8};
  private static final int[] SIDES = {16, 21};

  static Stream<Technique> techniques() {
    return TechniqueSuiteTest.techniques().stream().filter(BatchTechniquesTest::changesABatch);
  }

  private static boolean changesABatch(Technique technique) {
    return technique instanceof Geometry
        || technique instanceof Policy
        || technique instanceof Lighting
        || technique instanceof Erasing
        || technique instanceof Mixing;
  }

  /** A technique of another kind must be thought of here. */
  @Test
  void nothingOfTheRoomsIsForgotten() {
    Set<Class<?>> others =
        TechniqueSuiteTest.techniques().stream()
            .filter(t -> t.getClass().getPackageName().matches(".*\\.(transform|mix)"))
            .filter(t -> !changesABatch(t))
            .map(Object::getClass)
            .collect(Collectors.toSet());
    // Neither is random: ItemResize gets its place from the loader, and has a test of its own.
    assertThat(others).containsExactlyInAnyOrder(Normalize.class, ItemResize.class);
  }

  /** One technique in a graph, for any batch, size and step. */
  private static final class Applied implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Session session;
    private final Placeholder<TFloat32> images;
    private final Placeholder<TFloat32> targets;
    private final Placeholder<TInt32> side;
    private final Placeholder<TInt64> step;
    private final Operand<TFloat32> changed;
    private final Operand<TFloat32> mixedTargets;
    private final Operand<TFloat32> convolved;

    Applied(Technique technique, Precision precision, int threads) {
      Ops tf = GraphOps.of(graph);
      images =
          tf.withName("images")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, 3)));
      targets = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
      side = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
      step = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
      Randomness randomness = Randomness.of(tf, 11, step);
      // As in training: values of arithmetic, normalised, looked at by a convolution.
      Batch batch =
          apply(tf, technique, tf.math.abs(images), tf.math.abs(targets), side, randomness);
      boolean before = !(technique instanceof Erasing || technique instanceof Mixing);
      Operand<TFloat32> seen = before ? NORMALIZE.apply(tf, batch.images()) : batch.images();
      convolved =
          tf.math.abs(
              tf.nn.conv2d(
                  seen,
                  tf.constant(Shape.of(3, 3, 3, 4), DataBuffers.of(GraphRun.numbers(2, 108))),
                  List.of(1L, 1L, 1L, 1L),
                  "VALID"));
      changed = tf.math.add(batch.images(), tf.constant(0f));
      mixedTargets = tf.math.add(batch.targets(), tf.constant(0f));
      session =
          threads == 0
              ? Sessions.open(graph, precision)
              : new Session(
                  graph,
                  ConfigProto.newBuilder()
                      .setIntraOpParallelismThreads(threads)
                      .setInterOpParallelismThreads(threads)
                      .build());
    }

    private static Batch apply(
        Ops tf,
        Technique technique,
        Operand<TFloat32> images,
        Operand<TFloat32> targets,
        Operand<TInt32> side,
        Randomness randomness) {
      if (technique instanceof Geometry geometry) {
        return new Batch(
            new Resampler(List.of(geometry)).apply(tf, images, side, randomness), targets);
      }
      if (technique instanceof Policy policy) {
        Operand<TInt32> size = tf.gather(tf.shape(images), tf.constant(0), tf.constant(0));
        PolicyChoice choice = policy.choose(tf, size, side, randomness);
        Operand<TFloat32> moved =
            new Resampler(List.of()).apply(tf, images, side, randomness, List.of(choice.moves(tf)));
        return new Batch(choice.apply(tf, moved), targets);
      }
      if (technique instanceof Lighting lighting) {
        return new Batch(new Relighter(List.of(lighting)).apply(tf, images, randomness), targets);
      }
      if (technique instanceof Erasing erasing) {
        Operand<TFloat32> normal = NORMALIZE.apply(tf, images);
        return new Batch(erasing.apply(tf, normal, NORMALIZE, randomness), targets);
      }
      return ((Mixing) technique).mix(tf, new Batch(images, targets), randomness);
    }

    /** Images, then targets. */
    List<float[]> run(int batch, int size, long counter) {
      float[] oneHot = new float[batch * 4];
      for (int i = 0; i < batch; i++) {
        oneHot[i * 4 + i % 4] = 1;
      }
      Shape shape = Shape.of(batch, size, size, 3);
      try (Feeds feeds =
              new Feeds()
                  .make(images, TFloat32.tensorOf(shape, DataBuffers.of(input(batch, size))))
                  .make(targets, TFloat32.tensorOf(Shape.of(batch, 4), DataBuffers.of(oneHot)))
                  .put(side, size)
                  .put(step, counter);
          var result =
              feeds.runner(session).fetch(changed).fetch(mixedTargets).fetch(convolved).run()) {
        assertThat(result.get(0).shape()).isEqualTo(shape);
        assertThat(result.get(1).shape()).isEqualTo(Shape.of(batch, 4));
        return List.of(Values.of((TFloat32) result.get(0)), Values.of((TFloat32) result.get(1)));
      }
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }

  // Values from 0 to 1, of which some are exactly 0 and 1.
  private static float[] input(int batch, int size) {
    float[] values = GraphRun.numbers(5, batch * size * size * 3);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.min(1, Math.max(0, values[i] * 0.6f + 0.5f));
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void givesFiniteValuesInTheirRangeForEveryBatchAndSizeInBothPrecisions(Technique technique) {
    boolean anyChange = false;
    try (Applied full = new Applied(technique, Precision.FLOAT32, 0);
        Applied brief = new Applied(technique, Precision.BFLOAT16, 0)) {
      for (int batch : BATCHES) {
        for (int size : SIDES) {
          List<float[]> expected = full.run(batch, size, 3);
          List<float[]> actual = brief.run(batch, size, 3);
          assertInRange(technique, expected.get(0));
          for (int k = 0; k < 2; k++) {
            for (int i = 0; i < expected.get(k).length; i++) {
              float value = expected.get(k)[i];
              // A convolution in bfloat16 rounds what it sees once, by 1/256 at most; the way
              // there is in float32. An error of 1e-6 in a place is one of 1e-6 in a value.
              assertThat((double) actual.get(k)[i])
                  .as("batch %d, side %d, element %d", batch, size, i)
                  .isCloseTo(value, within(Math.abs(value) / 256.0 + 1e-5));
            }
          }
          for (int i = 0; i < batch; i++) {
            double sum = 0;
            for (int c = 0; c < 4; c++) {
              sum += expected.get(1)[i * 4 + c];
            }
            assertThat(sum).isCloseTo(1, within(1e-6));
          }
          anyChange |= !Arrays.equals(expected.get(0), input(batch, size));
        }
      }
    }
    assertThat(anyChange).isTrue();
  }

  private static void assertInRange(Technique technique, float[] values) {
    boolean noise =
        technique instanceof RandomErasing erasing && erasing.fill() == RandomErasing.Fill.NOISE;
    // Normalised values lie between those of black and white.
    double low = technique instanceof Erasing ? -2 : 0;
    double high = technique instanceof Erasing ? 3 : 1;
    for (float value : values) {
      assertThat(Float.isFinite(value)).isTrue();
      if (!noise) {
        // Weights of a mean that sum to 1 within a rounding.
        assertThat((double) value).isBetween(low - 1e-6, high + 1e-6);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void goesByTheStepAndNotByTheThreads(Technique technique) {
    try (Applied one = new Applied(technique, Precision.FLOAT32, 1);
        Applied several = new Applied(technique, Precision.FLOAT32, 4)) {
      List<float[]> first = one.run(8, 16, 1);
      List<float[]> second = one.run(8, 16, 2);
      List<float[]> again = one.run(8, 16, 1);
      List<float[]> elsewhere = several.run(8, 16, 1);
      for (int k = 0; k < 2; k++) {
        assertThat(again.get(k)).isEqualTo(first.get(k));
        assertThat(elsewhere.get(k)).isEqualTo(first.get(k));
      }
      assertThat(second.get(0)).isNotEqualTo(first.get(0));
    }
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void changesNothingWhereItHasNoEffect(Technique technique) {
    if (technique instanceof Policy) {
      return; // has no such setting; PolicyTest has images that draw nothing
    }
    int batch = technique instanceof Mixing ? 1 : 8; // an image is its own partner
    Technique neutral = technique instanceof Mixing ? technique : neutral(technique);
    try (Applied applied = new Applied(neutral, Precision.FLOAT32, 0)) {
      float[] images = input(batch, 16);
      float[] seen = applied.run(batch, 16, 1).get(0);
      for (int i = 0; i < images.length; i++) {
        double expected =
            technique instanceof Erasing
                ? (images[i] - NORMALIZE.mean().get(i % 3)) / NORMALIZE.std().get(i % 3)
                : images[i];
        // Sampling, a line in logit space and a mean of the same round once or twice.
        assertThat((double) seen[i]).as("element %d", i).isCloseTo(expected, within(2e-6));
      }
    }
  }

  private static Technique neutral(Technique technique) {
    if (technique instanceof RandomResizedCrop) {
      return new RandomResizedCrop(1, 1, 1, 1, 0);
    }
    Technique never = with(technique, "probability", 0.0).orElseThrow();
    boolean says =
        never instanceof Geometry geometry
            ? geometry.isNeutral()
            : never instanceof Lighting lighting
                ? lighting.isNeutral()
                : ((Erasing) never).isNeutral();
    assertThat(says).as("%s says that it is neutral", never).isTrue();
    return never;
  }

  private static Optional<Technique> with(Technique technique, String component, Object value) {
    RecordComponent[] components = technique.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    boolean found = false;
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        boolean it = components[i].getName().equals(component);
        values[i] = it ? value : components[i].getAccessor().invoke(technique);
        found |= it;
      }
      Constructor<? extends Technique> constructor =
          technique.getClass().getDeclaredConstructor(types);
      return found ? Optional.of(constructor.newInstance(values)) : Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
