package dev.leaven.runtime.internal.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.optimize.Constant;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.FlatNet;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTop1Test {

  private static final int IMAGES = 48;

  @TempDir Path directory;

  @Test
  void aMixedImageCountsByTheShareOfTheClassThatIsAnswered() {
    float[] logits = {1, 3, 2, 0, -1, 5, -2, -3, -1};
    float[] targets = {0.3f, 0.7f, 0, 0, 1, 0, 0.6f, 0, 0.4f};
    double[] share =
        GraphRun.values(
            tf ->
                TrainingTop1.of(
                    tf, GraphRun.array(tf, logits, 3, 3), GraphRun.array(tf, targets, 3, 3)));
    // The answers are the classes 1, 2 and 2.
    assertThat(share).hasSize(1);
    assertThat(share[0]).isCloseTo((0.7 + 0 + 0.4) / 3, within(1e-7));
  }

  // A model that does not move, without normalization by batch, sees the training images as it sees
  // the validation images; both are the same here.
  private RunResult train(String name, Optional<Mixing> mixing, int accumulate) {
    Samples.Pixels images = Runs.stripes(IMAGES, 16, 5);
    DataSource source = InMemoryImages.of(images, images, List.of("across", "upright"));
    Stage stage =
        new Stage(
            16,
            16,
            16,
            2,
            IMAGES / 4 / accumulate,
            4 * accumulate,
            accumulate,
            1e-30,
            new Constant(),
            Optional.empty());
    Plan plan = Runs.plan(source, new FlatNet(4), List.of(stage), mixing, 1, Precision.FLOAT32);
    return Trainer.train(
        Runs.with(plan, "geometry", List.of(), "tta", Optional.empty()),
        source.load(plan.seed()),
        directory.resolve(name),
        new TrainingListener() {});
  }

  @Test
  void itIsThePlainAccuracyWhereNothingIsMixed() throws Exception {
    for (int accumulate : new int[] {1, 3}) {
      RunResult run = train("plain" + accumulate, Optional.empty(), accumulate);
      for (EpochReport epoch : run.history()) {
        // Means of float32 means.
        assertThat(epoch.trainTop1().orElseThrow())
            .isCloseTo(epoch.valid().get(epoch.valid().primary()), within(1e-6));
      }
      List<String> csv = Files.readAllLines(run.directory().resolve("history.csv"));
      assertThat(csv.get(0)).startsWith("epoch,stage,size,train_loss,train_top1,valid_loss,");
      assertThat(csv.get(1).split(",")).hasSameSizeAs(csv.get(0).split(","));
    }
  }

  @Test
  void mixingIsSaidAndEndsWithTheEpochsThatMix() throws Exception {
    RunResult run = train("mixed", Optional.of(new MixUp(1)), 1);
    double plain = run.history().get(1).valid().get(run.scores().primary());
    assertThat(run.history().get(0).trainTop1().orElseThrow()).isNotCloseTo(plain, within(1e-3));
    assertThat(run.history().get(1).trainTop1().orElseThrow()).isCloseTo(plain, within(1e-6));
    assertThat(Files.readAllLines(run.directory().resolve("history.csv")).get(0))
        .startsWith("epoch,stage,size,train_loss,train_mixed_top1,valid_loss,");
  }
}
