package dev.leaven.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.internal.run.RunDirectory;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {

  @TempDir Path directory;

  @Test
  void everyProcessOfARunIsWrittenDown() throws IOException {
    Plan plan = Runs.plan();
    TrainingListener stopping =
        new TrainingListener() {
          @Override
          public void onStep(int step, Stage stage, double smoothedLoss) {
            Thread.currentThread().interrupt();
          }
        };
    Path run = directory.resolve("run");
    Trainer.train(plan, plan.data().source().load(plan.seed()), run, stopping);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(RunDirectory.environments(run)).hasSize(1);
    assertThat(RunDirectory.environments(run).get(0).kernels())
        .contains(Runs.plan().decide().describe());
    assertThat(RunDirectory.inUse(run)).isFalse();
    Trainer.resume(run, plan.data().source(), new TrainingListener() {});
    List<Environment> both = RunDirectory.environments(run);
    assertThat(both).hasSize(2);
    assertThat(both.get(1).processors()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(both.get(1).java()).endsWith(Runtime.version().toString());

    Files.writeString(run.resolve("environment.json"), "cut o");
    assertThat(RunDirectory.environments(run)).isEmpty();
  }

  @Test
  void onlyLeavensOwnCommandIsKept() {
    assertThat(Environment.command("dev.leaven.dsl.cli.Leaven train pets.recipe.kts --run x"))
        .contains("leaven train pets.recipe.kts --run x");
    assertThat(Environment.command("com.example.Service --password secret")).isEmpty();
    assertThat(Environment.command("")).isEmpty();
  }
}
