package dev.leaven.runtime.report;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.train.Preview;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * A {@link Preview} as a picture: for each image, the image as loaded and as the model sees it,
 * with their description below; above them the recipe and its effect.
 *
 * <p>It needs no screen and no fonts: without fonts, letters are drawn as dots. Small images are
 * enlarged by a whole number, large ones are reduced; images of 100 to 300 px are shown pixel by
 * pixel.
 */
public final class PreviewPicture {

  private static final int PAGE = 1240;
  private static final int LEAST_PAGE = 640;
  private static final int MARGIN = 24;
  private static final int GAP = 14;
  private static final int PADDING = 10;
  private static final int BETWEEN = 8;
  private static final int LEAST_SIDE = 100;
  private static final int USUAL_SIDE = 160;
  private static final int MOST_SIDE = 300;
  private static final int MOST_LINES = 3;

  private static final int PAPER = 0xF4F5F7;
  private static final int CARD = 0xFFFFFF;
  private static final int EDGE = 0xDFE2E6;
  private static final int INK = 0x1F2328;
  private static final int PALE = 0x656D76;

  private final String title;
  private final Preview preview;
  private final Lettering large = Lettering.of(17, true);
  private final Lettering usual = Lettering.of(14, false);
  private final Lettering small = Lettering.of(12, false);
  private final int side;
  private final int columns;
  private final int width;
  private final List<Card> cards = new ArrayList<>();

  private record Card(Preview.Example example, List<String> own, List<String> learned) {}

  private PreviewPicture(String title, Preview preview) {
    this.title = title;
    this.preview = preview;
    side = shownSide(preview.stage().size());
    int fits = Math.max(1, (PAGE - 2 * MARGIN + GAP) / (cardWidth() + GAP));
    int count = preview.examples().size();
    int rows = (count + fits - 1) / fits;
    columns = (count + rows - 1) / rows;
    width = Math.max(LEAST_PAGE, 2 * MARGIN - GAP + columns * (cardWidth() + GAP));
    for (Preview.Example example : preview.examples()) {
      cards.add(new Card(example, caption(example.label()), caption(example.target())));
    }
  }

  // Small images are scaled by whole numbers, so every pixel is visible.
  private static int shownSide(int size) {
    if (size > MOST_SIDE) {
      return MOST_SIDE;
    }
    return size >= LEAST_SIDE ? size : USUAL_SIDE / size * size;
  }

  private int cardWidth() {
    return 2 * PADDING + 2 * side + BETWEEN;
  }

  private List<String> caption(float[] row) {
    return Caption.of(preview.plan(), row).lines(small, side, MOST_LINES);
  }

  /**
   * Draws.
   *
   * @param title the title at the top, for instance the recipe
   * @param preview the preview to draw
   * @return an opaque picture, 640 to 1,240 px wide
   */
  public static BufferedImage draw(String title, Preview preview) {
    return new PreviewPicture(title, preview).draw();
  }

