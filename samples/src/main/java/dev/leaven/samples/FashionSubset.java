package dev.leaven.samples;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Extracts the part of Fashion-MNIST in {@code samples/data/fashion-mnist}: 1,000 training and 200
 * test images of each of the ten classes, drawn with a fixed seed and kept in their original order.
 *
 * <pre>
 * java samples/src/main/java/dev/leaven/samples/FashionSubset.java \
 *     /usr/share/datasets/fashion-mnist samples/data/fashion-mnist
 * </pre>
 */
public final class FashionSubset {

  private static final int TRAIN_PER_CLASS = 1000;
  private static final int TEST_PER_CLASS = 200;
  private static final int CLASSES = 10;
  private static final long SEED = 2017;

  private FashionSubset() {}

  /**
   * Reads the four files of the whole data set and writes the four of its part.
   *
   * @param args the folder with the gzip files of Fashion-MNIST, and the folder to write to
   * @throws IOException when a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: FashionSubset <folder of Fashion-MNIST> <folder to write to>");
      System.exit(2);
    }
    Path source = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Files.createDirectories(target);
    take(source, target, "train", TRAIN_PER_CLASS);
    take(source, target, "t10k", TEST_PER_CLASS);
  }

  /** Copies {@code perClass} images of each class, with their labels. */
  static void take(Path source, Path target, String part, int perClass) throws IOException {
    String imageName = part + "-images-idx3-ubyte.gz";
    String labelName = part + "-labels-idx1-ubyte.gz";
    try (DataInputStream images = open(source.resolve(imageName));
        DataInputStream labels = open(source.resolve(labelName))) {
      int imageMark = images.readInt();
      int count = images.readInt();
      int height = images.readInt();
      int width = images.readInt();
      int labelMark = labels.readInt();
      if (imageMark != 0x803 || labelMark != 0x801 || labels.readInt() != count) {
        throw new IOException("%s: not the files of Fashion-MNIST".formatted(source));
      }
      byte[] label = labels.readNBytes(count);
      boolean[] chosen = choose(label, perClass);

      ByteArrayOutputStream pixels = new ByteArrayOutputStream();
      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      pixels.write(header(imageMark, CLASSES * perClass, height, width));
      kept.write(header(labelMark, CLASSES * perClass));
      for (int i = 0; i < count; i++) {
        byte[] image = images.readNBytes(height * width);
        if (chosen[i]) {
          pixels.write(image);
          kept.write(label[i]);
        }
      }
      zip(target.resolve(imageName), pixels.toByteArray());
      zip(target.resolve(labelName), kept.toByteArray());
    }
  }

  // java.util.Random, because its numbers are part of its specification and never change.
  private static boolean[] choose(byte[] label, int perClass) throws IOException {
    List<List<Integer>> members = new ArrayList<>();
    for (int k = 0; k < CLASSES; k++) {
      members.add(new ArrayList<>());
    }
    for (int i = 0; i < label.length; i++) {
      members.get(label[i]).add(i);
    }
    Random random = new Random(SEED);
    boolean[] chosen = new boolean[label.length];
    for (List<Integer> candidates : members) {
      if (candidates.size() < perClass) {
        throw new IOException(
            "a class has %d images, fewer than %d".formatted(candidates.size(), perClass));
      }
      for (int n = 0; n < perClass; n++) {
        int last = candidates.size() - 1;
        int drawn = random.nextInt(candidates.size());
        chosen[candidates.set(drawn, candidates.get(last))] = true;
        candidates.remove(last);
      }
    }
    return chosen;
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16));
  }

  private static byte[] header(int... numbers) {
    ByteBuffer header = ByteBuffer.allocate(4 * numbers.length);
    Arrays.stream(numbers).forEach(header::putInt);
    return header.array();
  }

  // Java writes no time into a gzip file, so equal content makes equal files.
  private static void zip(Path file, byte[] content) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(file)) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      out.write(content);
    }
  }
}
