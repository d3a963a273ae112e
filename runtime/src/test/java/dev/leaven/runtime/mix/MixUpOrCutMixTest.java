package dev.leaven.runtime.mix;

import static dev.leaven.runtime.graph.GraphRun.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt64;

class MixUpOrCutMixTest {

  private static final int HEIGHT = 6;
  private static final int WIDTH = 10;

  private static Batch batch(Ops tf, int size) {
    float[] targets = new float[size * size];
    for (int i = 0; i < size; i++) {
      targets[i * size + i] = 1;
    }
    return new Batch(
        array(tf, GraphRun.numbers(1, size * HEIGHT * WIDTH * 3), size, HEIGHT, WIDTH, 3),
        array(tf, targets, size, size));
  }

  @ParameterizedTest
  @CsvSource({"1,false", "3,false", "8,false", "1,true", "3,true", "8,true"})
  void isExactlyTheOneOrTheOther(int size, boolean knobs) {
    MixUp up = new MixUp(0.4, knobs, !knobs);
    CutMix cut = new CutMix(1, knobs);
    MixUpOrCutMix either = new MixUpOrCutMix(up, cut, 0.5);
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Batch batch = batch(tf, size);
      MixUpOrCutMix.Draw draw =
          either.draw(tf, tf.shape(batch.images()), Randomness.of(tf, 5, tf.constant(3L)));
      for (boolean mixesUp : new boolean[] {true, false}) {
        Batch mixed =
            either.apply(
                tf,
                batch,
                new MixUpOrCutMix.Draw(tf.constant(mixesUp), draw.mixUp(), draw.cutMix()));
        Batch expected =
            mixesUp ? up.apply(tf, batch, draw.mixUp()) : cut.apply(tf, batch, draw.cutMix());
        List<double[]> values =
            run.fetch(
                Map.of(),
                List.of(mixed.images(), expected.images(), mixed.targets(), expected.targets()));
        assertThat(values.get(0)).isEqualTo(values.get(1));
        assertThat(values.get(2)).isEqualTo(values.get(3));
        for (int i = 0; i < size; i++) {
          double[] target = Arrays.copyOfRange(values.get(2), i * size, (i + 1) * size);
          // The shares are rounded once each in float32.
          assertThat(Arrays.stream(target).sum()).isCloseTo(1, within(1.2e-7));
          assertThat(Arrays.stream(target)).allMatch(share -> share >= 0);
        }
      }
    }
  }

  @Test
  void looksAtTheBatchNoOftenerThanMixUpDoes() {
    // One copy in the order of the partners, of images and of targets.
    assertThat(gathers(new MixUp())).isEqualTo(2);
    assertThat(gathers(new MixUpOrCutMix())).isEqualTo(2);
  }

  // Copies of images or targets in another order.
  private static long gathers(Mixing mixing) {
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      mixing.mix(tf, batch(tf, 4), Randomness.of(tf, 5, tf.constant(3L)));
      List<GraphOperation> operations = new ArrayList<>();
      run.graph().operations().forEachRemaining(operations::add);
      return operations.stream()
          .filter(operation -> operation.type().equals("GatherV2"))
          .filter(operation -> operation.output(0).shape().numDimensions() > 1)
          .count();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.5, 1})
  void keepsToTheOdds(double odds) {
    int steps = 2000;
    try (GraphRun run = new GraphRun()) {
      Ops tf = run.tf();
      Placeholder<TInt64> counter = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
      MixUpOrCutMix.Draw draw =
          new MixUpOrCutMix(new MixUp(), new CutMix(), odds)
              .draw(tf, tf.constant(new int[] {4, 8, 8, 3}), Randomness.of(tf, 5, counter));
      double mixedUp = 0;
      for (long step = 0; step < steps; step++) {
        try (Feeds feeds = new Feeds().put(counter, step)) {
          mixedUp += run.fetch(feeds, List.of(draw.mixesUp())).get(0)[0];
        }
      }
      // Four standard errors; none at 0 and 1.
      assertThat(mixedUp / steps).isCloseTo(odds, within(4 * Math.sqrt(odds * (1 - odds) / steps)));
    }
  }

  @Test
  void refusesWhatItCannotBe() {
    refuses(1.5, "mixupOrCutmix: odds must be between 0 and 1, but is 1.5");
    refuses(-1, "mixupOrCutmix: odds must be between 0 and 1, but is -1");
    refuses(Double.NaN, "mixupOrCutmix: odds must be between 0 and 1, but is NaN");
    assertThatThrownBy(
            () ->
                TechniqueJson.read("{\"technique\":\"MixUpOrCutMix\",\"odds\":0.5}", Mixing.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void refuses(double odds, String message) {
    assertThatThrownBy(() -> new MixUpOrCutMix(new MixUp(), new CutMix(), odds))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
