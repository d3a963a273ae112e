package dev.leaven.samples.shapes;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Draws pictures with circles, squares and triangles on noise, and writes a table of which picture
 * has which.
 */
final class DrawnShapes {

  private static final int SIDE = 80;
  // Specks of single pixels would look different after an image is resized.
  private static final int SPECK = 8;
  private static final List<String> NAMES = List.of("circle", "square", "triangle");

  private DrawnShapes() {}

  /**
   * Draws.
   *
   * @param folder where the pictures and {@code labels.csv} are written; made if missing
   * @param pictures the number of pictures
   * @return the table
   */
  static Path draw(Path folder, int pictures) throws IOException {
    Files.createDirectories(folder);
    List<String> rows = new ArrayList<>(List.of("file,shapes"));
    Random random = new Random(42);
    for (int i = 0; i < pictures; i++) {
      BufferedImage picture = noise(random);
      List<String> shapes = new ArrayList<>();
      for (String name : NAMES) {
        if (random.nextBoolean()) { // a picture may have none of them
          paint(picture, name, random);
          shapes.add(name);
        }
      }
      String file = "%05d.png".formatted(i);
      ImageIO.write(picture, "png", folder.resolve(file).toFile());
      rows.add(file + "," + String.join(" ", shapes));
    }
    return Files.write(folder.resolve("labels.csv"), rows);
  }

  private static BufferedImage noise(Random random) {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    for (int y = 0; y < SIDE; y += SPECK) {
      for (int x = 0; x < SIDE; x += SPECK) {
        pen.setColor(new Color(random.nextInt(0x1000000)));
        pen.fillRect(x, y, SPECK, SPECK);
      }
    }
    pen.dispose();
    return picture;
  }

  private static void paint(BufferedImage picture, String shape, Random random) {
    Graphics2D pen = picture.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(Color.getHSBColor(random.nextFloat(), 1, 1));
    int side = 24 + random.nextInt(16);
    int x = random.nextInt(SIDE - side);
    int y = random.nextInt(SIDE - side);
    pen.fill(
        switch (shape) {
          case "circle" -> new Ellipse2D.Double(x, y, side, side);
          case "square" -> new Rectangle2D.Double(x, y, side, side);
          default ->
              new Polygon(
                  new int[] {x, x + side / 2, x + side}, new int[] {y + side, y, y + side}, 3);
        });
    pen.dispose();
  }
}
