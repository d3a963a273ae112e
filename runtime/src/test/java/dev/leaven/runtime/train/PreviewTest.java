package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.ShuffleOrder;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.mix.CutMix;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.transform.Brightness;
import dev.leaven.runtime.transform.Contrast;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.RandAugment;
import dev.leaven.runtime.transform.RandomErasing;
import dev.leaven.runtime.transform.RandomResizedCrop;
import dev.leaven.runtime.transform.Rotate;
import dev.leaven.runtime.transform.Warp;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class PreviewTest {

  @TempDir static Path directory;

  private static Preview preview(Plan plan, PreviewStep previewStep) {
    return Preview.of(plan, plan.data().source().load(plan.seed()), previewStep);
  }

  private static float[] all(List<float[]> rows) {
    int length = rows.get(0).length;
    float[] values = new float[rows.size() * length];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, values, i * length, length);
    }
    return values;
  }

  /** What reached model and loss in each step of a run. */
  private record Trained(Map<PreviewStep, float[]> images, Map<PreviewStep, float[]> targets) {

    static Trained of(Plan plain, String name) {
      Path images = directory.resolve(name + " images");
      Path targets = directory.resolve(name + " targets");
      Plan plan =
          Runs.with(
              plain,
              "architecture",
              new Recorder.Net(images.toString()),
              "loss",
              new Recorder.RecordingLoss(targets.toString()),
              "smoothing",
              new LabelSmoothing(0),
              "tta",
              Optional.empty());
      Trained trained = new Trained(new HashMap<>(), new HashMap<>());
      TrainingListener listener =
          new TrainingListener() {
            private int number;
            private int step;

            @Override
            public void onEpochStart(int epoch, int stageNumber, Stage stage) {
              step = number == stageNumber ? step : 0;
              number = stageNumber;
            }

            @Override
            public void onStep(int done, Stage stage, double smoothedLoss) {
              PreviewStep at =
                  PreviewStep.first().stage(number).step(++step).images(stage.batchSize());
              int pixels = stage.size() * stage.size() * plan.data().channels();
              trained.images().put(at, Recorder.read(images, stage.batchSize() * pixels));
              trained.targets().put(at, Recorder.read(targets, stage.batchSize() * 2));
            }
          };
      Trainer.train(
          plan, plan.data().source().load(plan.seed()), directory.resolve(name), listener);
      return trained;
    }

    void shownBy(Plan plan, PreviewStep at) {
      List<Preview.Example> examples = preview(plan, at).examples();
      assertThat(all(examples.stream().map(Preview.Example::seen).toList()))
          .as("%s", at)
          .isEqualTo(images.get(at));
      assertThat(all(examples.stream().map(Preview.Example::target).toList()))
          .as("%s", at)
          .isEqualTo(targets.get(at));
    }
  }

  /** In every step of a run, of both stages and with mixing and without, to the bit. */
  @Test
  void itShowsWhatARunIsTrainedOn() {
    List<Stage> stages = List.of(Runs.stage(16, 2, 8, 48), Runs.stage(20, 2, 8, 48));
    Mixing either = new MixUpOrCutMix(new MixUp(), new CutMix(), 0.5);
    Plan plan =
        Runs.with(
            Runs.plan(
                Runs.data(), new TinyNet(2), stages, Optional.of(either), 1, Precision.FLOAT32),
            "geometry",
            List.of(RandomResizedCrop.presized(), new Flip(), new Warp(), new Rotate()),
            "policy",
            Optional.of(new RandAugment()),
            "lighting",
            List.of(new Brightness(), new Contrast()),
            "erasing",
            Optional.of(new RandomErasing(0.5)));
    Trained trained = Trained.of(plan, "run");

    assertThat(trained.images()).hasSize(24);
    for (int stage : List.of(1, 2)) {
      for (int step : List.of(1, 2, 6, 7, 12)) {
        PreviewStep at = PreviewStep.first().stage(stage).step(step).images(8);
        assertThat(preview(plan, at).mixed()).isEqualTo(stage == 1 || step <= 6);
        trained.shownBy(plan, at);
      }
    }
    assertThat(trained.targets().get(PreviewStep.first().images(8)))
        .isNotEqualTo(trained.targets().get(PreviewStep.first().step(2).images(8)));
  }

  /** Of a step with several batches its first: the third step of an epoch has no other. */
  @Test
  void itShowsTheFirstOfAccumulatedBatches() {
    List<Stage> stages =
        List.of(new Stage(16, 19, 16, 2, 8, 5, 2, 0.01, new OneCycle(), Optional.empty()));
    Plan plan = Runs.plan(Runs.data(), new TinyNet(2), stages);
    Trained trained = Trained.of(plan, "accumulated");
    for (int step : List.of(3, 6)) {
      trained.shownBy(plan, PreviewStep.first().step(step).images(8));
    }
  }

  /** A cache moves images by less than a pixel; another image takes the place of a damaged one. */
  @ParameterizedTest
  @EnumSource(
      value = DecodedCache.class,
      names = {"NONE", "MEMORY"})
  void itDoesSoForFilesToo(DecodedCache cache) throws IOException {
    Path photos = Files.createDirectories(directory.resolve("photos " + cache));
    Random random = new Random(3);
    for (String folder : List.of("train/a", "train/b", "val/a", "val/b")) {
      Files.createDirectories(photos.resolve(folder));
      for (int i = 0; i < 6; i++) {
        BufferedImage image = new BufferedImage(24 + i * 5, 40 - i * 3, BufferedImage.TYPE_INT_RGB);
        for (int k = 0; k < image.getWidth() * image.getHeight(); k++) {
          image.setRGB(k % image.getWidth(), k / image.getWidth(), random.nextInt(1 << 24));
        }
        ImageIO.write(image, "png", photos.resolve(folder).resolve(i + ".png").toFile());
      }
    }
    for (String damaged : List.of("train/a/2.png", "train/b/5.png")) {
      Path file = photos.resolve(damaged);
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 200));
    }
    Plan plan =
        Runs.with(
            Runs.plan(ImageFolder.of(photos), new TinyNet(2), List.of(Runs.stage(16, 1, 4, 12))),
            "cache",
            cache);
    // Damaged files are found by those who decode them.
    assertThat(plan.data().trainImages()).isEqualTo(12);
    Trained trained = Trained.of(plan, "run " + cache);
    for (int step = 1; step <= 3; step++) {
      trained.shownBy(plan, PreviewStep.first().step(step).images(4));
    }
  }

  /** Images of 20 px that are loaded at 20 px are loaded as they are. */
  @Test
  void originalsAreTheDataItself() {
    Stage stage = new Stage(16, 20, 16, 3, 8, 6, 0.01, new OneCycle());
    Plan plan = Runs.plan(Runs.data(), new TinyNet(2), List.of(stage));
    Samples.Pixels samples = Runs.stripes(48, 20, 1);
    Preview preview = preview(plan, PreviewStep.first().step(6 + 2).images(8));
    int[] order = ShuffleOrder.shuffled(plan.seed(), 1, 48);
    for (int i = 0; i < 8; i++) {
      int image = order[8 + i];
      Preview.Example example = preview.examples().get(i);
      assertThat(example.original())
          .isEqualTo(Arrays.copyOfRange(samples.pixels(), image * 400, (image + 1) * 400));
      assertThat(example.label()).hasSize(2);
      assertThat(example.label()[samples.labels()[image]]).isEqualTo(1);
      assertThat(example.label()[1 - samples.labels()[image]]).isZero();
    }
  }

  @Test
  void withoutAugmentationWhatIsShownIsTheOriginal() {
    Stage stage = new Stage(20, 20, 20, 1, 8, 6, 0.01, new OneCycle());
    Plan plan =
        Runs.with(
            Runs.plan(Runs.data(), new TinyNet(2), List.of(stage)),
            "geometry",
            List.of(),
            "mixing",
            Optional.empty());
    for (Preview.Example example : preview(plan, PreviewStep.first()).examples()) {
      assertThat(example.shown()).isEqualTo(example.original());
      assertThat(example.target()).isEqualTo(example.label());
    }
  }

  @Test
  void targetsAreMixedWithTheNextImage() {
    Plan plan = Runs.plan(Runs.data(), new TinyNet(2), List.of(Runs.stage(16, 1, 8, 48)));
    List<Preview.Example> examples = preview(plan, PreviewStep.first()).examples();
    assertThat(examples).hasSize(8);
    for (int i = 0; i < 8; i++) {
      float[] own = examples.get(i).label();
      float[] next = examples.get((i + 1) % 8).label();
      float[] target = examples.get(i).target();
      int k = own[0] == 1 ? 0 : 1;
      // MixUp keeps at least half of an image; all of it if the next one is of its class.
      float least = next[k] == 1 ? 1 - 1e-6f : 0.5f;
      assertThat(target[k]).isBetween(least, 1 + 1e-6f);
      assertThat(target[0] + target[1]).isCloseTo(1, within(1e-6f));
    }
  }

  private static DataSource rows(Task task, float... values) {
    byte[] pixels = new byte[4 * 16 * 16 * 3];
    new Random(1).nextBytes(pixels);
    Targets.Rows targets = new Targets.Rows(task, values, 2);
    Samples.Pixels samples = new Samples.Pixels(pixels, 16, 16, 3, targets);
    return InMemoryImages.of(samples, samples, List.of("first", "second"));
  }

  @Test
  void imagesMayHaveSeveralLabels() {
    DataSource data = rows(Task.MULTI_LABEL, 1, 0, 1, 1, 0, 0, 0, 1);
    Plan plan = Runs.plan(data, new TinyNet(2), List.of(Runs.stage(16, 1, 4, 4)));
    Preview preview = preview(plan, PreviewStep.first());
    int[] order = ShuffleOrder.shuffled(plan.seed(), 0, 4);
    float[][] labels = {{1, 0}, {1, 1}, {0, 0}, {0, 1}};
    for (int i = 0; i < 4; i++) {
      assertThat(preview.examples().get(i).label()).isEqualTo(labels[order[i]]);
      assertThat(preview.examples().get(i).original()).hasSize(19 * 19 * 3);
      assertThat(preview.examples().get(i).shown()).hasSize(16 * 16 * 3);
    }
  }

  @Test
  void numbersAreInTheirOwnUnit() {
    float[][] numbers = {{1, 1000}, {2, 3000}, {3, 5000}, {4, 9000}};
    DataSource data = rows(Task.REGRESSION, 1, 1000, 2, 3000, 3, 5000, 4, 9000);
    List<Stage> stages = List.of(Runs.stage(16, 1, 4, 4));
    Plan plan = Runs.plan(data, new TinyNet(2), stages, Optional.empty(), Precision.FLOAT32);
    Preview preview = preview(plan, PreviewStep.first());
    int[] order = ShuffleOrder.shuffled(plan.seed(), 0, 4);
    for (int i = 0; i < 4; i++) {
      assertThat(preview.examples().get(i).label()).isEqualTo(numbers[order[i]]);
      float[] target = preview.examples().get(i).target();
      for (int k = 0; k < 2; k++) {
        // Scaled and back in float32: some roundings of numbers within four deviations.
        assertThat(target[k]).isCloseTo(numbers[order[i]][k], within(1e-6f * numbers[3][k]));
      }
    }
  }

  @Test
  void aBatchMayBeOneImage() {
    Stage stage = Runs.stage(16, 1, 1, 48);
    Plan plan = Runs.plan(Runs.data(), new TinyNet(2), List.of(stage));
    Preview preview = preview(plan, PreviewStep.first().step(48));
    assertThat(preview.examples()).hasSize(1);
    assertThat(preview.examples().get(0).target()).isEqualTo(preview.examples().get(0).label());
  }

  @Test
  void whatIsNotInTheRunIsRefused() {
    Plan plan = Runs.plan();
    refuses(
        () -> preview(plan, PreviewStep.first().stage(3)),
        "preview: stage must be between 1 and 2, the stages of the recipe, but is 3");
    refuses(
        () -> preview(plan, PreviewStep.first().step(13)),
        "preview: step must be between 1 and 12, the steps of stage 1, but is 13");
    refuses(
        () -> preview(plan, PreviewStep.first().stage(2).images(9)),
        "preview: images must be between 1 and 8, the batch size of stage 2, but is 9");
    refuses(() -> PreviewStep.first().stage(0), "preview: stage must be at least 1, but is 0");
    refuses(() -> PreviewStep.first().step(0), "preview: step must be at least 1, but is 0");
    refuses(() -> PreviewStep.first().images(0), "preview: images must be at least 1, but is 0");
  }

  private static void refuses(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
