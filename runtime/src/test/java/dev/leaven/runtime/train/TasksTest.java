package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.Balanced;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Repeated;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.run.Checkpoint;
import dev.leaven.runtime.internal.run.Progress;
import dev.leaven.runtime.loss.BinaryCrossEntropy;
import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.MeanSquaredError;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of target is learned, scored, combined over views and resumed. */
@Tag("slow")
class TasksTest {

  @TempDir Path directory;

  private static final int SIDE = 20;

  /** Stripes across, upright, both or none; the number is how bright they are, from 1000. */
  private static Samples.Pixels images(Task task, int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * SIDE * SIDE];
    int columns = task == Task.MULTI_LABEL ? 2 : 1;
    float[] rows = new float[count * columns];
    for (int image = 0; image < count; image++) {
      boolean across = random.nextBoolean();
      boolean upright = random.nextBoolean();
      int light = task == Task.REGRESSION ? random.nextInt(120) : 60;
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          int value = (across ? y / 2 % 2 * 60 : 30) + (upright ? x / 2 % 2 * 60 : 30);
          pixels[(image * SIDE + y) * SIDE + x] = (byte) (value + light + random.nextInt(9));
        }
      }
      if (task == Task.MULTI_LABEL) {
        rows[2 * image] = across ? 1 : 0;
        rows[2 * image + 1] = upright ? 1 : 0;
      } else {
        rows[image] = 1000 + light;
      }
    }
    return new Samples.Pixels(pixels, SIDE, SIDE, 1, new Targets.Rows(task, rows, columns));
  }

  private static DataSource data(Task task) {
    List<String> names =
        task == Task.MULTI_LABEL ? List.of("across", "upright") : List.of("brightness");
    return InMemoryImages.of(images(task, 64, 1), images(task, 30, 2), names);
  }

  private static Plan plan(Task task, int epochs) {
    Plan plan =
        Runs.plan(
            data(task),
            new TinyNet(8),
            List.of(Runs.stage(16, epochs, 8, 64)),
            Optional.empty(),
            Precision.FLOAT32);
    return Runs.with(plan, "smoothing", new LabelSmoothing(0));
  }

  private RunResult train(Plan plan, String name, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve(name), listener);
  }

  @Test
  void severalClassesAreLearned() {
    RunResult run = train(plan(Task.MULTI_LABEL, 40), "run", new TrainingListener() {});
    // Always saying the more frequent answer gives about 0.5.
    assertThat(run.scores().get(Metric.ACCURACY_MULTI)).isGreaterThan(0.9);
    assertThat(run.scores().get(Metric.F1)).isGreaterThan(0.9);
    assertThat(run.tta().orElseThrow().get(Metric.ACCURACY_MULTI)).isGreaterThan(0.85);
  }

  @Test
  void numbersFarFromZeroAreLearned() {
    RunResult run = train(plan(Task.REGRESSION, 15), "run", new TrainingListener() {});
    // Targets from 1000 to 1120 have a deviation of about 35; without their scale the model would
    // still be hundreds away.
    assertThat(run.scores().get(Metric.RMSE)).isLessThan(15);
    assertThat(run.scores().get(Metric.R2)).isGreaterThan(0.8);
    assertThat(run.tta().orElseThrow().get(Metric.RMSE)).isLessThan(20);
  }

  @ParameterizedTest
  @EnumSource(names = {"MULTI_LABEL", "REGRESSION"})
  void aStoppedRunEndsAsIfItHadNotBeen(Task task) throws Exception {
    Plan plan = plan(task, 2);
    RunResult whole = train(plan, "whole", new TrainingListener() {});
    train(
        plan,
        "stopped",
        new TrainingListener() {
          @Override
          public void onStep(int step, Stage stage, double smoothedLoss) {
            if (step == 5) {
              Thread.currentThread().interrupt();
            }
          }
        });
    assertThat(Thread.interrupted()).isTrue();
    RunResult resumed =
        Trainer.resume(
            directory.resolve("stopped"), plan.data().source(), new TrainingListener() {});
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
    assertThat(resumed.tta()).isEqualTo(whole.tta()).isPresent();
    String header = Files.readAllLines(directory.resolve("whole/history.csv")).get(0);
    assertThat(header).contains("train_loss,valid_loss");
    assertThat(whole.history()).allMatch(epoch -> epoch.trainTop1().isEmpty());
    assertThat(header).contains(task == Task.REGRESSION ? ",rmse,mae,r2," : ",accuracy_multi,f1,");
  }

  @Test
  void classWeightsAndSamplingTrain() {
    Plan plan = Runs.plan(Runs.data(), new TinyNet(4), List.of(Runs.stage(16, 1, 8, 48)));
    RunResult weighted =
        train(
            Runs.with(plan, "classWeights", Optional.of(new ClassWeights(List.of(1.0, 3.0)))),
            "weighted",
            new TrainingListener() {});
    RunResult balanced =
        train(Runs.with(plan, "sampling", new Balanced()), "balanced", new TrainingListener() {});
    RunResult plain = train(plan, "plain", new TrainingListener() {});
    assertThat(weighted.scores().loss()).isNotEqualTo(plain.scores().loss());
    assertThat(balanced.scores().loss()).isNotEqualTo(plain.scores().loss());
    // The first epoch's training losses begin from the same weights on the same images.
    assertThat(weighted.history().get(0).trainLoss())
        .isNotEqualTo(plain.history().get(0).trainLoss());
  }

  @Test
  void repeatedImagesMakeAnEpochLonger() {
    Plan plan = Runs.plan(Runs.data(), new TinyNet(4), List.of(Runs.stage(16, 1, 8, 96)));
    RunResult run =
        train(Runs.with(plan, "sampling", new Repeated(2)), "repeated", new TrainingListener() {});
    assertThat(run.plan().stages().get(0).steps()).isEqualTo(12);
    assertThat(run.finished()).isTrue();
  }

  @Test
  void whatDoesNotFitTheTaskIsRefused() {
    Plan numbers = plan(Task.REGRESSION, 1);
    assertThatThrownBy(() -> Runs.with(numbers, "loss", new BinaryCrossEntropy()))
        .hasMessage(
            "loss: 'binary cross-entropy, the mean over the classes' is for one class for each"
                + " image or several classes for each image, but the data is for numbers; choose"
                + " another or leave it out");
    assertThatThrownBy(() -> Runs.with(numbers, "smoothing", new LabelSmoothing(0.1)))
        .hasMessage("labelSmoothing: it is for classes, but the data has numbers; leave it out");
    assertThatThrownBy(
            () -> Runs.with(numbers, "classWeights", Optional.of(new ClassWeights(List.of(1.0)))))
        .hasMessage("classWeights: they are for images with one class each; leave them out");
    assertThatThrownBy(() -> Runs.with(Runs.plan(), "loss", new MeanSquaredError()))
        .hasMessageStartingWith("loss: 'mean squared error' is for numbers");
  }

  @Test
  void aValidationLossThatIsNoNumberEndsTheRunAndIsNotSaved() {
    // The square of so large an error is beyond float32; training never sees it.
    Samples.Pixels few = images(Task.REGRESSION, 2, 2);
    Samples.Pixels valid =
        new Samples.Pixels(
            few.pixels(),
            SIDE,
            SIDE,
            1,
            new Targets.Rows(Task.REGRESSION, new float[] {1000, 1e30f}, 1));
    DataSource data =
        InMemoryImages.of(images(Task.REGRESSION, 64, 1), valid, List.of("brightness"));
    Plan plan =
        Runs.with(
            Runs.plan(
                data,
                new TinyNet(2),
                List.of(Runs.stage(16, 1, 8, 64)),
                Optional.empty(),
                Precision.FLOAT32),
            "smoothing",
            new LabelSmoothing(0));
    assertThatThrownBy(() -> train(plan, "run", new TrainingListener() {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("the validation loss is no longer a number at step 8 of epoch 1 ");
    Checkpoint last =
        Checkpoint.read(directory.resolve("run").resolve("last").resolve(Checkpoint.FILE));
    assertThat(last.progress()).isEqualTo(Progress.NONE);
  }
}
