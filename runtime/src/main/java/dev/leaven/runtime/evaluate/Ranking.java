package dev.leaven.runtime.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * ROC AUC and average precision of each class against the rest, their means over the classes for
 * which they are defined, and of all classes pooled together.
 */
final class Ranking implements Family {

  private final List<RankedAnswers> classes;
  private final List<RankedAnswers> heap;
  private final long answers;

  private Ranking(List<RankedAnswers> classes, List<RankedAnswers> heap, long answers) {
    this.classes = classes;
    this.heap = heap;
    this.answers = answers;
  }

  /** Of one class for each image. */
  static Ranking ofLabels(float[][] answers, int[] labels) {
    int outputs = answers[0].length;
    List<RankedAnswers> classes =
        IntStream.range(0, outputs).mapToObj(k -> column(answers, k, i -> labels[i] == k)).toList();
    return new Ranking(classes, List.of(), (long) answers.length * outputs);
  }

  /** Of several classes for each image. */
  static Ranking ofRows(float[][] answers, float[][] targets) {
    int outputs = answers[0].length;
    List<RankedAnswers> classes =
        IntStream.range(0, outputs)
            .mapToObj(k -> column(answers, k, i -> targets[i][k] > 0.5f))
            .toList();
    int n = answers.length * outputs;
    int[] images = new int[n];
    float[] scores = new float[n];
    boolean[] truth = new boolean[n];
    for (int j = 0; j < n; j++) {
      images[j] = j / outputs;
      scores[j] = answers[j / outputs][j % outputs];
      truth[j] = targets[j / outputs][j % outputs] > 0.5f;
    }
    return new Ranking(classes, List.of(new RankedAnswers(images, scores, truth)), 2L * n);
  }

  private interface Truth {
    boolean is(int image);
  }

  private static RankedAnswers column(float[][] answers, int k, Truth truth) {
    int[] images = IntStream.range(0, answers.length).toArray();
    float[] scores = new float[answers.length];
    boolean[] is = new boolean[answers.length];
    for (int i = 0; i < answers.length; i++) {
      scores[i] = answers[i][k];
      is[i] = truth.is(i);
    }
    return new RankedAnswers(images, scores, is);
  }

  @Override
  public List<Metric> metrics() {
    return heap.isEmpty()
        ? List.of(Metric.ROC_AUC, Metric.AVERAGE_PRECISION)
        : List.of(
            Metric.ROC_AUC,
            Metric.AVERAGE_PRECISION,
            Metric.ROC_AUC_MICRO,
            Metric.AVERAGE_PRECISION_MICRO);
  }

  @Override
  public double[] values(int[] counts) {
    List<RankedAnswers.Areas> each = each(counts);
    List<Double> values = new ArrayList<>();
    // One class of two against the other is the other against it.
    values.add(
        heap.isEmpty() && each.size() == 2
            ? each.get(1).roc()
            : mean(each, RankedAnswers.Areas::roc));
    values.add(mean(each, RankedAnswers.Areas::precision));
    for (RankedAnswers all : heap) {
      RankedAnswers.Areas areas = all.areas(counts);
      values.add(areas.roc());
      values.add(areas.precision());
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The areas of each class against the rest. */
  List<RankedAnswers.Areas> each(int[] counts) {
    return classes.stream().map(answers -> answers.areas(counts)).toList();
  }

  private static double mean(
      List<RankedAnswers.Areas> areas, ToDoubleFunction<RankedAnswers.Areas> area) {
    return Arrays.stream(areas.stream().mapToDouble(area).toArray())
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  @Override
  public long work() {
    return answers;
  }
}
