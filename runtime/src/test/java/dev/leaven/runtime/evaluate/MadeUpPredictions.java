package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Task;
import java.util.stream.IntStream;

/** Predictions for tests, of classes called a, b, c … */
final class MadeUpPredictions {

  private MadeUpPredictions() {}

  /** Answers whose losses are their number in tenths. */
  static Predictions of(Task task, float[][] answers, float[][] targets) {
    int n = answers.length;
    float[] losses = new float[n];
    for (int i = 0; i < n; i++) {
      losses[i] = i / 10f;
    }
    return new Predictions(
        task,
        IntStream.range(0, answers[0].length).mapToObj(k -> "" + (char) ('a' + k)).toList(),
        IntStream.range(0, n).toArray(),
        answers,
        targets,
        losses,
        losses);
  }

  /** One class for each image. */
  static Predictions labels(float[][] answers, int... labels) {
    float[][] targets = new float[labels.length][1];
    for (int i = 0; i < labels.length; i++) {
      targets[i][0] = labels[i];
    }
    return of(Task.CLASSIFICATION, answers, targets);
  }
}
