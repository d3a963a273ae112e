package dev.leaven.runtime.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.run.TrainingOptions;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.TinyNet;
import dev.leaven.runtime.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunDirectoryTest {

  private static final TrainingListener SILENT = new TrainingListener() {};

  @TempDir static Path shared;

  @TempDir Path directory;

  private static final Plan PLAN =
      Runs.plan(Runs.data(), new TinyNet(2), List.of(Runs.stage(16, 1, 16, 48)));

  @BeforeAll
  static void trainOnce() {
    train(PLAN, shared.resolve("run"));
  }

  private static RunResult train(Plan plan, Path to) {
    return Trainer.train(plan, plan.data().source().load(plan.seed()), to, SILENT);
  }

  private static Plan otherRecipe() {
    return Runs.with(
        PLAN, "recipeHash", "ffffffffffff", "recipe", "{\"recipe\":\"of another test\",\"tta\":4}");
  }

  @Test
  void aRunIsNotTrainedOver() {
    assertThatThrownBy(() -> train(PLAN, shared.resolve("run")))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "%s holds this run already; resume it, or choose another directory"
                .formatted(shared.resolve("run")));
  }

  @Test
  void aDirectoryOfAnotherRecipeIsRefused() {
    assertThatThrownBy(() -> train(otherRecipe(), shared.resolve("run")))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "%s belongs to another recipe; choose another directory. What differs: recipe of a test"
                    .formatted(shared.resolve("run"))
                + " there, of another test here; tta: not said there, 4 here");
    assertThat(Trainer.differences(shared.resolve("run"), otherRecipe().recipe())).hasSize(2);
    assertThat(Trainer.differences(shared.resolve("run"), PLAN.recipe())).isEmpty();
    assertThatThrownBy(() -> Trainer.differences(directory.resolve("none"), PLAN.recipe()))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "%s is not a run directory: there is no such directory"
                .formatted(directory.resolve("none")));
    Path file = shared.resolve("run").resolve("recipe.json");
    assertThatThrownBy(() -> Trainer.differences(file, PLAN.recipe()))
        .isInstanceOf(RunException.class)
        .hasMessage("%s is not a run directory: it is a file".formatted(file));
  }

  @Test
  void theSameRecipeOnOtherDataIsNotTheSameRun() {
    assertThatThrownBy(
            () ->
                train(
                    Runs.with(PLAN, "classNames", List.of("across", "up")), shared.resolve("run")))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "%s holds a run of this recipe, planned otherwise; choose another directory. What"
                    .formatted(shared.resolve("run"))
                + " differs: className 2 upright there, up here");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",\"stopping\":[] | | its plan is of another version, which did not say stopping",
        "\"tta\": | \"later\":1,\"tta\": | its plan is of another version, which also said later",
        "\"technique\":\"Adam\" | \"technique\":\"Adagrad\" |"
            + " not a Plan in JSON: there is no Optimizer named 'Adagrad' on the class path",
      })
  void aCheckpointOfAnotherVersionIsNamed(String was, String is, String reason) throws Exception {
    Path written = shared.resolve("run").resolve("last").resolve(Checkpoint.FILE);
    SafeTensors arrays = SafeTensors.read(written);
    Map<String, String> metadata = new LinkedHashMap<>(arrays.metadata());
    String plan = metadata.get("plan");
    assertThat(plan).contains(was);
    metadata.put("plan", plan.replace(was, is == null ? "" : is));
    Path file = Files.createDirectories(directory.resolve("last")).resolve(Checkpoint.FILE);
    SafeTensors.write(file, metadata, List.of());
    assertThatThrownBy(() -> Trainer.resume(directory, SILENT))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "%s cannot be read: %s; go on with the version of Leaven that wrote it, or train anew"
                .formatted(file, reason));
  }

  @Test
  void whatAnOlderVersionCouldNotDoItsCheckpointDidNot() throws Exception {
    Path written = shared.resolve("run").resolve("last").resolve(Checkpoint.FILE);
    SafeTensors arrays = SafeTensors.read(written);
    Map<String, String> metadata = new LinkedHashMap<>(arrays.metadata());
    for (String part : List.of("plan", "progress")) {
      String now = metadata.get(part);
      String before = now.replace("\"evaluateAt\":null,", "").replace("\"sized\":null,", "");
      assertThat(before).isNotEqualTo(now);
      metadata.put(part, before);
    }
    Path file = Files.createDirectories(directory.resolve("older")).resolve(Checkpoint.FILE);
    SafeTensors.write(file, metadata, List.of());
    Checkpoint older = Checkpoint.read(file);
    assertThat(TechniqueJson.write(older.plan())).isEqualTo(arrays.metadata().get("plan"));
    assertThat(TechniqueJson.write(older.progress())).isEqualTo(arrays.metadata().get("progress"));
  }

  @Test
  void aPartOfAPlanIsReadUnderItsOlderName() throws Exception {
    SafeTensors arrays =
        SafeTensors.read(shared.resolve("run").resolve("last").resolve(Checkpoint.FILE));
    Map<String, String> metadata = new LinkedHashMap<>(arrays.metadata());
    String plan = metadata.get("plan");
    assertThat(plan).contains("\"evaluation\":");
    metadata.put("plan", plan.replace("\"evaluation\":", "\"judging\":"));
    Path file = Files.createDirectories(directory.resolve("renamed")).resolve(Checkpoint.FILE);
    SafeTensors.write(file, metadata, List.of());
    assertThat(TechniqueJson.write(Checkpoint.read(file).plan())).isEqualTo(plan);
  }

  @Test
  void aFinishedRunLosesNothingThatItsProcessCouldNotWrite() throws Exception {
    Path run = directory.resolve("run");
    RunResult whole = train(PLAN, run);
    String summary = Files.readString(run.resolve("summary.json"));
    Files.delete(run.resolve("summary.json"));
    Files.delete(run.resolve("best").resolve(Checkpoint.FILE));
    RunResult again =
        Trainer.resume(run, PLAN.data().source(), TrainingOptions.usual().keep(1), SILENT);
    assertThat(again.history()).isEqualTo(whole.history());
    assertThat(run.resolve("summary.json")).hasContent(summary);
    assertThat(Checkpoint.read(run.resolve("best").resolve(Checkpoint.FILE)).progress().epochs())
        .isEqualTo(1);
    assertThat(run.resolve("kept").resolve("epoch-001").resolve(Checkpoint.FILE)).isNotEmptyFile();
  }

  @Test
  void aFileIsNoRunDirectory() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> train(PLAN, file))
        .isInstanceOf(RunException.class)
        .hasMessage("%s is a file, but a run needs a directory".formatted(file));
  }

  @Test
  void onlyARunCanBeResumed() {
    assertThatThrownBy(() -> Trainer.resume(directory, SILENT))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "%s is not a run directory: it has no %s"
                .formatted(directory, Path.of("last", "checkpoint.safetensors")));
    assertThatThrownBy(() -> Trainer.resume(directory.resolve("none"), SILENT))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "%s is not a run directory: there is no such directory"
                .formatted(directory.resolve("none")));
  }

  @Test
  void aDamagedCheckpointIsNamed() throws Exception {
    Path file = Files.createDirectories(directory.resolve("last")).resolve(Checkpoint.FILE);
    byte[] whole =
        Files.readAllBytes(shared.resolve("run").resolve("last").resolve(Checkpoint.FILE));
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 5));
    assertThatThrownBy(() -> Trainer.resume(directory, SILENT))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "%1$s cannot be read: %1$s is cut off: it should have at least %2$d bytes, but has %3$d"
                .formatted(file, whole.length, whole.length - 5));
  }

  @Test
  void twoCannotWriteTheSameRun() throws Exception {
    try (RunDirectory held = RunDirectory.open(shared.resolve("run"))) {
      assertThat(held.path()).isEqualTo(shared.resolve("run"));
      assertThatThrownBy(() -> Trainer.resume(shared.resolve("run"), SILENT))
          .isInstanceOf(RunException.class)
          .hasMessage(
              "%s is in use by another process; wait for it, or choose another directory"
                  .formatted(shared.resolve("run")));
    }
  }

  // /dev/full refuses every byte as a full disk does; the link sends the new checkpoint there.
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskLosesNothing() throws Exception {
    Path run = directory.resolve("run");
    TrainingListener fillsDisk =
        new TrainingListener() {
          @Override
          public void onEpochStart(int epoch, int stageNumber, Stage stage) {
            try {
              Files.createSymbolicLink(
                  run.resolve("last").resolve(Checkpoint.FILE + ".tmp"), Path.of("/dev/full"));
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }
        };
    assertThatThrownBy(
            () -> Trainer.train(PLAN, PLAN.data().source().load(PLAN.seed()), run, fillsDisk))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "%s cannot be written: there is no space left on the disk; what was saved before is"
                    .formatted(run.resolve("last").resolve(Checkpoint.FILE))
                + " whole, so make room and resume the run");
    Files.delete(run.resolve("last").resolve(Checkpoint.FILE + ".tmp"));
    RunResult resumed = Trainer.resume(run, PLAN.data().source(), SILENT);
    assertThat(Runs.numbers(resumed))
        .isEqualTo(
            Runs.numbers(Trainer.resume(shared.resolve("run"), PLAN.data().source(), SILENT)));
  }

  @Test
  void aRunInMemoryNeedsItsImagesAgain() throws Exception {
    Path run = directory.resolve("run");
    TrainingListener stops =
        new TrainingListener() {
          @Override
          public void onStep(int step, Stage stage, double smoothedLoss) {
            Thread.currentThread().interrupt();
          }
        };
    RunResult first = Trainer.train(PLAN, PLAN.data().source().load(PLAN.seed()), run, stops);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(first.finished()).isFalse();
    assertThatThrownBy(() -> Trainer.resume(run, SILENT))
        .hasMessage(
            "InMemoryImages: this run's images were in the memory of the program that began it;"
                + " pass them to resume");
    var fewer =
        InMemoryImages.of(
            Runs.stripes(40, 20, 1), Runs.stripes(21, 20, 2), List.of("across", "upright"));
    assertThatThrownBy(() -> Trainer.resume(run, fewer, SILENT))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "%s was trained on 48 + 21 images of 2 classes, but InMemoryImages: 40 images for"
                    .formatted(run)
                + " training, 21 for validation now has 40 + 21 of 2; bring the images back, or"
                + " train anew");
    assertThat(Trainer.resume(run, PLAN.data().source(), SILENT).finished()).isTrue();
  }
}
