package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.models.XResNet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportOfRunTest {

  @TempDir Path directory;

  /** No checkpoint holds them, so a report that is asked for by directory has to do without. */
  @Test
  void imagesInMemoryAreInIt() throws Exception {
    InMemoryImages images = InMemoryImages.of(noise(16, 1), noise(8, 2), List.of("cat", "dog"));
    Run run =
        resize(16)
            .epochs(1)
            .batchSize(8)
            .model(new XResNet(18).widen(0.125))
            .train(images, directory.resolve("run"));
    assertThat(run.report()).isEqualTo(directory.resolve("run/report.html"));
    assertThat(Files.readString(directory.resolve("run/report.html")))
        .contains("What the model saw", "Metrics")
        .doesNotContain("is left out");
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
