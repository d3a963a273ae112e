package dev.leaven.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LetteringTest {

  /** Prints which letters there are. */
  static final class Choice {
    public static void main(String[] arguments) {
      Lettering letters = Lettering.of(12, false);
      letters.draw(new BufferedImage(50, 20, BufferedImage.TYPE_INT_RGB), "tench", 0, 0, 0xFFFFFF);
      System.out.println(letters.getClass().getSimpleName() + " " + letters.width("tench"));
    }
  }

  private static String drawn(String text, int dot) {
    DotLettering letters = new DotLettering(dot);
    BufferedImage picture =
        new BufferedImage(letters.width(text), 8 * dot, BufferedImage.TYPE_INT_RGB);
    letters.draw(picture, text, 0, 0, 0xFFFFFF);
    StringBuilder dots = new StringBuilder();
    for (int y = dot; y < picture.getHeight(); y += dot) {
      for (int x = 0; x < picture.getWidth(); x += dot) {
        dots.append((picture.getRGB(x, y) & 0xFFFFFF) == 0 ? '.' : '#');
      }
      dots.append('\n');
    }
    return dots.toString();
  }

  @Test
  void lettersAreDots() {
    assertThat(drawn("Ky°", 1))
        .isEqualTo(
            """
            #...#........##..
            #..#........#..#.
            #.#...#...#..##..
            ##....#...#......
            #.#....####......
            #..#......#......
            #...#..###.......
            """);
    assertThat(drawn("Ky°", 3)).isEqualTo(drawn("Ky°", 1));
  }

  @Test
  void lettersThatThereAreNotAreSaidOtherwise() {
    assertThat(drawn("é…字", 1)).isEqualTo(drawn("e...?", 1));
  }

  @Test
  void aTextIsShortenedToFit() {
    Lettering letters = new DotLettering(2);
    assertThat(letters.width("church")).isEqualTo(6 * 12 - 2);
    assertThat(letters.shortened("church", 70)).isEqualTo("church");
    assertThat(letters.shortened("church", 69)).isEqualTo("ch…");
    assertThat(letters.shortened("a church", 60)).isEqualTo("a…");
  }

  /** A display that is not there is one of many ways in which a small server has no fonts. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutFontsThereAreDots() throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.awt.headless=false",
            "-cp",
            System.getProperty("java.class.path"),
            Choice.class.getName());
    java.environment().put("DISPLAY", ":4711");
    Process process = java.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines()).contains("DotLettering 29");
  }
}
