package dev.leaven.samples.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.dsl.Recipe;
import dev.leaven.dsl.Run;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.run.TrainingOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class OwnTechniquesTest {

  @TempDir private Path directory;

  private static TFloat32 run(Function<Ops, Operand<TFloat32>> build) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      return (TFloat32) session.runner().fetch(build.apply(Ops.create(graph))).run().get(0);
    }
  }

  @Test
  void theRecipeTrainsAndTheCallbackHearsIt() {
    byte[] pixels = new byte[24 * 16 * 16];
    int[] labels = new int[24];
    for (int i = 0; i < pixels.length; i++) {
      int image = i / 256;
      labels[image] = image % 2;
      pixels[i] = (byte) (image % 2 == 0 ? 40 : 200);
    }
    Samples.Pixels images = new Samples.Pixels(pixels, 16, 16, 1, labels);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Run run =
        OwnTechniques.recipe(16, 2)
            .train(
                InMemoryImages.of(images, images, List.of("dark", "light")),
                directory.resolve("run"),
                TrainingOptions.usual(),
                new BestSoFar(new PrintStream(said, true, StandardCharsets.UTF_8)));
    assertThat(run.finished()).isTrue();
    assertThat(run.result().history()).allMatch(epoch -> Double.isFinite(epoch.trainLoss()));
    assertThat(said.toString(StandardCharsets.UTF_8)).startsWith("epoch 1 is the best so far: ");
    assertThat(run.result().plan().target().loss()).isEqualTo(new PolyLoss(1));
  }

  @Test
  void aRecipeWithThemHasAJsonForm() {
    Recipe recipe = OwnTechniques.recipe(28, 5);
    assertThat(Recipe.fromJson(recipe.toJson())).isEqualTo(recipe);
    assertThat(recipe.toJson()).contains("dev.leaven.samples.own.SmallNet");
  }

  @Test
  void theVignetteLeavesTheMiddleAndDarkensTheCorners() {
    try (TFloat32 out =
        run(
            tf ->
                new Vignette(0.5)
                    .apply(
                        tf,
                        tf.ones(tf.constant(new int[] {2, 5, 5, 1}), TFloat32.class),
                        tf.constant(new float[][] {{1}, {0}})))) {
      assertThat(out.getFloat(0, 2, 2, 0)).isEqualTo(1f);
      // Strength ½ at r = 1.
      assertThat(out.getFloat(0, 0, 0, 0)).isCloseTo(0.5f, within(1e-6f));
      // The middle of an edge: r² is half of a corner's.
      assertThat(out.getFloat(0, 0, 2, 0)).isCloseTo(0.75f, within(1e-6f));
      assertThat(out.getFloat(1, 0, 0, 0)).isEqualTo(1f);
    }
  }

  @Test
  void thePolyLossIsCrossEntropyAndWhatIsMissing() {
    // Of three equal logits each has a probability of 1/3.
    try (TFloat32 out =
        run(
            tf ->
                new PolyLoss(2)
                    .perImage(
                        tf,
                        tf.constant(new float[][] {{1, 1, 1}}),
                        tf.constant(new float[][] {{0, 1, 0}})))) {
      assertThat((double) out.getFloat(0))
          .isCloseTo(Math.log(3) + 2 * (1 - 1 / 3.0), within(1e-6)); // float32's rounding
    }
  }

  @Test
  void valuesOutsideTheirRangesAreRefused() {
    assertThatThrownBy(() -> new Vignette(1.5)).hasMessageContaining("maxStrength");
    assertThatThrownBy(() -> new PolyLoss(-2)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new SmallNet(0)).hasMessageContaining("width");
  }
}
