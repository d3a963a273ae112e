package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class ResumeTest {

  @TempDir static Path directory;

  private final Plan plan = Runs.plan();
  private RunResult uninterrupted;

  /** Interrupts the training thread after a step, as Ctrl-C or a caller would. */
  private record StopAt(int epoch, int step, List<String> heard) implements TrainingListener {
    @Override
    public void onEpochStart(int epoch, int stageNumber, Stage stage) {
      heard.add("epoch " + epoch);
    }

    @Override
    public void onStep(int step, Stage stage, double smoothedLoss) {
      if (heard.get(heard.size() - 1).equals("epoch " + epoch) && step == this.step) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void onInterrupted(Path directory, int epoch, int step) {
      heard.add("saved epoch %d step %d".formatted(epoch, step));
    }
  }

  @BeforeAll
  void trainWithoutInterruption() {
    uninterrupted = train(directory.resolve("whole"), new TrainingListener() {});
  }

  private RunResult train(Path to, TrainingListener listener) {
    return Trainer.train(plan, plan.data().source().load(plan.seed()), to, listener);
  }

  private RunResult resume(Path from) {
    return Trainer.resume(from, plan.data().source(), new TrainingListener() {});
  }

  @Test
  void theSameSeedGivesTheSameHistoryAndWeights() throws Exception {
    RunResult again = train(directory.resolve("again"), new TrainingListener() {});
    assertSame(again);
  }

  @ParameterizedTest
  @CsvSource({"1,3", "1,6", "2,1", "2,6", "3,2", "3,6", "4,5"})
  void aRunStoppedAnywhereEndsAsIfItHadNotBeen(int epoch, int step) throws Exception {
    Path path = directory.resolve("stopped-%d-%d".formatted(epoch, step));
    StopAt stop = new StopAt(epoch, step, new ArrayList<>());
    RunResult first = train(path, stop);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(first.finished()).isFalse();
    assertThat(stop.heard().get(stop.heard().size() - 1)).startsWith("saved epoch");
    RunResult second = resume(path);
    assertThat(second.finished()).isTrue();
    assertSame(second);
  }

  private void assertSame(RunResult other) throws Exception {
    assertThat(Runs.numbers(other)).isEqualTo(Runs.numbers(uninterrupted));
    assertThat(other.tta()).isEqualTo(uninterrupted.tta()).isPresent();
    SafeTensors expected = checkpoint(uninterrupted.directory());
    SafeTensors actual = checkpoint(other.directory());
    assertThat(actual.values().keySet()).isEqualTo(expected.values().keySet());
    // Bit for bit: mismatch() is -1 when the buffers are the same.
    expected
        .values()
        .forEach(
            (name, value) -> assertThat(actual.values().get(name).mismatch(value)).isEqualTo(-1));
  }

  private static SafeTensors checkpoint(Path run) throws Exception {
    return SafeTensors.read(run.resolve("last").resolve("checkpoint.safetensors"));
  }

  @Test
  void aFinishedRunIsReturnedAsItIs() {
    RunResult again = resume(uninterrupted.directory());
    assertThat(again.history()).isEqualTo(uninterrupted.history());
    assertThat(again.tta()).isEqualTo(uninterrupted.tta());
  }

  @Test
  void aRunLeavesItsFiles() throws Exception {
    Path run = uninterrupted.directory();
    assertThat(run.resolve("recipe.json")).hasContent("{\"recipe\":\"of a test\"}");
    assertThat(run.resolve("plan.txt")).isNotEmptyFile();
    assertThat(Files.readAllLines(run.resolve("history.csv"))).hasSize(5);
    assertThat(Files.readString(run.resolve("summary.json"))).contains("\"finished\" : true");
    assertThat(checkpoint(run).metadata()).containsEntry("recipeHash", "0123456789ab");
    assertThat(run.resolve("best").resolve("checkpoint.safetensors")).isNotEmptyFile();
    try (var files = Files.walk(run)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT32", "BFLOAT16"})
  void aRealModelOnAllProcessorsRepeatsItself(Precision precision) {
    Plan real =
        Runs.plan(Runs.data(), new XResNet(18), List.of(Runs.stage(16, 1, 8, 48)), precision);
    RunResult one = run(real, "one-" + precision);
    RunResult two = run(real, "two-" + precision);
    assertThat(Runs.numbers(two)).isEqualTo(Runs.numbers(one));
    assertThat(two.tta()).isEqualTo(one.tta());
    assertThat(two.history().get(0).trainLoss()).isFinite();
  }

  private RunResult run(Plan real, String name) {
    return Trainer.train(
        real, real.data().source().load(7), directory.resolve(name), new TrainingListener() {});
  }
}
