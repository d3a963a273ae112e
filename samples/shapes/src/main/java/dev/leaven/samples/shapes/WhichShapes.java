package dev.leaven.samples.shapes;

import static dev.leaven.dsl.Recipe.resize;

import dev.leaven.dsl.Recipe;
import dev.leaven.dsl.Run;
import dev.leaven.runtime.data.CsvImages;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.models.XResNet;
import java.io.IOException;
import java.nio.file.Path;

/** Learns which shapes are in a picture: none, one or several. */
public final class WhichShapes {

  private WhichShapes() {}

  /**
   * Draws pictures, trains on 80 % of them and prints the evaluation on the others.
   *
   * @param arguments the folder for pictures and run; the number of pictures, default 2000; the
   *     number of epochs, default 8
   * @throws IOException when the pictures cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 1) {
      System.err.println("usage: WhichShapes FOLDER [PICTURES] [EPOCHS]");
      System.exit(2);
    }
    int pictures = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
    int epochs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8;
    Run run = train(Path.of(arguments[0]), pictures, epochs);
    System.out.printf(
        "%.1f %% of the answers right, F1 %.3f%n",
        100 * run.scores().get(Metric.ACCURACY_MULTI), run.scores().get(Metric.F1));
  }

  static Run train(Path folder, int pictures, int epochs) throws IOException {
    Path table = DrawnShapes.draw(folder.resolve("pictures"), pictures);
    Recipe recipe = resize(40).epochs(epochs).model(new XResNet(18)).rotate(10);
    return recipe.train(
        CsvImages.of(table).image("file").labels("shapes", " "), folder.resolve("run"));
  }
}
