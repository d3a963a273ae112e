package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.DamagedFile.Part;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class CorruptFilesTest {

  private static final int TRAINING = 24;
  private static final int VALIDATION = 11;

  private static final List<String> DAMAGED =
      List.of("train/a/17.jpg", "train/b/30.jpg", "train/b/31.jpg", "val/a/20.jpg");

  @TempDir static Path shared;

  private static Plan damagedPlan;
  private static RunResult whole;

  @TempDir Path directory;

  @BeforeAll
  static void trainOnDamagedFiles() throws Exception {
    Path root = photos(shared);
    for (String name : DAMAGED) {
      cutOff(root, name);
    }
    damagedPlan = plan(root);
    whole = train(damagedPlan, shared.resolve("whole"), new TrainingListener() {});
  }

  /** Hears of damaged files, and interrupts the training thread after a step. */
  private record Listener(List<DamagedFile> damaged, int epoch, int step, int[] now)
      implements TrainingListener {

    static Listener stoppingAt(int epoch, int step) {
      return new Listener(new ArrayList<>(), epoch, step, new int[1]);
    }

    @Override
    public void onDamaged(List<DamagedFile> files) {
      damaged.addAll(files);
    }

    @Override
    public void onEpochStart(int epoch, int stageNumber, Stage stage) {
      now[0] = epoch;
    }

    @Override
    public void onStep(int step, Stage stage, double smoothedLoss) {
      if (now[0] == epoch && step == this.step) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Path photos() throws Exception {
    return photos(directory);
  }

  private static Path photos(Path directory) throws Exception {
    Path root = Files.createDirectories(directory.resolve("photos"));
    Random random = new Random(3);
    for (String part : List.of("train", "val")) {
      for (String name : List.of("a", "b")) {
        Path folder = Files.createDirectories(root.resolve(part).resolve(name));
        for (int i = 10; i < 10 + (part.equals("train") ? TRAINING : VALIDATION); i++) {
          BufferedImage image =
              new BufferedImage(20 + i % 7 * 5, 20 + i % 5 * 9, BufferedImage.TYPE_INT_RGB);
          for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
              image.setRGB(x, y, random.nextInt(1 << 24));
            }
          }
          ImageIO.write(image, "jpg", folder.resolve(i + ".jpg").toFile());
        }
      }
    }
    return root;
  }

  private static Path cutOff(Path root, String name) throws Exception {
    Path file = root.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    return file;
  }

  /** Two stages, so that a batch of the second is tried before the first step. */
  private static Plan plan(Path root) {
    DataSource source = ImageFolder.of(root);
    int images = 2 * TRAINING;
    return Runs.plan(
        source,
        new TinyNet(4),
        List.of(Runs.stage(16, 2, 8, images), Runs.stage(20, 1, 8, images)));
  }

  private static RunResult train(Plan plan, Path run, TrainingListener listener) {
    return Trainer.train(plan, plan.data().source().load(plan.seed()), run, listener);
  }

  @Test
  void theRunGoesOnAndNamesTheFile() throws Exception {
    Path root = photos();
    Path broken = cutOff(root, "train/a/17.jpg");
    Path lost = root.resolve("val/b/12.jpg");
    Plan plan = plan(root);
    ImageData data = plan.data().source().load(plan.seed());
    Files.delete(lost);
    Listener listener = Listener.stoppingAt(0, 0);
    RunResult run = Trainer.train(plan, data, directory.resolve("run"), listener);
    assertThat(run.finished()).isTrue();
    List<DamagedFile> expected =
        List.of(
            new DamagedFile(Part.TRAINING, 7, broken, "is cut off"),
            new DamagedFile(Part.VALIDATION, VALIDATION + 2, lost, "cannot be read"));
    assertThat(listener.damaged()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(run.damaged()).isEqualTo(expected);
    assertThat(run.scores().images()).isEqualTo(2 * VALIDATION - 1);
    assertThat(run.tta().orElseThrow().images()).isEqualTo(2 * VALIDATION - 1);
    assertThat(Files.readString(directory.resolve("run").resolve("summary.json")))
        .contains(broken.toString(), lost.toString());
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,6"})
  void aRunStoppedAnywhereEndsAsIfItHadNotBeen(int epoch, int step) throws Exception {
    Listener first = Listener.stoppingAt(epoch, step);
    Path path = directory.resolve("stopped");
    assertThat(train(damagedPlan, path, first).finished()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    Listener second = Listener.stoppingAt(0, 0);
    RunResult resumed = Trainer.resume(path, second);
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
    assertThat(resumed.tta()).isEqualTo(whole.tta());
    assertThat(resumed.damaged()).isEqualTo(whole.damaged()).hasSize(DAMAGED.size());
    first.damaged().addAll(second.damaged());
    assertThat(first.damaged()).containsExactlyInAnyOrderElementsOf(whole.damaged());
  }

  @ParameterizedTest
  @CsvSource({"val/a/10.jpg", "val/a/17.jpg", "val/b/20.jpg"})
  void theScoresAreThoseWithoutTheDamagedImage(String name) throws Exception {
    Path root = photos();
    Path broken = cutOff(root, name);
    // One epoch: the scores of each are of the same kind.
    Plan plan =
        Runs.plan(
            ImageFolder.of(root), new TinyNet(4), List.of(Runs.stage(16, 1, 8, 2 * TRAINING)));
    RunResult damaged = train(plan, directory.resolve("damaged"), new TrainingListener() {});
    Files.delete(broken);
    RunResult without = train(plan, directory.resolve("without"), new TrainingListener() {});
    // Not so with test-time augmentation: its crops are drawn by index, and those differ here.
    assertThat(Runs.numbers(damaged)).isEqualTo(Runs.numbers(without));
  }

  @Test
  void damageAllOverEndsTheRunAndTellsWhatToDo() throws Exception {
    Path root = photos();
    for (int i = 10; i < 15; i++) {
      cutOff(root, "val/a/%d.jpg".formatted(i));
    }
    Path folder = root.resolve("val").resolve("a");
    assertThatThrownBy(() -> train(plan(root), directory.resolve("run"), new TrainingListener() {}))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            ("5 of 22 validation images (22.73 %%) cannot be loaded so far, where at most 1 %% is"
                    + " tolerated: %s is cut off, %s is cut off, %s is cut off, and 2 more; replace or delete them and train again")
                .formatted(
                    folder.resolve("10.jpg"), folder.resolve("11.jpg"), folder.resolve("12.jpg")));
  }

  @Test
  void theNextSoundImageOfTheOrderTakesThePlace() throws Exception {
    ImageData data = ImageFolder.of(photos()).load(7);
    CorruptFiles corrupt = new CorruptFiles(data, List.of(), new TrainingListener() {});
    int[] whole = {4, 2, 0, 1, 3};
    corrupt.add(Part.TRAINING, Map.of(2, "is empty", 0, "is empty"));
    corrupt.add(Part.VALIDATION, Map.of(4, "is empty"));
    assertThat(corrupt.avoided(Part.TRAINING, whole)).containsExactly(4, 1, 1, 1, 3);
    assertThat(corrupt.avoided(Part.VALIDATION, whole)).containsExactly(2, 0, 1, 3);
    // At the end of the order it goes on at the beginning.
    corrupt.add(Part.TRAINING, Map.of(3, "is empty"));
    assertThat(corrupt.avoided(Part.TRAINING, whole)).containsExactly(4, 1, 1, 1, 4);
    // An order of damaged images alone has nothing to offer, and must not be searched for ever.
    assertThat(corrupt.avoided(Part.TRAINING, new int[] {2, 3, 2})).containsExactly(2, 3, 2);
  }

  @Test
  void whatIsKnownIsNotToldAgain() throws Exception {
    ImageData data = ImageFolder.of(photos()).load(7);
    Listener listener = Listener.stoppingAt(0, 0);
    CorruptFiles first = new CorruptFiles(data, List.of(), listener);
    assertThat(first.add(Part.TRAINING, Map.of(5, "is empty"))).isTrue();
    assertThat(first.add(Part.TRAINING, Map.of(5, "is empty"))).isFalse();
    assertThat(first.add(Part.TRAINING, Map.of())).isFalse();
    CorruptFiles second = new CorruptFiles(data, first.files(), listener);
    assertThat(second.add(Part.TRAINING, Map.of(5, "is empty"))).isFalse();
    assertThat(listener.damaged()).hasSize(1);
  }
}
