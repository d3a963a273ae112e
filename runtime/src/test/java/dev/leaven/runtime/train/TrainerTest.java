package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.run.Checkpoint;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {

  @TempDir Path directory;

  private static final TrainingListener SILENT = new TrainingListener() {};

  private RunResult train(Plan plan, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve("run"), listener);
  }

  @Test
  void aSmallModelLearnsWhatCanBeLearned() {
    Plan plan =
        Runs.plan(
            Runs.data(),
            new TinyNet(8),
            List.of(Runs.stage(16, 12, 8, 48)),
            Optional.empty(),
            Precision.FLOAT32);
    RunResult run = train(plan, SILENT);
    // Guessing gives 0.5; stripes are easy, so anything much below 1 means a step is wrong.
    assertThat(run.scores().top1()).isGreaterThan(0.9);
    assertThat(run.tta().orElseThrow().top1()).isGreaterThan(0.9);
    assertThat(run.scores().images()).isEqualTo(21);
  }

  @Test
  void stagesShareOneGraphAndTheLargestIsTriedFirst() {
    List<String> heard = new ArrayList<>();
    RunResult run =
        train(
            Runs.plan(),
            new TrainingListener() {
              @Override
              public void onPhase(String what) {
                heard.add(what);
              }

              @Override
              public void onEpochStart(int epoch, int stageNumber, Stage stage) {
                heard.add("epoch %d at %d px".formatted(epoch, stage.size()));
              }
            });
    assertThat(heard)
        .containsExactly(
            "compiling the graph",
            "trying a batch of the largest stage, 20 px",
            "epoch 1 at 16 px",
            "validating",
            "epoch 2 at 16 px",
            "validating",
            "epoch 3 at 20 px",
            "validating",
            "epoch 4 at 20 px",
            "validating",
            "test-time augmentation");
    assertThat(run.history()).extracting(EpochReport::size).containsExactly(16, 16, 20, 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void everyBatchSizeWorksWithMixing(int batch) {
    Plan plan =
        Runs.plan(
            Runs.data(),
            new TinyNet(4),
            List.of(Runs.stage(16, 1, batch, 48)),
            Optional.of(new MixUp()),
            Precision.FLOAT32);
    assertThat(train(plan, SILENT).history().get(0).trainLoss()).isFinite();
  }

  @Test
  void aPlanComesBackFromJson() {
    Plan plan = Runs.plan();
    String json = TechniqueJson.write(plan);
    Plan back = TechniqueJson.read(json, Plan.class);
    assertThat(back).usingRecursiveComparison().ignoringFields("data").isEqualTo(plan);
    assertThat(TechniqueJson.write(back)).isEqualTo(json);
  }

  @Test
  void aLossThatIsNoNumberEndsTheRunAndIsNotSaved() throws Exception {
    Plan plan = Runs.plan();
    Stage stage = plan.stages().get(0);
    Plan wild =
        Runs.plan(
            plan.data().source(),
            plan.model().architecture(),
            List.of(
                new Stage(
                    stage.size(),
                    stage.presize(),
                    stage.validationSide(),
                    2,
                    stage.batchSize(),
                    stage.batches(),
                    1e38,
                    stage.schedule())));
    assertThatThrownBy(() -> train(wild, SILENT))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "the loss is no longer a number at step \\d of epoch 1 \\(learning rate .*\\);"
                + " nothing after the last checkpoint is kept: try a lower learningRate or"
                + " clipGradients\\(1\\.0\\), and look for wrong values in the data");
    Checkpoint last =
        Checkpoint.read(directory.resolve("run").resolve("last").resolve(Checkpoint.FILE));
    assertThat(last.progress().epochs()).isZero();
    last.arrays()
        .values()
        .forEach(
            (name, values) -> {
              float[] array = new float[values.remaining()];
              values.duplicate().get(array);
              assertThat(array).doesNotContain(Float.NaN);
            });
  }

  @Test
  void photographsOfAnyShapeTrain() throws Exception {
    DataSource source = ImageFolder.of(photos(12));
    ImageData data = source.load(7);
    Plan plan =
        Runs.plan(source, new TinyNet(4), List.of(Runs.stage(16, 1, 8, data.train().size())));
    RunResult run = train(plan, SILENT);
    assertThat(run.finished()).isTrue();
    assertThat(run.history().get(0).waiting()).isBetween(0.0, 1.0);
  }

  private Path photos(int perClass) throws Exception {
    Path root = directory.resolve("photos");
    for (String part : List.of("train", "val")) {
      for (String name : List.of("a", "b")) {
        Path folder = Files.createDirectories(root.resolve(part).resolve(name));
        for (int i = 0; i < perClass; i++) {
          BufferedImage image =
              new BufferedImage(20 + i % 7 * 5, 20 + i % 5 * 9, BufferedImage.TYPE_INT_RGB);
          image.setRGB(3, 3, 0xFF0000);
          ImageIO.write(image, "jpg", folder.resolve(i + ".jpg").toFile());
        }
      }
    }
    return root;
  }
}