  /**
   * Draws into a file, replacing one that is there.
   *
   * @param title the title at the top, for instance the recipe
   * @param preview the preview to draw
   * @param file the file, whose name ends in {@code .png}; missing folders are created
   * @throws IllegalArgumentException when the name has another ending, or the file cannot be
   *     written
   */
  public static void write(String title, Preview preview, Path file) {
    requirePng(file);
    BufferedImage picture = draw(title, preview);
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      try (var out = Files.newOutputStream(file)) {
        ImageIO.write(picture, "png", out);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: the picture cannot be written, because %s; choose another place"
              .formatted(file, reason(e)),
          e);
    }
  }

  /**
   * Refuses a file name without the ending of a PNG, before any cost is incurred.
   *
   * @param file a file whose name should end in {@code .png}
   * @throws IllegalArgumentException when it does not
   */
  public static void requirePng(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new IllegalArgumentException(
          "%s: a preview is a PNG picture; give it a name that ends in .png".formatted(file));
    }
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "%s: this is a folder; name a file for the picture".formatted(file));
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileAlreadyExistsException other) {
      return other.getFile() + " is no folder";
    }
    return e instanceof AccessDeniedException
        ? "access is denied"
        : "the disk failed (%s)".formatted(e.getMessage());
  }

  private BufferedImage draw() {
    List<String> words = wrapped(large, title.split("(?<=\\))(?=\\.[a-zA-Z])"), "");
    List<String> where = wrapped(usual, new String[] {where()}, "");
    List<String> how = wrapped(small, how().toArray(String[]::new), "  ·  ");
    int header =
        MARGIN
            + words.size() * large.lineHeight()
            + 6
            + where.size() * usual.lineHeight()
            + 6
            + how.size() * small.lineHeight()
            + GAP;
    int lines =
        cards.stream().mapToInt(c -> Math.max(c.own().size(), c.learned().size())).max().orElse(1);
    int cardHeight = 2 * PADDING + side + 4 + lines * small.lineHeight();
    int rows = (cards.size() + columns - 1) / columns;
    int heads = small.lineHeight() + 4;
    int height = header + heads + rows * (cardHeight + GAP) - GAP + MARGIN;

    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    fill(picture, 0, 0, width, height, PAPER);
    int y = text(picture, large, words, MARGIN, INK) + 6;
    y = text(picture, usual, where, y, INK) + 6;
    text(picture, small, how, y, PALE);

    for (int i = 0; i < cards.size(); i++) {
      int left = MARGIN + i % columns * (cardWidth() + GAP);
      int top = header + heads + i / columns * (cardHeight + GAP);
      if (i < columns) {
        small.draw(picture, "as loaded", left + PADDING, header, PALE);
        small.draw(picture, "as the model sees it", left + PADDING + side + BETWEEN, header, PALE);
      }
      fill(picture, left - 1, top - 1, cardWidth() + 2, cardHeight + 2, EDGE);
      fill(picture, left, top, cardWidth(), cardHeight, CARD);
      card(picture, cards.get(i), left + PADDING, top + PADDING);
    }
    return picture;
  }

  private void card(BufferedImage picture, Card card, int x, int y) {
    Stage stage = preview.stage();
    image(picture, card.example().original(), stage.presize(), x, y);
    image(picture, card.example().shown(), stage.size(), x + side + BETWEEN, y);
    lines(picture, card.own(), x, y + side + 4, PALE);
    lines(picture, card.learned(), x + side + BETWEEN, y + side + 4, INK);
  }

  private void lines(BufferedImage picture, List<String> lines, int x, int y, int colour) {
    for (int i = 0; i < lines.size(); i++) {
      small.draw(picture, lines.get(i), x, y + i * small.lineHeight(), colour);
    }
  }

  private int text(
      BufferedImage picture, Lettering letters, List<String> lines, int y, int colour) {
    int at = y;
    for (String line : lines) {
      letters.draw(picture, line, MARGIN, at, colour);
      at += letters.lineHeight();
    }
    return at;
  }

  private String where() {
    Plan plan = preview.plan();
    Stage stage = preview.stage();
    return "stage %d of %d: %d px, from %d px as loaded  ·  step %,d of %,d  ·  %s"
        .formatted(
            preview.stageNumber(),
            plan.stages().size(),
            stage.size(),
            stage.presize(),
            preview.step(),
            stage.totalSteps(),
            images(cards.size(), stage.batchSize()));
  }

  private static String images(int shown, int batch) {
    String all = batch == 1 ? "image" : "images";
    return shown == batch
        ? "all %d %s of the batch".formatted(batch, all)
        : "%d of the batch's %d %s".formatted(shown, batch, all);
  }

  private List<String> how() {
    Plan plan = preview.plan();
    List<String> how = new ArrayList<>();
    plan.image().geometry().stream().map(Technique::describe).forEach(how::add);
    plan.image().policy().map(Technique::describe).ifPresent(how::add);
    plan.image().lighting().stream().map(Technique::describe).forEach(how::add);
    plan.image().erasing().map(Technique::describe).ifPresent(how::add);
    plan.target()
        .mixing()
        .map(mixing -> preview.mixed() ? mixing.describe() : "nothing is mixed in this epoch")
        .ifPresent(how::add);
    if (plan.target().smoothing().epsilon() > 0) {
      how.add(plan.target().smoothing().describe() + ", left out of the captions");
    }
    return how;
  }

  // Breaks lines between pieces where it can, and within a piece at its spaces.
  private List<String> wrapped(Lettering letters, String[] pieces, String joint) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String piece : pieces) {
      String[] words = piece.split("(?<= )");
      for (int i = 0; i < words.length; i++) {
        String between = line.isEmpty() || i > 0 ? "" : joint;
        if (!line.isEmpty() && letters.width(line + between + words[i].strip()) > room()) {
          lines.add(line.stripTrailing());
          line = words[i];
        } else {
          line += between + words[i];
        }
      }
    }
    lines.add(line.stripTrailing());
    return lines.stream().map(text -> letters.shortened(text, room())).toList();
  }

  private int room() {
    return width - 2 * MARGIN;
  }

  private void image(BufferedImage picture, byte[] pixels, int from, int x, int y) {
    byte[] fitting = Scaling.square(pixels, from, preview.plan().data().channels(), side);
    int channels = preview.plan().data().channels();
    for (int i = 0; i < side * side; i++) {
      int red = fitting[i * channels] & 0xFF;
      int green = channels == 1 ? red : fitting[i * channels + 1] & 0xFF;
      int blue = channels == 1 ? red : fitting[i * channels + 2] & 0xFF;
      picture.setRGB(x + i % side, y + i / side, 0xFF000000 | red << 16 | green << 8 | blue);
    }
  }

  private static void fill(BufferedImage picture, int x, int y, int width, int height, int colour) {
    for (int i = 0; i < width * height; i++) {
      picture.setRGB(x + i % width, y + i / width, 0xFF000000 | colour);
    }
  }
}
