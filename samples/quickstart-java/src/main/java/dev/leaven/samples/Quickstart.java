package dev.leaven.samples;

import static dev.leaven.dsl.Recipe.resize;

import dev.leaven.dsl.Recipe;
import dev.leaven.dsl.Run;
import dev.leaven.runtime.data.ImageFolder;
import java.nio.file.Path;

/** Trains on a folder of photographs that has a folder for each class, in Java. */
public final class Quickstart {

  private Quickstart() {}

  /**
   * Trains and prints how often the most probable class was the right one.
   *
   * @param arguments the folder, and where the run is written
   */
  public static void main(String[] arguments) {
    if (arguments.length < 2) {
      System.err.println("usage: Quickstart PHOTOGRAPHS RUN");
      System.exit(2);
    }
    Recipe recipe = resize(128).then(224).mixup().labelSmoothing(0.1).tta(4);
    Run run = recipe.train(ImageFolder.of(Path.of(arguments[0])), Path.of(arguments[1]));
    System.out.printf("top-1 %.1f %%%n", 100 * run.tta().orElseThrow().top1());
  }
}
