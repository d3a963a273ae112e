package dev.leaven.runtime.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads the IDX format of the MNIST family: a marker with the number of dimensions, the size of
 * each dimension as four bytes (big-endian), then the data bytes.
 */
final class IdxFile {

  private static final int IMAGES_MARK = 0x0803;
  private static final int LABELS_MARK = 0x0801;

  // What fits into one array on every virtual machine.
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private IdxFile() {}

  /**
   * Images as they lie in a file.
   *
   * @param count how many
   * @param height rows of an image
   * @param width columns of an image
   * @param pixels bytes in the order image, row, column
   */
  record Images(int count, int height, int width, byte[] pixels) {}

  /** Reads a file of grey images. */
  static Images images(Path file) {
    return read(
        file,
        in -> {
          requireMark(file, in, IMAGES_MARK, "images");
          int count = in.readInt();
          int height = in.readInt();
          int width = in.readInt();
          if (count < 0 || height < 1 || width < 1) {
            throw new DataException(
                "%s: announces %d images of %dx%d pixels; the file is damaged, download it again"
                    .formatted(file, count, height, width));
          }
          // A division, because the product of three sizes may overflow.
          if ((long) height * width > MOST_BYTES / Math.max(1, count)) {
            throw new DataException(
                ("%s: %d images of %dx%d pixels are more than the 2 GB that fit into one array;"
                        + " save them as image files and use ImageFolder")
                    .formatted(file, count, height, width));
          }
          return new Images(count, height, width, body(file, in, count * height * width));
        });
  }

  /** Reads a file of labels, each from 0 to 255. */
  static int[] labels(Path file) {
    return read(
        file,
        in -> {
          requireMark(file, in, LABELS_MARK, "labels");
          int count = in.readInt();
          if (count < 0) {
            throw new DataException(
                "%s: announces %d labels; the file is damaged, download it again"
                    .formatted(file, count));
          }
          byte[] body = body(file, in, count);
          int[] labels = new int[count];
          for (int i = 0; i < count; i++) {
            labels[i] = body[i] & 0xff;
          }
          return labels;
        });
  }

  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  private static <T> T read(Path file, Reader<T> reader) {
    boolean zipped = file.toString().endsWith(".gz");
    try (var raw = new BufferedInputStream(Files.newInputStream(file));
        var in = new DataInputStream(zipped ? new GZIPInputStream(raw, 1 << 16) : raw)) {
      return reader.read(in);
    } catch (EOFException e) {
      throw new DataException(
          "%s: ends too early; the file is damaged, download it again".formatted(file), e);
    } catch (ZipException e) {
      throw new DataException("%s: is not a sound gzip file; download it again".formatted(file), e);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private static void requireMark(Path file, DataInputStream in, int mark, String what)
      throws IOException {
    int found = in.readInt();
    if (found != mark) {
      throw new DataException(
          ("%s: is not an IDX file of %s, because it begins with %08x instead of %08x;"
                  + " put the right file there")
              .formatted(file, what, found, mark));
    }
  }

  // readNBytes grows as it reads, so a damaged header cannot ask for more memory than there is
  // data.
  private static byte[] body(Path file, DataInputStream in, int bytes) throws IOException {
    byte[] body = in.readNBytes(bytes);
    if (body.length < bytes) {
      throw new DataException(
          "%s: holds %d of the %d bytes it announces; the file is damaged, download it again"
              .formatted(file, body.length, bytes));
    }
    return body;
  }
}
