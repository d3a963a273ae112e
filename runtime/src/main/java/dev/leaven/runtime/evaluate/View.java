package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;

/** An additional view of an image at test time, besides its plain view. */
public sealed interface View {

  /** As in training: drawn by the recipe's own transforms, without mixing. */
  record Augmented() implements View {}

  /**
   * The same of every image.
   *
   * @param scale the size of the model's input, as a multiple of the plain view's, from 0.25 to 4
   * @param share the side of the square that is shown, as a fraction of the image's shorter side,
   *     in (0, 1]; 1 shows what the plain view shows
   * @param place where that square lies in the one at the image's centre
   * @param mirrored whether left and right change places
   */
  record Fixed(double scale, double share, Place place, boolean mirrored) implements View {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a parameter is outside its range
     */
    public Fixed {
      Check.range("tta", "scale", scale, 0.25, 4);
      Check.range("tta", "share", Check.positive("tta", "share", share), 0, 1);
    }

    /**
     * The height and width of the view.
     *
     * @param plain the plain view's height and width, in pixels
     * @return in pixels, rounded, at least 16
     */
    public int size(int plain) {
      return Math.max(16, (int) Math.round(scale * plain));
    }

    /**
     * The size to which the square at the centre is scaled, so that the view is a part of it.
     *
     * @param plain the plain view's height and width, in pixels
     * @return in pixels, at least {@link #size}
     */
    public int around(int plain) {
      return (int) Math.round(size(plain) / share);
    }
  }

  /** A place in a square for a smaller one. */
  enum Place {
    /** In its middle. */
    CENTRE(.5, .5),
    /** Its upper left corner. */
    TOP_LEFT(0, 0),
    /** Its upper right corner. */
    TOP_RIGHT(0, 1),
    /** Its lower left corner. */
    BOTTOM_LEFT(1, 0),
    /** Its lower right corner. */
    BOTTOM_RIGHT(1, 1);

    private final double down;
    private final double across;

    Place(double down, double across) {
      this.down = down;
      this.across = across;
    }

    /**
     * The first row shown.
     *
     * @param room how many rows are not shown
     * @return from 0 to {@code room}
     */
    public int top(int room) {
      return (int) (down * room);
    }

    /**
     * The first column shown.
     *
     * @param room how many columns are not shown
     * @return from 0 to {@code room}
     */
    public int left(int room) {
      return (int) (across * room);
    }
  }
}
