package dev.leaven.runtime.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.evaluate.ConfusionMatrix;
import dev.leaven.runtime.evaluate.Predictions;
import dev.leaven.runtime.loss.BinaryCrossEntropy;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.MeanSquaredError;
import dev.leaven.runtime.loss.TargetScale;
import dev.leaven.runtime.optimize.MovingAverage;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.TrainedModel;
import dev.leaven.runtime.train.Trainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class InterpretationTest {

  private static final TrainingListener SILENT = new TrainingListener() {};

  @TempDir Path directory;

  private Interpretation of(Plan plan) {
    ImageData data = plan.data().source().load(plan.seed());
    RunResult run = Trainer.train(plan, data, directory.resolve("run"), SILENT);
    try (TrainedModel model = TrainedModel.open(run.directory())) {
      Interpretation found = Interpretation.of(model, data.valid(), SILENT);
      assertThat(found.predictions().scores().plainLoss()).isEqualTo(run.scores().plainLoss());
      return found;
    }
  }

  @Test
  void topLossesAreTheHighestAndTheirImagesAreLoadedAsTheyAre() {
    Plan plan = Runs.with(Runs.plan(), "averaging", Optional.of(new MovingAverage(0.5)));
    Samples.Pixels images = (Samples.Pixels) plan.data().source().load(plan.seed()).valid();
    Interpretation found = of(plan);
    Predictions answers = found.predictions();
    List<Mistake> top = found.topLosses(4);
    assertThat(top).hasSize(4);
    float[] sorted = answers.plainLosses().clone();
    Arrays.sort(sorted);
    for (int i = 0; i < 4; i++) {
      Mistake mistake = top.get(i);
      assertThat((float) mistake.loss()).isEqualTo(sorted[sorted.length - 1 - i]);
      assertThat(answers.plainLosses()[mistake.row()]).isEqualTo((float) mistake.loss());
      assertThat(mistake.output()).isEqualTo(answers.predicted(mistake.row()));
      assertThat(mistake.file()).isEmpty();
    }
    List<ExplainedMistake> all = found.explain(top);
    for (ExplainedMistake explained : all) {
      HeatMap heat = explained.heat().orElseThrow();
      // Validation of the last stage evaluates whole images of 20 px, which need no resizing.
      int from = explained.mistake().image() * 400;
      assertThat(heat.pixels()).isEqualTo(Arrays.copyOfRange(images.pixels(), from, from + 400));
      // One convolution in steps of 2 stands before the pool of the model.
      assertThat(List.of(heat.rows(), heat.columns())).containsExactly(10, 10);
      assertThat(heat.output()).isEqualTo(explained.mistake().output());
    }
    assertThat(all).anyMatch(explained -> explained.heat().orElseThrow().enlarged(10)[0] >= 0);
  }

  @Test
  void pairsComeFromTheConfusionMatrix() {
    Interpretation found = of(Runs.plan());
    ConfusionMatrix matrix = found.evaluation().confusion().orElseThrow();
    assertThat(matrix.images()).isEqualTo(21);
    int wrong = 21 - matrix.count(0, 0) - matrix.count(1, 1);
    assertThat(found.mostConfused(9).stream().mapToInt(ConfusionMatrix.Pair::images).sum())
        .isEqualTo(wrong);
    assertThatThrownBy(() -> found.topLosses(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(found.topLosses(0)).isEmpty();
    assertThat(found.explain(List.of())).isEmpty();
  }

  private static Plan plan(Task task) {
    int columns = task == Task.MULTI_LABEL ? 2 : 1;
    Samples.Pixels grey = (Samples.Pixels) Runs.plan().data().source().load(7).train();
    float[] rows = new float[grey.size() * columns];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = task == Task.MULTI_LABEL ? i / 2 % 2 ^ i % 2 : 1000 + i % 2 * 100;
    }
    Samples.Pixels images =
        new Samples.Pixels(grey.pixels(), 20, 20, 1, new Targets.Rows(task, rows, columns));
    List<String> names = columns == 2 ? List.of("across", "upright") : List.of("brightness");
    return Runs.with(
        Runs.plan(),
        "source",
        InMemoryImages.of(images, images, names),
        "task",
        task,
        "classNames",
        names,
        "validImages",
        48,
        "smoothing",
        new LabelSmoothing(0),
        "mixing",
        Optional.empty(),
        "scale",
        columns == 1 ? Optional.of(TargetScale.measure(rows, 1)) : Optional.empty(),
        "loss",
        columns == 2 ? new BinaryCrossEntropy() : new MeanSquaredError());
  }

  @Test
  void ofSeveralClassesThereAreTopLossesButNoPairs() {
    Interpretation found = of(plan(Task.MULTI_LABEL));
    assertThat(found.mostConfused(5)).isEmpty();
    assertThat(found.evaluation().classes()).hasSize(2);
    Mistake worst = found.topLosses(1).get(0);
    float[] answers = found.predictions().answers()[worst.row()];
    float[] targets = found.predictions().targets()[worst.row()];
    int other = 1 - worst.output();
    assertThat(Math.abs(answers[worst.output()] - targets[worst.output()]))
        .isGreaterThanOrEqualTo(Math.abs(answers[other] - targets[other]));
    assertThat(found.explain(List.of(worst)).get(0).heat()).isPresent();
  }

  @Test
  void ofNumbersThereAreTopLossesButNoClasses() {
    Interpretation found = of(plan(Task.REGRESSION));
    assertThat(found.mostConfused(5)).isEmpty();
    assertThat(found.evaluation().classes()).isEmpty();
    assertThat(found.evaluation().numbers()).hasSize(1);
    Mistake worst = found.topLosses(1).get(0);
    assertThat(worst.output()).isZero();
    assertThat(found.explain(List.of(worst)).get(0).heat()).isPresent();
  }
}
