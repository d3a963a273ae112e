package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.evaluate.Comparison;
import dev.leaven.runtime.evaluate.Interval;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.SizedScores;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.DamagedFile.Part;
import dev.leaven.runtime.run.RunResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochLinesTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final EpochLines lines =
      new EpochLines(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  @Test
  void tells_of_the_stages_and_of_each_epoch() {
    Plan plan = resize(128).epochs(1).then(224).tta(4).plan(new GreySquares(200, 3));
    Scores scores = new Scores(20, 1.51071, 1.30118, 0.5132, 0.921);

    lines.onStart(plan, Path.of("runs", "pets"), 1);
    lines.onEpoch(
        new EpochReport(
            2,
            2,
            224,
            1.92013,
            Optional.of(0.42567),
            scores,
            Optional.empty(),
            1e-4,
            61.23,
            55,
            181.4,
            0.031,
            2),
        true);
    lines.onTta(
        scores,
        new Scores(20, 1.4, 1.2, 0.525, 0.93),
        12.34,
        new Comparison(
            Metric.TOP1, .5132, .525, .0118, new Interval(-.001, .0246), 3, 9, Optional.of(.146)));

    assertThat(text())
        .isEqualTo(
            """
            XResNet-50 on 200 images of 10 classes, recipe %s, into runs/pets
            stage 1: 128 px, 1 epoch of 3 steps, batches of 64
              only 3 steps in all, too few to learn much; choose smaller batches or more epochs
            stage 2: 224 px, 5 epochs of 3 steps, batches of 64
              only 15 steps in all, too few to learn much; choose smaller batches or more epochs
            going on after epoch 1 of 6
            epoch size  train train-top-1  valid  plain  top-1  top-5  seconds images/s  wait
                2  224 1.9201       42.57 1.5107 1.3012  51.32  92.10     61.2      181   3 %% *
                  2 steps skipped: a gradient was not finite in float16
            top-1 51.32 %% plain, 52.50 %% with test-time augmentation (5 passes, 12.3 s)
            +1.18 points of top-1 (95 %%: -0.10 to +2.46; within noise, McNemar p 0.146)
            """
                .formatted(plan.recipeHash()));
  }

  @Test
  void says_when_the_training_accuracy_is_of_mixed_images() {
    lines.onStart(resize(128).mixup().plan(new GreySquares(200, 3)), Path.of("runs", "pets"), 0);
    lines.onEpoch(report(Optional.of(0.5), new Scores(20, 1.5, 1.3, 0.5, 0.9)), false);

    assertThat(text()).contains("  train mixed-top-1  valid ").contains(" 1.9000       50.00 1.5");
  }

  @Test
  void leaves_out_a_top_5_of_few_classes() {
    List<String> names = List.of("a", "b", "c", "d", "e");
    Samples.Pixels images = new Samples.Pixels(new byte[5], 1, 1, 1, new int[] {0, 1, 2, 3, 4});
    InMemoryImages data = InMemoryImages.of(images, images, names);
    lines.onStart(resize(64).plan(data), Path.of("runs", "pets"), 0);
    lines.onEpoch(report(Optional.of(0.5), new Scores(20, 1.5, 1.3, 0.5, 1)), false);

    assertThat(text()).contains(" plain  top-1  seconds ").contains(" 1.3000  50.00     61.0 ");
  }

  @Test
  void says_nothing_of_a_training_accuracy_where_there_is_none() {
    Scores scores = new Scores(20, 1.5, 1.3, Map.of(Metric.ACCURACY_MULTI, 0.75));
    lines.onEpoch(report(Optional.empty(), scores), false);

    assertThat(text())
        .isEqualTo(
            """
            epoch size  train  valid  plain acc-multi  seconds images/s  wait
                1   64 1.9000 1.5000 1.3000     75.00     61.0      181   3 %
            """);
  }

  private static EpochReport report(Optional<Double> trainTop1, Scores scores) {
    return new EpochReport(
        1, 1, 64, 1.9, trainTop1, scores, Optional.empty(), 1e-4, 61, 55, 181, 0.03, 0);
  }

  @Test
  void names_the_files_that_are_left_out() {
    Map<String, String> skipped = new LinkedHashMap<>();
    for (int i = 1; i <= 12; i++) {
      skipped.put("train/cat/%d.jpg".formatted(i), "is empty");
    }
    lines.onSkipped(skipped);

    assertThat(text())
        .startsWith("left out:\n  train/cat/1.jpg is empty\n")
        .endsWith("  train/cat/10.jpg is empty\n  and 2 more\n");
  }

  @Test
  void says_what_became_of_batches_that_were_too_large() {
    Stage stage = new Stage(224, 259, 224, 5, 64, 10, 0.01, new OneCycle());
    Stage smaller = new Stage(224, 259, 224, 5, 32, 20, 2, 0.01, new OneCycle(), Optional.empty());
    lines.onBatchHalved(stage, smaller);

    assertThat(text())
        .isEqualTo(
            "memory ran out with batches of 64 at 224 px:"
                + " going on with batches of 32, 2 for each step\n");
  }

  @Test
  void names_damaged_files_and_what_becomes_of_them() {
    Path file = Path.of("pets", "7.jpg");
    lines.onDamaged(List.of(new DamagedFile(Part.TRAINING, 3, file, "is damaged or cut off")));
    lines.onDamaged(List.of(new DamagedFile(Part.VALIDATION, 3, file, "cannot be read")));

    assertThat(text())
        .isEqualTo(
            """
            pets/7.jpg is damaged or cut off; another image takes its place
            pets/7.jpg cannot be read; it is left out of the scores
            """);
  }

  @Test
  void names_damaged_files_within_the_folder_of_the_data(@TempDir Path pets) throws IOException {
    for (String name : List.of("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png")) {
      Path file = pets.resolve(name);
      Files.createDirectories(file.getParent());
      Files.copy(Path.of("src", "test", "resources", "grey.png"), file);
    }
    lines.onStart(resize(64).plan(ImageFolder.of(pets).subset(1)), Path.of("runs", "pets"), 0);
    Path cut = pets.resolve("cat").resolve("1.png");
    lines.onDamaged(List.of(new DamagedFile(Part.TRAINING, 3, cut, "is cut off")));
    Path elsewhere = Path.of("other", "2.png");
    lines.onDamaged(List.of(new DamagedFile(Part.TRAINING, 3, elsewhere, "is cut off")));

    assertThat(text())
        .endsWith(
            "\ncat/1.png is cut off; another image takes its place\n"
                + "%s is cut off; another image takes its place\n".formatted(elsewhere));
  }

  @Test
  void says_whether_another_size_is_better() {
    lines.onSize(
        128,
        new Scores(20, 1.5, 1.3, 0.5132, 0.921),
        new SizedScores(160, new Scores(20, 1.4, 1.2, 0.55, 0.93)),
        3.21,
        new Comparison(
            Metric.TOP1, .5132, .55, .0368, new Interval(.01, .0636), 3, 19, Optional.of(.0004)));

    assertThat(text())
        .isEqualTo(
            """
            top-1 51.32 % at 128 px, 55.00 % at 160 px (3.2 s)
            +3.68 points of top-1 (95 %: +1.00 to +6.36; beyond noise, McNemar p < 0.001)
            """);
  }

  @Test
  void says_which_rule_ended_a_run() {
    Plan plan = resize(64).earlyStopping(1).plan(new GreySquares(20, 3));
    Scores scores = new Scores(20, 1.5, 1.3, 0.5, 0.9);
    EpochReport report = report(Optional.of(0.5), scores);
    lines.onEnd(
        new RunResult(
            plan,
            Path.of("runs", "pets"),
            List.of(report, report),
            Optional.empty(),
            Optional.empty(),
            Optional.of("no better top-1 in 1 epoch than in epoch 1"),
            List.of(),
            true));

    assertThat(text())
        .startsWith(
            """
            ended in epoch 2 of 5: no better top-1 in 1 epoch than in epoch 1
            top-1 50.00 %
            epoch 1 was the best: top-1 50.00 %; its weights are in best/
            finished in""");
  }

  @Test
  void says_how_to_go_on_after_an_interrupt() {
    lines.onInterrupted(Path.of("runs", "pets"), 3, 12);

    assertThat(text())
        .isEqualTo(
            "interrupted in epoch 3 after step 12: everything up to there is saved;"
                + " go on with: leaven resume runs/pets\n");
  }

  @Test
  void says_of_an_interrupt_between_epochs_what_is_done() {
    lines.onInterrupted(Path.of("run"), 3, 0);
    lines.onInterrupted(Path.of("run"), 1, 0);

    assertThat(text().lines())
        .containsExactly(
            "interrupted after epoch 2: everything up to there is saved; go on with: leaven resume run",
            "interrupted before the first step: everything up to there is saved; go on with: leaven"
                + " resume run");
  }

  @Test
  void writes_times_for_people() {
    assertThat(EpochLines.duration(45_400_000_000L)).isEqualTo("45 s");
    assertThat(EpochLines.duration(185_000_000_000L)).isEqualTo("3 min 05 s");
    assertThat(EpochLines.duration(7_620_000_000_000L)).isEqualTo("2 h 07 min");
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
