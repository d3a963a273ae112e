package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
@Tag("thorough")
class CachedTrainingTest {

  private static final TrainingListener SILENT = new TrainingListener() {};

  @TempDir static Path shared;

  @TempDir Path directory;

  private static Path photos;
  private static RunResult whole;

  @BeforeAll
  static void trainOnce() throws IOException {
    photos = shared.resolve("photos");
    Random random = new Random(11);
    for (String folder : List.of("train/a", "train/b", "val/a", "val/b")) {
      Files.createDirectories(photos.resolve(folder));
      for (int i = 0; i < (folder.startsWith("train") ? 12 : 5); i++) {
        BufferedImage image =
            new BufferedImage(24 + i % 7 * 5, 24 + i % 5 * 9, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
          for (int x = 0; x < image.getWidth(); x++) {
            image.setRGB(x, y, random.nextInt(1 << 24));
          }
        }
        ImageIO.write(image, "jpg", photos.resolve(folder).resolve(i + ".jpg").toFile());
      }
    }
    whole = train(photos, DecodedCache.MEMORY, shared.resolve("whole"), SILENT);
  }

  @BeforeEach
  void setHome() {
    System.setProperty("leaven.home", directory.resolve("home").toString());
  }

  @AfterEach
  void clear() {
    System.clearProperty("leaven.home");
  }

  private static RunResult train(
      Path photos, DecodedCache cache, Path to, TrainingListener listener) {
    List<Stage> stages = List.of(Runs.stage(16, 2, 8, 24), Runs.stage(20, 1, 8, 24));
    Plan plan = Runs.plan(ImageFolder.of(photos), new TinyNet(4), stages);
    plan = Runs.with(plan, "cache", cache);
    return Trainer.train(plan, plan.data().source().load(plan.seed()), to, listener);
  }

  private RunResult train(DecodedCache cache, String name, TrainingListener listener) {
    return train(photos, cache, directory.resolve(name), listener);
  }

  private static TrainingListener stoppingAt(int epoch, int step) {
    int[] now = {0};
    return new TrainingListener() {
      @Override
      public void onEpochStart(int number, int stageNumber, Stage stage) {
        now[0] = number;
      }

      @Override
      public void onDecoded(int done, int total) {
        if (now[0] == epoch && step == 0 && done == 7) {
          Thread.currentThread().interrupt();
        }
      }

      @Override
      public void onStep(int taken, Stage stage, double smoothedLoss) {
        if (now[0] == epoch && taken == step) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  @Test
  void memoryAndDiskColdAndWarmGiveTheSameRun() throws IOException {
    RunResult cold = train(DecodedCache.DISK, "cold", SILENT);
    // Two stages with a file for each part.
    try (var files = Files.list(directory.resolve("home").resolve("decoded"))) {
      assertThat(files).hasSize(4);
    }
    RunResult warm = train(DecodedCache.DISK, "warm", SILENT);
    assertThat(Runs.numbers(cold)).isEqualTo(Runs.numbers(whole));
    assertThat(Runs.numbers(warm)).isEqualTo(Runs.numbers(whole));
    assertThat(warm.tta()).isEqualTo(whole.tta());
    // Squares at whole pixels are others than squares between them, or nothing was cached.
    RunResult none = train(DecodedCache.NONE, "none", SILENT);
    assertThat(none.history().get(0).trainLoss())
        .isNotEqualTo(whole.history().get(0).trainLoss())
        .isFinite();
  }

  /** Step 0 is in the decoding: of the first stage before epoch 1, of the second before epoch 3. */
  @ParameterizedTest
  @CsvSource({"0,0", "1,2", "2,0", "3,1"})
  void aRunStoppedAnywhereEndsAsIfItHadNotBeen(int epoch, int step) {
    RunResult stopped = train(DecodedCache.MEMORY, "stopped", stoppingAt(epoch, step));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.finished()).isFalse();
    RunResult resumed = Trainer.resume(directory.resolve("stopped"), SILENT);
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
    assertThat(resumed.tta()).isEqualTo(whole.tta());
  }

  @ParameterizedTest
  @EnumSource(names = {"MEMORY", "DISK"})
  void damagedFilesAreFoundBeforeTheFirstStep(DecodedCache cache) throws IOException {
    Path copy = directory.resolve("damaged");
    try (var files = Files.walk(photos)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(photos.relativize(file)));
      }
    }
    for (String name : List.of("train/a/7.jpg", "val/b/4.jpg")) {
      byte[] bytes = Files.readAllBytes(copy.resolve(name));
      Files.write(copy.resolve(name), Arrays.copyOf(bytes, bytes.length / 2));
    }
    List<String> heard = new ArrayList<>();
    RunResult run =
        train(
            copy,
            cache,
            directory.resolve("run"),
            new TrainingListener() {
              @Override
              public void onDamaged(List<DamagedFile> files) {
                files.forEach(file -> heard.add(copy.relativize(file.file()).toString()));
              }
            });
    assertThat(heard).containsExactlyInAnyOrder("train/a/7.jpg", "val/b/4.jpg");
    assertThat(run.damaged()).hasSize(2);
    assertThat(run.scores().images()).isEqualTo(9);
    RunResult again = train(copy, cache, directory.resolve("again"), SILENT);
    assertThat(Runs.numbers(again)).isEqualTo(Runs.numbers(run));
    assertThat(again.damaged()).isEqualTo(run.damaged());
  }
}
