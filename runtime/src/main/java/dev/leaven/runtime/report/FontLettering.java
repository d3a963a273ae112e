package dev.leaven.runtime.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Text in the system's sans-serif font, smoothed. */
final class FontLettering implements Lettering {

  private final Font font;
  private final FontMetrics metrics;

  FontLettering(int size, boolean bold) {
    font = new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size);
    Graphics2D graphics = graphics(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    metrics = graphics.getFontMetrics();
    graphics.dispose();
  }

  @Override
  public int lineHeight() {
    return metrics.getAscent() + metrics.getDescent() + 2;
  }

  @Override
  public int width(String text) {
    return metrics.stringWidth(text);
  }

  @Override
  public void draw(BufferedImage picture, String text, int x, int y, int colour) {
    Graphics2D graphics = graphics(picture);
    graphics.setColor(new Color(colour));
    graphics.drawString(text, x, y + metrics.getAscent());
    graphics.dispose();
  }

  private Graphics2D graphics(BufferedImage picture) {
    Graphics2D graphics = picture.createGraphics();
    graphics.setFont(font);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    return graphics;
  }
}
