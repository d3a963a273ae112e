package dev.leaven.runtime.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Errors of estimated numbers: of each column, and over all of them. */
final class NumberErrors implements Family {

  private final List<Column> columns;
  private final int images;

  NumberErrors(float[][] answers, float[][] targets) {
    images = answers.length;
    columns =
        IntStream.range(0, answers[0].length)
            .mapToObj(k -> new Column(answers, targets, k))
            .toList();
  }

  /** Errors of one number. */
  record Errors(double meanSquare, double meanAbsolute, double median, double explained) {}

  private static final class Column {
    private final double[] truth;
    private final double[] errors;
    private final int[] bySize;

    Column(float[][] answers, float[][] targets, int k) {
      truth = new double[answers.length];
      errors = new double[answers.length];
      for (int i = 0; i < answers.length; i++) {
        truth[i] = targets[i][k];
        errors[i] = Math.abs((double) answers[i][k] - targets[i][k]);
      }
      bySize =
          IntStream.range(0, errors.length)
              .boxed()
              .sorted((a, b) -> Double.compare(errors[a], errors[b]))
              .mapToInt(Integer::intValue)
              .toArray();
    }

    Errors of(int[] counts) {
      long n = 0;
      double squares = 0;
      double absolute = 0;
      double sum = 0;
      for (int i = 0; i < counts.length; i++) {
        n += counts[i];
        squares += counts[i] * errors[i] * errors[i];
        absolute += counts[i] * errors[i];
        sum += counts[i] * truth[i];
      }
      double mean = sum / n;
      double spread = 0;
      for (int i = 0; i < counts.length; i++) {
        spread += counts[i] * (truth[i] - mean) * (truth[i] - mean);
      }
      // Identical targets have no variance to explain: 1 if they are predicted exactly, else 0.
      double explained = spread > 0 ? 1 - squares / spread : squares == 0 ? 1 : 0;
      double median = (ranked(counts, (n - 1) / 2) + ranked(counts, n / 2)) / 2;
      return new Errors(squares / n, absolute / n, median, explained);
    }

    private double ranked(int[] counts, long place) {
      long seen = 0;
      for (int i : bySize) {
        seen += counts[i];
        if (seen > place) {
          return errors[i];
        }
      }
      return Double.NaN;
    }
  }

  List<Errors> each(int[] counts) {
    return columns.stream().map(column -> column.of(counts)).toList();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.RMSE, Metric.MAE, Metric.R2, Metric.MEDIAN_ERROR);
  }

  @Override
  public double[] values(int[] counts) {
    double square = 0;
    double absolute = 0;
    double explained = 0;
    double median = 0;
    for (Errors errors : each(counts)) {
      square += errors.meanSquare();
      absolute += errors.meanAbsolute();
      explained += errors.explained();
      median += errors.median();
    }
    int n = columns.size();
    return new double[] {Math.sqrt(square / n), absolute / n, explained / n, median / n};
  }

  List<NumberScores> scores(List<String> names) {
    List<Errors> each = each(Bootstrap.once(images));
    List<NumberScores> scores = new ArrayList<>();
    for (int k = 0; k < each.size(); k++) {
      Errors errors = each.get(k);
      scores.add(
          new NumberScores(
              names.get(k),
              Math.sqrt(errors.meanSquare()),
              errors.meanAbsolute(),
              errors.median(),
              errors.explained()));
    }
    return scores;
  }

  @Override
  public long work() {
    return 3L * images * columns.size();
  }
}
