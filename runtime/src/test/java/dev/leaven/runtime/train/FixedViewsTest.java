package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.evaluate.Comparison;
import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.FiveCrop;
import dev.leaven.runtime.evaluate.FlipView;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.MultiScale;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.evaluate.TenCrop;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.evaluate.View;
import dev.leaven.runtime.evaluate.View.Place;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a model sees at test time, told by what it answers to pixels that were cut by hand. */
@Tag("slow")
class FixedViewsTest {

  private static final TrainingListener SILENT = new TrainingListener() {};
  private static final int SIDE = 20;
  private static final Samples.Pixels IMAGES = Runs.stripes(13, SIDE, 5);

  @TempDir static Path folder;

  private static TrainedModel model;
  private static TrainedModel again;

  /** One view instead of the plain one. */
  private record Only(View view) implements TestTimeViews {

    @Override
    public List<View> views() {
      return List.of(view);
    }

    @Override
    public double beta() {
      return 0;
    }

    @Override
    public boolean max() {
      return false;
    }

    @Override
    public String describe() {
      return "one view";
    }
  }

  @BeforeAll
  static void train() {
    Plan plan = Runs.with(Runs.plan(), "tta", Optional.empty());
    Trainer.train(plan, Runs.data().load(7), folder.resolve("run"), SILENT);
    model = TrainedModel.open(folder.resolve("run"));
    again = TrainedModel.open(folder.resolve("run"));
  }

  @AfterAll
  static void close() {
    model.close();
    again.close();
  }

  private static float[][] plain(Samples samples, int size) {
    return model.predict(samples, size, SILENT).answers();
  }

  private static float[][] views(int size, TestTimeViews views) {
    return model.predict(IMAGES, size, views, SILENT).answers();
  }

  /** The pixels from a row and column on. */
  private static Samples.Pixels cut(int top, int left, int side, boolean mirrored) {
    int images = IMAGES.size();
    byte[] cut = new byte[images * side * side];
    for (int i = 0; i < images; i++) {
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          int column = left + (mirrored ? side - 1 - x : x);
          cut[(i * side + y) * side + x] = IMAGES.pixels()[(i * SIDE + top + y) * SIDE + column];
        }
      }
    }
    return new Samples.Pixels(cut, side, side, 1, IMAGES.labels());
  }

  @Test
  void theMirrorImageIsMirrored() {
    assertThat(views(SIDE, new FlipView(0, false)))
        .isDeepEqualTo(plain(cut(0, 0, SIDE, true), SIDE))
        .isNotEqualTo(plain(IMAGES, SIDE));
  }

  /** 16 of 20 pixels are a share of 0.8, so that nothing is scaled. */
  @ParameterizedTest
  @EnumSource(Place.class)
  void aCropIsCutFromItsPlace(Place place) {
    int[] corner =
        switch (place) {
          case CENTRE -> new int[] {2, 2};
          case TOP_LEFT -> new int[] {0, 0};
          case TOP_RIGHT -> new int[] {0, 4};
          case BOTTOM_LEFT -> new int[] {4, 0};
          case BOTTOM_RIGHT -> new int[] {4, 4};
        };
    for (boolean mirrored : new boolean[] {false, true}) {
      assertThat(views(16, new Only(new View.Fixed(1, .8, place, mirrored))))
          .isDeepEqualTo(plain(cut(corner[0], corner[1], 16, mirrored), 16));
    }
  }

  @Test
  void anotherScaleIsAnotherSize() {
    assertThat(views(20, new MultiScale(List.of(1.2), false, 0, false)))
        .isDeepEqualTo(plain(IMAGES, 24))
        .isNotEqualTo(plain(IMAGES, 20));
  }

  @Test
  void tenCropsAreTheMeanOfTenAndThePlainView() {
    float[][] expected = new float[IMAGES.size()][2];
    List<float[][]> each =
        new TenCrop(.8, .25, false)
            .views().stream().map(view -> views(16, new Only(view))).toList();
    float[][] centre = plain(IMAGES, 16);
    for (int i = 0; i < expected.length; i++) {
      for (int k = 0; k < 2; k++) {
        double sum = 0;
        for (float[][] answers : each) {
          sum += answers[i][k];
        }
        expected[i][k] = (float) (.25 * centre[i][k] + .75 * sum / 10);
      }
    }
    float[][] answers = views(16, new TenCrop(.8, .25, false));
    for (int i = 0; i < expected.length; i++) {
      // One rounding of float32.
      assertThat(answers[i]).containsExactly(expected[i], within(1e-7f));
    }
  }

  static Stream<TestTimeViews> policies() {
    return Stream.of(
        new TestTimeAugmentation(3),
        new TestTimeAugmentation(2, .5, true),
        new FlipView(),
        new FiveCrop(),
        new TenCrop(.9, .25, true),
        new MultiScale(List.of(.8, 1.25), true, .25, false));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void everyPolicyRepeatsBitForBit(TestTimeViews policy) {
    float[][] first = views(SIDE, policy);
    assertThat(first).isDeepEqualTo(views(SIDE, policy));
    assertThat(first).isDeepEqualTo(again.predict(IMAGES, SIDE, policy, SILENT).answers());
    assertThat(Arrays.deepEquals(first, plain(IMAGES, SIDE))).isFalse();
  }

  @Test
  void aRunIsScoredByItsViewsAndSaysWhatTheyGain() {
    TestTimeViews policy = new MultiScale(List.of(1.2), true, .25, false);
    Plan plan = Runs.with(Runs.plan(), "tta", Optional.of(policy), "evaluateAt", Optional.of(24));
    List<Comparison> gains = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onTta(Scores plain, Scores augmented, double seconds, Comparison gain) {
            assertThat(gain.first()).isEqualTo(plain.top1());
            assertThat(gain.second()).isEqualTo(augmented.top1());
            gains.add(gain);
          }

          @Override
          public void onSize(
              int trained, Scores plain, SizedScores other, double seconds, Comparison gain) {
            assertThat(gain.second()).isEqualTo(other.scores().top1());
            sizes.addAll(List.of(trained, other.size()));
          }
        };
    RunResult run = Trainer.train(plan, Runs.data().load(7), folder.resolve("own"), listener);
    assertThat(gains).hasSize(1);
    assertThat(sizes).containsExactly(20, 24);
    assertThat(run.finished()).isTrue();
    try (TrainedModel model = TrainedModel.open(run.directory())) {
      Samples valid = Runs.data().load(7).valid();
      assertThat(model.predict(valid, 20, policy, SILENT).scores())
          .isEqualTo(run.tta().orElseThrow());
      assertThat(model.predict(valid, 24, SILENT).scores())
          .isEqualTo(run.evaluatedAt().orElseThrow().scores());
      assertThat(model.run().evaluatedAt()).isEqualTo(run.evaluatedAt());
    }

    try (TrainedModel model = TrainedModel.of(run)) {
      Evaluation evaluation = model.evaluate();
      assertThat(evaluation.get(Metric.TOP1)).isEqualTo(run.scores().top1());
      assertThat(evaluation.images()).isEqualTo(21);
      assertThat(model.evaluate(policy).get(Metric.TOP1)).isEqualTo(run.tta().orElseThrow().top1());
      assertThat(model.evaluate(Runs.data())).isEqualTo(evaluation);
      DataSource other =
          InMemoryImages.of(
              Runs.stripes(48, 20, 1), Runs.stripes(21, 20, 2), List.of("cat", "dog"));
      assertThatThrownBy(() -> model.evaluate(other))
          .isInstanceOf(RunException.class)
          .hasMessageContaining("give images of the same classes");
    }
  }
}
