package dev.leaven.samples.benchmark;

import static dev.leaven.dsl.Recipe.resize;

import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.model.Architecture;
import dev.leaven.runtime.model.Layers;
import dev.leaven.runtime.model.XResNet;
import dev.leaven.runtime.train.Stage;
import dev.leaven.runtime.train.StepReport;
import dev.leaven.runtime.train.TrainingListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Measures how long an XResNet takes from the start of Java to the end of its first training step,
 * on images of 64 px that are in memory, in batches of 16. One process measures one model.
 */
public final class Startup {

  private static final int BATCH = 16;
  private static final int SIDE = 64;

  private Startup() {}

  /**
   * Prints, by tabulators, the depth, the operations of the graph, the seconds to build it, and the
   * seconds from the start of Java to the first epoch and to the end of the first step.
   *
   * @param arguments the depth: 18, 34, 50, 101 or 152
   * @throws IOException when no run can be written
   */
  public static void main(String[] arguments) throws IOException {
    int depth = Integer.parseInt(arguments[0]);
    Clock clock = new Clock(depth);
    Path directory = Files.createTempDirectory("leaven-benchmark");
    resize(SIDE)
        .epochs(1)
        .batchSize(BATCH)
        .model(new Watched(new XResNet(depth)))
        .train(
            InMemoryImages.of(noise(), noise(), List.of("even", "odd")),
            directory.resolve("run"),
            clock);
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

  /** The same model, which remembers the graph that it was last built in. */
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

    private final int depth;
    private double compiling;
    private double compiled;
    private double begun;

    private Clock(int depth) {
      this.depth = depth;
    }

    @Override
    public void onPhase(String what) {
      if (what.equals("compiling the graph")) {
        compiling = now();
      } else if (compiled == 0) {
        compiled = now();
      }
    }

    @Override
    public void onEpochStart(int epoch, int stageNumber, Stage stage) {
      begun = now();
    }

    @Override
    public void onStep(StepReport step) {
      double stepped = now();
      int operations = 0;
      for (var all = Watched.graph.operations(); all.hasNext(); all.next()) {
        operations++;
      }
      System.out.printf(
          Locale.ROOT,
          "XResNet-%d\t%d\t%.2f\t%.2f\t%.2f%n",
          depth,
          operations,
          compiled - compiling,
          begun,
          stepped);
    }

    private static double now() {
      return (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime())
          / 1e3;
    }
  }
}
