package dev.leaven.runtime.report;

import java.awt.image.BufferedImage;

/** Text of one size in a picture. */
interface Lettering {

  /** From the upper edge of a line to that of the next, in pixels. */
  int lineHeight();

  /** The width of a text in pixels. */
  int width(String text);

  /**
   * Draws one line.
   *
   * @param x the position of its left edge
   * @param y the position of the upper edge of its line
   * @param colour the colour as {@code 0xRRGGBB}
   */
  void draw(BufferedImage picture, String text, int x, int y, int colour);

  /**
   * The system's sans-serif font, or dots where there is none: a small server has no fonts, and its
   * Java fails in many ways when it searches for some.
   *
   * @param size in pixels
   */
  static Lettering of(int size, boolean bold) {
    try {
      Lettering font = new FontLettering(size, bold);
      font.draw(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "x", 0, 0, 0);
      if (font.width("x") > 0) {
        return font;
      }
    } catch (RuntimeException | LinkageError | InternalError | java.awt.AWTError e) {
      // Dots are available everywhere.
    }
    return new DotLettering(Math.max(1, Math.round(size / 11f)));
  }

  /** The text, shortened with an ellipsis to fit. */
  default String shortened(String text, int width) {
    if (width(text) <= width) {
      return text;
    }
    int length = text.length();
    while (length > 1 && width(text.substring(0, length).strip() + "…") > width) {
      length--;
    }
    return text.substring(0, length).strip() + "…";
  }
}
