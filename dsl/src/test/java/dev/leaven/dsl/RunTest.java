package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.evaluate.FlipView;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.export.Predictor;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.run.TrainingListener;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {

  private static final Recipe RECIPE =
      resize(16).epochs(1).batchSize(8).model(new XResNet(18).widen(0.125));

  @TempDir Path directory;

  /** No checkpoint holds them, so a report that is asked for by directory has to do without. */
  @Test
  void imagesInMemoryAreInIt() throws Exception {
    InMemoryImages images = InMemoryImages.of(noise(16, 1), noise(8, 2), List.of("cat", "dog"));
    Run run = train(images);
    assertThat(run.report()).isEqualTo(directory.resolve("run/report.html"));
    assertThat(Files.readString(directory.resolve("run/report.html")))
        .contains("What the model saw", "Metrics")
        .doesNotContain("is left out");
  }

  @Test
  void doesTheSameFromDiskAsAfterTraining() throws Exception {
    InMemoryImages images = InMemoryImages.of(noise(16, 1), noise(8, 2), List.of("cat", "dog"));
    Run run = train(images);
    Run there = Run.open(run.directory());

    assertThat(there.result().history()).isEqualTo(run.history());
    assertThat(there.scores()).isEqualTo(run.scores());
    assertThat(there.finished()).isTrue();
    assertThat(there.recipe()).isEqualTo(run.recipe()).hasToString(RECIPE.toString());
    assertThat(run.evaluate().get(Metric.TOP1)).isEqualTo(run.scores().top1());
    assertThat(there.on(images).evaluate()).isEqualTo(run.evaluate());
    assertThat(there.on(images).tta(new FlipView())).isEqualTo(run.tta(new FlipView()));
    assertThat(run.tta()).isEmpty();
    assertThat(there.on(images).interpret().evaluation()).isEqualTo(run.evaluate());
    assertThat(there.on(images).resume().history()).isEqualTo(run.history());
  }

  @Test
  void predictsAsItsExportDoes() throws Exception {
    Run run = train(InMemoryImages.of(noise(16, 1), noise(8, 2), List.of("cat", "dog")));
    Path picture = directory.resolve("picture.png");
    ImageIO.write(new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());

    Path model = run.export(directory.resolve("model"));
    try (Predictor predictor = Predictor.load(model)) {
      assertThat(run.predict(List.of(picture))).containsExactly(predictor.predict(picture));
    }
  }

  @Test
  void aDirectoryWithoutARunIsNamed() {
    Path empty = directory.resolve("empty");
    for (ThrowingCallable verb :
        List.<ThrowingCallable>of(
            () -> Run.open(empty).result(),
            () -> Run.open(empty).evaluate(),
            () -> Run.open(empty).report(),
            () -> Run.open(empty).interpret(),
            () -> Run.open(empty).export(directory.resolve("model")),
            () -> Run.open(empty).resume())) {
      assertThatThrownBy(verb)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(empty.toString());
    }
  }

  private Run train(InMemoryImages images) {
    return RECIPE.train(images, directory.resolve("run"), new TrainingListener[0]);
  }

  private static Samples.Pixels noise(int count, long seed) {
    byte[] pixels = new byte[count * 20 * 20 * 3];
    new Random(seed).nextBytes(pixels);
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 2;
    }
    return new Samples.Pixels(pixels, 20, 20, 3, new Targets.Labels(labels));
  }
}
