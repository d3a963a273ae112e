package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.dsl.ablate.Ablation;
import dev.leaven.dsl.ablate.AblationListener;
import dev.leaven.dsl.ablate.AblationRun;
import dev.leaven.dsl.ablate.Ledger;
import dev.leaven.dsl.ablate.Outcome;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunControl;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small ablation as its user has it: real runs on images in memory. */
@Tag("slow")
class AblationTest {

  private static final Recipe RECIPE =
      resize(16)
          .epochs(2)
          .batchSize(10)
          .model(new XResNet(18).widen(0.125))
          .labelSmoothing(0.1)
          .tta(1);
  private static final Ablation ABLATION = Ablation.adding().seeds(1);
  private static final DataSource DATA = new GreySquares(40, 1);

  @TempDir Path directory;

  /** Stops the run with this number after its third step, which is in its first epoch. */
  private record StopsIn(int number) implements AblationListener {

    @Override
    public TrainingListener onRun(AblationRun ablationRun) {
      return new TrainingListener() {
        private RunControl control;

        @Override
        public void onControl(RunControl control) {
          this.control = control;
        }

        @Override
        public void onStep(int step, Stage stage, double smoothedLoss) {
          if (ablationRun.number() == number && step == 3) {
            control.stop();
          }
        }
      };
    }
  }

  private static List<List<Double>> scores(Ledger ledger) {
    return ledger.rows().stream()
        .map(row -> row.outcomes().stream().map(Outcome::score).toList())
        .toList();
  }

  @Test
  void is_stopped_and_gone_on_with_as_if_it_had_not_been() throws Exception {
    Path whole = directory.resolve("whole");
    Ledger expected = RECIPE.ablate(DATA, ABLATION, whole, new AblationListener() {});
    assertThat(expected.finished()).isTrue();
    assertThat(expected.rows())
        .extracting(Ledger.Row::label)
        .containsExactly("baseline", "+ labelSmoothing(0.1)", "+ tta(1)");
    assertThat(expected.rows())
        .allSatisfy(row -> assertThat(row.seconds().mean()).isBetween(0.001, 600.0));
    assertThat(expected.rows().get(2).seconds().mean())
        .isGreaterThan(expected.rows().get(1).seconds().mean());
    assertThat(whole.resolve("0-baseline/seed-42/history.csv")).exists();
    assertThat(whole.resolve("0-baseline/seed-42/last")).doesNotExist();

    Path parted = directory.resolve("parted");
    Ledger stopped = RECIPE.ablate(DATA, ABLATION, parted, new StopsIn(2));
    assertThat(stopped.finished()).isFalse();
    assertThat(stopped.rows()).extracting(Ledger.Row::name).containsExactly("baseline");
    assertThat(parted.resolve("1-labelSmoothing/seed-42/last/checkpoint.safetensors")).exists();

    Ledger ledger = RECIPE.ablate(DATA, ABLATION, parted, new AblationListener() {});
    assertThat(scores(ledger)).isEqualTo(scores(expected));
    assertThat(Ledger.fromJson(Files.readString(parted.resolve("ledger.json")))).isEqualTo(ledger);
  }
}
