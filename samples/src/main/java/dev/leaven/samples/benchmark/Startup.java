package dev.leaven.samples.benchmark;

import static dev.leaven.dsl.Recipe.resize;

import dev.leaven.dsl.Recipe;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.StepReport;
import dev.leaven.runtime.run.TrainingListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.TensorFlow;
import org.tensorflow.types.TFloat32;

/**
 * Measures how long an XResNet takes from the start of Java to its first training step, on images
 * of 64 px that are in memory, in batches of 16; or how long its graph takes alone. A process
 * measures one of them, since the second would find classes loaded and compiled.
 */
public final class Startup {

  private static final int BATCH = 16;
  private static final int SIDE = 64;

  private Startup() {}

  /**
   * Prints the measurements of a process with these arguments, separated by tabs.
   *
   * @param arguments {@code graph} for the operations of the training graph and the seconds in
   *     which it is built, once TensorFlow is loaded; {@code step} for the seconds from the start
   *     of Java to the first epoch, with the first weights saved, and to the end of the first step;
   *     then the depth, for instance 50
   * @throws IOException when no run can be written
   * @throws ReflectiveOperationException when the graph of training has another constructor
   */
  public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
    XResNet model = new XResNet(Integer.parseInt(arguments[1]));
    Recipe recipe = resize(SIDE).epochs(1).batchSize(BATCH).model(new Watched(model));
    Samples.Pixels noise = noise();
    DataSource data = InMemoryImages.of(noise, noise, List.of("even", "odd"));
    if (arguments[0].equals("graph")) {
      graph(recipe.plan(data), noise);
    } else {
      step(recipe, data);
    }
  }

  private static void graph(Plan plan, Samples samples) throws ReflectiveOperationException {
    // Nothing public builds the graph of training without a run.
    var builder =
        Class.forName("dev.leaven.runtime.internal.step.TrainingGraph")
            .getDeclaredConstructor(Plan.class, Loader.class);
    builder.setAccessible(true);
    TensorFlow.version();
    long begun = System.nanoTime();
    builder.newInstance(plan, Loader.of(samples, 3, plan.image().itemResize()));
    double seconds = (System.nanoTime() - begun) / 1e9;
    int operations = 0;
    for (var all = Objects.requireNonNull(Watched.graph).operations(); all.hasNext(); all.next()) {
      operations++;
    }
    System.out.printf(Locale.ROOT, "%d\t%.2f%n", operations, seconds);
  }

  private static void step(Recipe recipe, DataSource data) throws IOException {
    Path directory = Files.createTempDirectory("leaven-benchmark");
    recipe.train(data, directory.resolve("run"), new Clock());
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Samples.Pixels noise() {
    byte[] pixels = new byte[BATCH * SIDE * SIDE * 3];
    new Random(1).nextBytes(pixels);
    int[] labels = new int[BATCH];
    Arrays.setAll(labels, i -> i % 2);
    return new Samples.Pixels(pixels, SIDE, SIDE, 3, labels);
  }

  /** The same model; it remembers the graph that it was last built in. */
  private record Watched(XResNet model) implements Architecture {

    private static @Nullable Graph graph;

    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      graph = (Graph) layers.tf().scope().env();
      return model.logits(layers, images, channels, classes);
    }

    @Override
    public String describe() {
      return model.describe();
    }
  }

  private static final class Clock implements TrainingListener {

    private double begun;

    @Override
    public void onEpochStart(int epoch, int stageNumber, Stage stage) {
      begun = now();
    }

    @Override
    public void onStep(StepReport step) {
      System.out.printf(Locale.ROOT, "%.2f\t%.2f%n", begun, now());
    }

    private static double now() {
      return (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime())
          / 1e3;
    }
  }
}
