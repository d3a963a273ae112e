package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.evaluate.Predictions;
import dev.leaven.runtime.optimize.MovingAverage;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TrainedModelTest {

  private static final TrainingListener SILENT = new TrainingListener() {};

  @TempDir Path folder;

  private final DataSource data = Runs.data();
  private Path directory;

  @BeforeEach
  void named() {
    directory = folder.resolve("run");
  }

  private RunResult train(Plan plan) {
    return Trainer.train(plan, data.load(plan.seed()), directory, SILENT);
  }

  @Test
  void answersWhatTheRunWasScoredBy() {
    RunResult run = train(Runs.plan());
    try (TrainedModel model = TrainedModel.open(directory)) {
      Predictions plain = model.predict(data.load(7).valid(), model.stage().size(), SILENT);
      assertThat(plain.scores()).isEqualTo(run.scores());
      assertThat(plain.images()).containsExactly(IntStream.range(0, 21).toArray());
      assertThat(plain.label(3)).isEqualTo(1);
      assertThat(model.run().history()).isEqualTo(run.history());

      Predictions views =
          model.predict(
              data.load(7).valid(),
              model.stage().size(),
              run.plan().evaluation().tta().orElseThrow(),
              SILENT);
      assertThat(Optional.of(views.scores())).isEqualTo(run.tta());
      assertThat(views.answers()[0]).isNotEqualTo(plain.answers()[0]);
    }
  }

  @Test
  void answersByTheAverageWhereThereIsOne() {
    RunResult run = train(Runs.with(Runs.plan(), "averaging", Optional.of(new MovingAverage(1))));
    EpochReport last = run.history().get(run.history().size() - 1);
    try (TrainedModel model = TrainedModel.open(directory)) {
      Predictions plain = model.predict(data.load(7).valid(), 20, SILENT);
      assertThat(Optional.of(plain.scores())).isEqualTo(last.averaged());
      assertThat(plain.scores()).isNotEqualTo(last.valid());
    }
  }

  @Test
  void theBestEpochIsHadToo() {
    RunResult run = train(Runs.plan());
    int best = 0;
    for (int i = 1; i < run.history().size(); i++) {
      if (run.history().get(i).scores().betterThan(run.history().get(best).scores())) {
        best = i;
      }
    }
    EpochReport report = run.history().get(best);
    try (TrainedModel model = TrainedModel.open(directory, TrainedModel.Which.BEST)) {
      assertThat(model.predict(data.load(7).valid(), report.size(), SILENT).scores())
          .isEqualTo(report.valid());
    }
  }

  @Test
  void imagesMayBeOfAnotherSizeAndNumber() {
    train(Runs.plan());
    try (TrainedModel model = TrainedModel.open(directory)) {
      assertThat(model.predict(Runs.stripes(5, 40, 3), 32, SILENT).size()).isEqualTo(5);
      assertThat(model.predict(Runs.stripes(1, 16, 3), 16, SILENT).size()).isEqualTo(1);
    }
  }

  @Test
  void otherDataMustHaveTheSameClasses() {
    train(Runs.plan());
    DataSource other =
        InMemoryImages.of(Runs.stripes(48, 20, 1), Runs.stripes(21, 20, 2), List.of("cat", "dog"));
    try (TrainedModel model = TrainedModel.open(directory)) {
      assertThatThrownBy(() -> model.data(other))
          .isInstanceOf(RunException.class)
          .hasMessage(
              ("%s was trained on across, upright, but %s has cat, dog;"
                      + " give images of the same classes")
                  .formatted(directory, other.describe()));
    }
  }

  @Test
  void whatIsNoRunIsNamed() throws IOException {
    assertThatThrownBy(() -> TrainedModel.open(folder))
        .isInstanceOf(RunException.class)
        .hasMessage("%s is not a run directory: it has no recipe.json".formatted(folder));

    train(Runs.plan());
    Path file = directory.resolve("last/checkpoint.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> TrainedModel.open(directory))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("%s cannot be read: ".formatted(file));
  }
}
