package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.evaluate.View;
import dev.leaven.runtime.plan.Stage;

/**
 * The part of an image that a view shows, for views that are the same for every image: the square
 * at the image's centre is resized, and the view is cut out of it.
 *
 * @param square the size to which the square is resized, in pixels
 * @param fraction the square's size before, as a fraction of the image's shorter side, in (0, 1]
 * @param top the first row of the resized square that is shown
 * @param left the first column that is shown
 * @param size the number of shown rows and columns, in pixels: the size of the model's input
 * @param mirrored whether left and right are swapped
 */
public record ViewCrop(int square, double fraction, int top, int left, int size, boolean mirrored) {

  /**
   * The part that validation shows.
   *
   * @param stage the stage that defines the size of the images
   * @return the whole square, which is as large as the stage's images
   */
  public static ViewCrop centre(Stage stage) {
    double fraction = (double) stage.size() / stage.validationSide();
    return new ViewCrop(stage.size(), fraction, 0, 0, stage.size(), false);
  }

  /**
   * The part that a view shows.
   *
   * @param stage the stage that defines the size of the images
   * @param view the view
   * @return a part of the square, or all of it where the view shows what validation shows
   */
  public static ViewCrop of(Stage stage, View.Fixed view) {
    int size = view.size(stage.size());
    int square = view.around(stage.size());
    int rest = square - size;
    return new ViewCrop(
        square,
        view.share() == 1 ? centre(stage.at(size)).fraction() : 1,
        view.place().top(rest),
        view.place().left(rest),
        size,
        view.mirrored());
  }

  /**
   * Whether both are cut out of the same square.
   *
   * @param other another view of the same image
   * @return true where the square needs to be loaded once for both
   */
  public boolean sharesSquare(ViewCrop other) {
    return square == other.square && fraction == other.fraction;
  }
}
