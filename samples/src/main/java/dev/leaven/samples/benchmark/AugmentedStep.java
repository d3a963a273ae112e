package dev.leaven.samples.benchmark;

import static dev.leaven.dsl.Recipe.resize;

import dev.leaven.dsl.Recipe;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.model.XResNet;
import dev.leaven.runtime.train.Stage;
import dev.leaven.runtime.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures what {@code augment()} adds to a training step of XResNet-50 on images of 128 px in
 * batches of 32: runs with it and without it take turns, and the median step counts.
 */
public final class AugmentedStep {

  private static final int BATCH = 32;
  private static final int STEPS = 10;
  private static final int WARMING = 2;
  private static final int ROUNDS = 3;
  private static final int PIXELS = 148;

  private AugmentedStep() {}

  /**
   * Prints a line for each kind of step: its name, a tabulator, milliseconds.
   *
   * @param arguments none
   * @throws IOException when no run can be written
   */
  public static void main(String[] arguments) throws IOException {
    Recipe plain = resize(128).epochs(1).batchSize(BATCH).model(new XResNet(50));
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      without.addAll(steps(plain));
      with.addAll(steps(plain.augment()));
    }
    double ratio = median(with) / median(without);
    System.out.printf(Locale.ROOT, "step without augment()\t%.0f ms%n", median(without));
    System.out.printf(Locale.ROOT, "step with augment()\t%.0f ms%n", median(with));
    System.out.printf(Locale.ROOT, "augment() adds\t%.1f %%%n", 100 * (ratio - 1));
  }

  private static List<Double> steps(Recipe recipe) throws IOException {
    List<Double> milliseconds = new ArrayList<>();
    long[] before = {0};
    TrainingListener clock =
        new TrainingListener() {
          @Override
          public void onEpochStart(int epoch, int stageNumber, Stage stage) {
            before[0] = System.nanoTime();
          }

          @Override
          public void onStep(int step, Stage stage, double smoothedLoss) {
            long now = System.nanoTime();
            if (step > WARMING) {
              milliseconds.add((now - before[0]) / 1e6);
            }
            before[0] = now;
          }
        };
    Path directory = Files.createTempDirectory("leaven-benchmark");
    recipe.train(noise(), directory.resolve("run"), clock);
    delete(directory);
    return milliseconds;
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static DataSource noise() {
    return InMemoryImages.of(noise(BATCH * STEPS), noise(BATCH), List.of("even", "odd"));
  }

  private static Samples.Pixels noise(int images) {
    byte[] pixels = new byte[images * PIXELS * PIXELS * 3];
    new Random(1).nextBytes(pixels);
    int[] labels = new int[images];
    Arrays.setAll(labels, i -> i % 2);
    return new Samples.Pixels(pixels, PIXELS, PIXELS, 3, labels);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
