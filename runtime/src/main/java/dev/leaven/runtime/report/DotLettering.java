package dev.leaven.runtime.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;

/**
 * Text in letters of 5 × 7 dots, which need no font. Letters that are missing lose their accents or
 * become question marks.
 *
 * @param dot the size of a dot in pixels
 */
record DotLettering(int dot) implements Lettering {

  private static final int WIDE = 5;
  private static final int HIGH = 7;
  private static final int IN_A_ROW = 16;
  private static final char FIRST = ' ';
  private static final char LAST = '~';
  private static final String MORE = "×·λ°";
  private static final List<String> ROWS = rows();

  private static List<String> rows() {
    try (InputStream letters = DotLettering.class.getResourceAsStream("letters.txt")) {
      return new String(letters.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int lineHeight() {
    return (HIGH + 4) * dot;
  }

  @Override
  public int width(String text) {
    return Math.max(0, known(text).length() * (WIDE + 1) * dot - dot);
  }

  @Override
  public void draw(BufferedImage picture, String text, int x, int y, int colour) {
    int left = x;
    for (char letter : known(text).toCharArray()) {
      int number = letter <= LAST ? letter - FIRST : LAST - FIRST + 1 + MORE.indexOf(letter);
      for (int row = 0; row < HIGH; row++) {
        String dots = ROWS.get(number / IN_A_ROW * (HIGH + 1) + row);
        for (int column = 0; column < WIDE; column++) {
          if (dots.charAt(number % IN_A_ROW * (WIDE + 1) + column) == '#') {
            fill(picture, left + column * dot, y + (row + 1) * dot, colour);
          }
        }
      }
      left += (WIDE + 1) * dot;
    }
  }

  private void fill(BufferedImage picture, int x, int y, int colour) {
    for (int i = 0; i < dot * dot; i++) {
      int column = x + i % dot;
      int row = y + i / dot;
      if (column < picture.getWidth() && row < picture.getHeight()) {
        picture.setRGB(column, row, 0xFF000000 | colour);
      }
    }
  }

  private static String known(String text) {
    StringBuilder known = new StringBuilder();
    String plain = Normalizer.normalize(text.replace("…", "..."), Normalizer.Form.NFD);
    for (char letter : plain.toCharArray()) {
      if (letter >= FIRST && letter <= LAST || MORE.indexOf(letter) >= 0) {
        known.append(letter);
      } else if (Character.getType(letter) != Character.NON_SPACING_MARK) {
        known.append('?');
      }
    }
    return known.toString();
  }
}
