package dev.leaven.samples.own;

import static dev.leaven.dsl.Recipe.resize;

import dev.leaven.dsl.Recipe;
import dev.leaven.dsl.Run;
import dev.leaven.runtime.data.IdxFolder;
import java.nio.file.Path;

/** Trains with a transform, a loss, a model and a callback that Leaven does not know. */
public final class OwnTechniques {

  private OwnTechniques() {}

  /**
   * The recipe: your own techniques are set like all others.
   *
   * @param size the height and width in pixels
   * @param epochs the number of epochs
   * @return the recipe
   */
  public static Recipe recipe(int size, int epochs) {
    return resize(size)
        .epochs(epochs)
        .model(new SmallNet(32))
        .lighting(new Vignette(0.5))
        .loss(new PolyLoss(1))
        .labelSmoothing(0.1);
  }

  /**
   * Trains on Fashion-MNIST's files.
   *
   * @param arguments the folder with the data, and the folder for the run
   */
  public static void main(String[] arguments) {
    if (arguments.length < 2) {
      System.err.println("usage: OwnTechniques FASHION_MNIST RUN");
      System.exit(2);
    }
    Run run =
        recipe(28, 5)
            .train(IdxFolder.of(arguments[0]), Path.of(arguments[1]), new BestSoFar(System.out));
    System.out.printf("top-1 %.1f %%%n", 100 * run.scores().top1());
  }
}
