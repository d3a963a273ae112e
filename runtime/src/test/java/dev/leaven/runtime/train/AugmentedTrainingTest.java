package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.plan.PlanText;
import dev.leaven.runtime.internal.step.StepContext;
import dev.leaven.runtime.internal.step.TrainingGraph;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.transform.Brightness;
import dev.leaven.runtime.transform.Contrast;
import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.RandomErasing;
import dev.leaven.runtime.transform.RandomResizedCrop;
import dev.leaven.runtime.transform.Rotate;
import dev.leaven.runtime.transform.Saturation;
import dev.leaven.runtime.transform.Warp;
import dev.leaven.runtime.transform.Zoom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where in training, validation and test-time augmentation an image is moved, lit and erased. */
@Tag("slow")
class AugmentedTrainingTest {

  private static final List<Geometry> MOVES =
      List.of(RandomResizedCrop.presized(), new Flip(), new Warp(), new Rotate(), new Zoom());
  private static final List<Lighting> LIGHTS = List.of(new Brightness(), new Contrast());

  private static Plan plan(
      Stage stage, List<Geometry> geometry, List<Lighting> lighting, Optional<Erasing> erasing) {
    Plan p =
        Runs.plan(Runs.data(), new TinyNet(4), List.of(stage), Optional.empty(), Precision.FLOAT32);
    return Runs.with(p, "geometry", geometry, "lighting", lighting, "erasing", erasing);
  }

  /**
   * The loss of a plain batch, of a view of it and of a training step on it, with first weights.
   */
  private record Losses(float[] plain, float[] view, double step) {}

  private static Losses losses(Plan plan) {
    ImageData data = plan.data().source().load(plan.seed());
    Stage stage = plan.stages().get(0);
    Loader loader = Loader.of(data.train(), plan.data().channels());
    try (TrainingGraph graph = new TrainingGraph(plan, loader);
        Loader.Opened opened = loader.open(data.train())) {
      graph.initialize();
      int[] order = IntStream.range(0, data.train().size()).toArray();
      start(graph, opened, order, stage, stage.size());
      float[] plain = graph.inference().evaluate(graph.session()).losses();
      start(graph, opened, order, stage, stage.presize());
      float[] view = graph.inference().evaluateView(graph.session(), stage.size(), 3).losses();
      start(graph, opened, order, stage, stage.presize());
      double step =
          graph
              .step(
                  new StepContext(
                      stage.size(),
                      0,
                      0,
                      1,
                      true,
                      1,
                      new Schedule.Rates(1e-3, OptionalDouble.empty()),
                      0,
                      Optional.empty()))
              .loss();
      return new Losses(plain, view, step);
    }
  }

  private static void start(
      TrainingGraph graph, Loader.Opened opened, int[] order, Stage stage, int side) {
    graph
        .pipeline()
        .start(
            graph.session(),
            opened,
            new Pipeline.Pass(order, stage.batchSize(), true, side, 1, false, 1));
  }

  @ParameterizedTest
  @CsvSource({"1, 16", "3, 16", "8, 16", "1, 20", "3, 20", "8, 20"})
  void trainingAndViewsChangeAndThePlainImageDoesNot(int batch, int size) {
    Stage stage = Runs.stage(size, 1, batch, 48);
    List<Geometry> crop = List.of(RandomResizedCrop.presized(), new Flip());
    Losses without = losses(plan(stage, crop, List.of(), Optional.empty()));
    List<Losses> with =
        List.of(
            losses(plan(stage, MOVES, List.of(), Optional.empty())),
            losses(
                plan(
                    stage,
                    crop,
                    List.of(new Brightness(0.5, 1), new Contrast(0.5, 1)),
                    Optional.empty())),
            losses(plan(stage, crop, List.of(), Optional.of(new RandomErasing(1)))),
            losses(plan(stage, MOVES, LIGHTS, Optional.of(new RandomErasing(1)))));
    for (Losses losses : with) {
      assertThat(losses.plain()).isEqualTo(without.plain());
      assertThat(losses.view()).hasSize(batch).isNotEqualTo(without.view());
      assertThat(losses.step()).isFinite().isNotEqualTo(without.step());
    }
    Losses again = losses(plan(stage, MOVES, LIGHTS, Optional.of(new RandomErasing(1))));
    assertThat(again.view()).isEqualTo(with.get(3).view());
    assertThat(again.step()).isEqualTo(with.get(3).step());
  }

  @Test
  void aPlanSaysThemInTheirOrder() {
    Plan plan = plan(Runs.stage(16, 1, 8, 48), MOVES, LIGHTS, Optional.of(new RandomErasing(0.25)));
    assertThat(PlanText.of(plan))
        .contains(
            """
              2. bytes become values from 0 to 1
              3. random resized crop: 75 % to 100 % of the area, square
              4. flip left to right with probability 0.5
              5. perspective warp by up to 0.2, each axis with probability 0.75
              6. rotate by up to 10° either way with probability 0.75
              7. zoom by 1 to 1.1 at a random place with probability 0.75; sampled once, at a side of 16 px
              8. brightness changed by up to 0.2 with probability 0.75
              9. contrast changed by up to 0.2 with probability 0.75
              10. normalize with mean (0.5000) and standard deviation (0.2500)
              11. random erasing: 0.0200 to 0.333 of the area, of ratio 0.300 to 3.33, filled with noise, with probability 0.25
            """);
  }

  @Test
  void greyImagesHaveNoColours() {
    assertThatThrownBy(
            () ->
                plan(Runs.stage(16, 1, 8, 48), MOVES, List.of(new Saturation()), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "lighting: 'saturation changed by up to 0.2 with probability 0.75' is for 3 channels,"
                + " but the images have 1; leave it out");
  }
}
