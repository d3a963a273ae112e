package dev.leaven.samples.benchmark;

import static dev.leaven.dsl.Recipe.resize;

import dev.leaven.dsl.Recipe;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Measures a training step of XResNet-50 on images of 128 px in batches of 32, in variants that
 * take turns: the median step of each, and its ratio to the first.
 */
public final class StepTimes {

  private static final int BATCH = 32;
  private static final int STEPS = 10;
  private static final int WARMING = 2;
  private static final int ROUNDS = 3;
  private static final int PIXELS = 148;

  private StepTimes() {}

  /**
   * Prints a line for each variant: its name, milliseconds, ratio to the first, separated by tabs.
   *
   * @param arguments what to compare: {@code augment}, {@code precision} or {@code model}
   * @throws IOException when no run can be written
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, Recipe> variants = variants(arguments.length == 0 ? "" : arguments[0]);
    Map<String, List<Double>> steps = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, Recipe> variant : variants.entrySet()) {
        steps
            .computeIfAbsent(variant.getKey(), name -> new ArrayList<>())
            .addAll(steps(variant.getValue()));
      }
    }
    double first = median(steps.values().iterator().next());
    steps.forEach(
        (name, times) ->
            System.out.printf(
                Locale.ROOT, "%s\t%.0f ms\t%.2f%n", name, median(times), median(times) / first));
  }

  private static Map<String, Recipe> variants(String what) {
    XResNet model = new XResNet(50);
    Recipe plain = resize(128).epochs(1).batchSize(BATCH).model(model);
    Map<String, Recipe> variants = new LinkedHashMap<>();
    switch (what) {
      case "augment" -> {
        variants.put("plain", plain);
        variants.put("augment()", plain.augment());
      }
      case "precision" -> {
        variants.put("float32", plain.precision(Precision.FLOAT32));
        variants.put("bfloat16", plain.precision(Precision.BFLOAT16));
      }
      case "model" -> {
        variants.put("ReLU", plain);
        variants.put("Mish", plain.model(model.mish()));
        variants.put("squeeze-and-excitation", plain.model(model.withSqueezeExcite()));
        variants.put("self-attention", plain.model(model.withSelfAttention()));
        variants.put("blur-pool", plain.model(model.withBlurPool()));
      }
      default ->
          throw new IllegalArgumentException(
              "say what to compare: augment, precision or model, but not '%s'".formatted(what));
    }
    return variants;
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
