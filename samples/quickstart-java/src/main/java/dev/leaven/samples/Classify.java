package dev.leaven.samples;

import dev.leaven.dsl.Run;
import dev.leaven.runtime.export.Prediction.Answer;
import dev.leaven.runtime.export.Predictor;
import java.nio.file.Files;
import java.nio.file.Path;

/** Classifies a picture with the model of a run. */
public final class Classify {

  private Classify() {}

  /**
   * Prints the most probable class.
   *
   * @param arguments the run, where its model is or will be exported to, and the picture
   */
  public static void main(String[] arguments) {
    if (arguments.length < 3) {
      System.err.println("usage: Classify RUN MODEL PICTURE");
      System.exit(2);
    }
    Answer answer = classify(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
    System.out.printf("%s %.1f %%%n", answer.name(), 100 * answer.value());
  }

  // A long-running program keeps the predictor, which threads may share: loading takes most of the
  // time.
  static Answer classify(Path run, Path model, Path picture) {
    if (!Files.exists(model)) {
      Run.open(run).export(model);
    }
    try (Predictor predictor = Predictor.load(model)) {
      return predictor.predict(picture).top();
    }
  }
}
