package dev.leaven.samples.benchmark;

import dev.leaven.runtime.data.ImageFiles;
import dev.leaven.runtime.export.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures an exported model's predictor: how many images per second it classifies for one caller
 * and for eight threads at once, with batches and without, and how the process's memory grows.
 */
public final class PredictorThroughput {

  private static final int THREADS = 8;
  private static final int ROUNDS = 5;

  private PredictorThroughput() {}

  /**
   * Prints the median of some rounds for each way, then the memory after every thousand calls.
   *
   * @param arguments an exported model, a folder of images, images per round, calls for memory
   * @throws IOException when a file cannot be read
   * @throws Exception when an image cannot be evaluated
   */
  public static void main(String[] arguments) throws Exception {
    Path model = Path.of(arguments[0]);
    int count = Integer.parseInt(arguments[2]);
    List<Path> files = ImageFiles.under(Path.of(arguments[1]));
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(Files.readAllBytes(files.get((int) ((long) i * files.size() / count))));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Predictor batches = Predictor.load(model);
        Predictor single = Predictor.load(model, 1)) {
      double[][] rates = new double[3][ROUNDS];
      for (int round = -1; round < ROUNDS; round++) {
        // Interleaved; the first round is not counted: the code is cold.
        double one = one(single, images);
        double apart = many(single, images, threads);
        double together = many(batches, images, threads);
        if (round >= 0) {
          rates[0][round] = one;
          rates[1][round] = apart;
          rates[2][round] = together;
        }
      }
      say("one caller", rates[0]);
      say("eight threads, one at a time", rates[1]);
      say("eight threads, batches", rates[2]);
      memory(batches, images, Integer.parseInt(arguments[3]), threads);
    } finally {
      threads.shutdown();
    }
  }

  private static double one(Predictor predictor, List<byte[]> images) {
    long begun = System.nanoTime();
    images.forEach(predictor::predict);
    return images.size() * 1e9 / (System.nanoTime() - begun);
  }

  private static double many(Predictor predictor, List<byte[]> images, ExecutorService threads)
      throws Exception {
    List<Callable<String>> calls = new ArrayList<>();
    images.forEach(image -> calls.add(() -> predictor.predict(image).top().name()));
    long begun = System.nanoTime();
    for (Future<String> answer : threads.invokeAll(calls)) {
      answer.get();
    }
    return images.size() * 1e9 / (System.nanoTime() - begun);
  }

  private static void memory(
      Predictor predictor, List<byte[]> images, int calls, ExecutorService threads)
      throws Exception {
    for (int done = 0; done < calls; done += 1000) {
      List<byte[]> thousand = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        thousand.add(images.get(i % images.size()));
      }
      many(predictor, thousand, threads);
      System.out.printf(Locale.ROOT, "resident after %d calls\t%d MB%n", done + 1000, resident());
    }
  }

  private static long resident() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(text -> text.startsWith("VmRSS")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) / 1000;
    }
  }

  private static void say(String what, double[] imagesPerSecond) {
    Arrays.sort(imagesPerSecond);
    System.out.printf(Locale.ROOT, "%s\t%.1f%n", what, imagesPerSecond[imagesPerSecond.length / 2]);
  }
}
