package dev.leaven.runtime.export;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.TinyNet;
import dev.leaven.runtime.train.Trainer;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** A small run on colour images, and files of every kind to ask its model about. */
final class Photographs {

  static final TrainingListener SILENT = new TrainingListener() {};

  private static final List<String> RESOURCES =
      List.of(
          "alpha.bmp",
          "alpha.png",
          "blocks.jpg",
          "cmyk.jpg",
          "colour.bmp",
          "colour.jpg",
          "colour.png",
          "frames.gif",
          "grey.jpg",
          "palette.bmp",
          "palette.gif",
          "palette.png");

  private Photographs() {}

  /** An image of two colours and noise that no other has. */
  static BufferedImage image(int width, int height, int number) {
    Random random = new Random(number);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    Color first = new Color(random.nextInt(1 << 24));
    Color second = new Color(random.nextInt(1 << 24));
    graphics.setPaint(new GradientPaint(0, 0, first, width, height / 2f, second));
    graphics.fillRect(0, 0, width, height);
    for (int i = 0; i < 6; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillOval(
          random.nextInt(width),
          random.nextInt(height),
          1 + random.nextInt(width),
          1 + random.nextInt(height));
    }
    graphics.dispose();
    return image;
  }

  static byte[] encoded(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException(format);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A JPEG whose EXIF data says how the camera was held, from 1 to 8. */
  static byte[] held(byte[] jpeg, int orientation) {
    byte[] exif = {
      (byte) 0xff,
      (byte) 0xe1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0
    };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.writeBytes(exif);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  /** Files of every format and odd sizes. */
  static List<Path> files(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (String name : RESOURCES) {
      try (InputStream in =
          Photographs.class.getResourceAsStream("/dev/leaven/runtime/data/images/" + name)) {
        files.add(Files.write(folder.resolve(name), in.readAllBytes()));
      }
    }
    int[][] sizes = {{1, 1}, {1, 40}, {33, 7}, {97, 61}, {61, 97}, {640, 427}, {24, 24}, {27, 27}};
    for (int i = 0; i < sizes.length; i++) {
      BufferedImage image = image(sizes[i][0], sizes[i][1], 100 + i);
      files.add(Files.write(folder.resolve("odd" + i + ".jpg"), encoded(image, "jpg")));
      files.add(Files.write(folder.resolve("odd" + i + ".png"), encoded(image, "png")));
    }
    for (int orientation = 1; orientation <= 8; orientation++) {
      byte[] photograph = held(encoded(image(90, 60, 7), "jpg"), orientation);
      files.add(Files.write(folder.resolve("held" + orientation + ".jpg"), photograph));
    }
    return files;
  }

  /** Images of two classes to train on. */
  static DataSource data(Path folder) throws IOException {
    for (int i = 0; i < 40; i++) {
      Path file = folder.resolve(i % 2 == 0 ? "cat" : "dog").resolve(i + ".png");
      Files.createDirectories(file.getParent());
      Files.write(file, encoded(image(30 + i % 5, 28 + i % 7, i), "png"));
    }
    return ImageFolder.of(folder);
  }

  /** Trained and validated on more pixels than the model sees. */
  static Plan plan(DataSource data) {
    Stage stage = new Stage(24, 29, 27, 2, 8, 4, 0.02, new OneCycle());
    return Runs.plan(data, new TinyNet(64), List.of(stage));
  }

  static RunResult train(Plan plan, Path directory) {
    return Trainer.train(plan, plan.data().source().load(plan.seed()), directory, SILENT);
  }
}
