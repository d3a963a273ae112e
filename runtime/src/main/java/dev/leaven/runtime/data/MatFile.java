package dev.leaven.runtime.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Reads the matrices of whole numbers of a MATLAB file of version 5, which MATLAB writes from 5 up
 * to 7.2: a header of 128 bytes, then an element for each matrix, as it is or compressed by zlib.
 * Other files are rejected, and so is everything that is not a matrix of whole numbers: cells,
 * structures, text, sparse matrices, fractions.
 */
final class MatFile {

  // Labels of a few thousand images take kilobytes; a file that unpacks to more than this is not a
  // label file.
  private static final int MOST_BYTES = 1 << 24;

  private static final int HEADER = 128;
  private static final int VERSION_PLACE = 124;
  private static final int VERSION = 0x0100;
  private static final int SAME_ORDER = 'M' << 8 | 'I';

  // The types of elements that are not numbers.
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;

  // The classes of arrays that are numbers: double is the first, the longest whole number the last.
  private static final int FIRST_CLASS = 6;
  private static final int LAST_CLASS = 15;
  private static final List<String> OTHER_CLASSES =
      List.of("a cell array", "a structure", "an object", "text", "a sparse matrix");
  private static final int COMPLEX = 0x0800;

  private final Path file;
  private final Map<String, int[]> matrices = new LinkedHashMap<>();
  private int left = MOST_BYTES;

  private MatFile(Path file) {
    this.file = file;
  }

  /**
   * Reads all matrices of a file.
   *
   * @return the numbers of each, column by column, by its name
   * @throws DataException when the file cannot be read, is damaged or holds anything else
   */
  static Map<String, int[]> read(Path file) {
    try {
      return new MatFile(file).matrices();
    } catch (BufferUnderflowException | EOFException e) {
      throw new DataException(
          "%s: ends too early; the file is damaged, download it again".formatted(file), e);
    } catch (ZipException e) {
      throw new DataException(
          "%s: holds damaged compressed data; download it again".formatted(file), e);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /** What an element holds, and its type. */
  private record Element(int type, ByteBuffer data) {}

  private Map<String, int[]> matrices() throws IOException {
    ByteBuffer in;
    try (InputStream bytes = Files.newInputStream(file)) {
      in = ByteBuffer.wrap(limited(bytes));
    }
    begin(in);
    while (in.hasRemaining()) {
      Element element = element(in);
      if (element.type() == COMPRESSED) {
        element = element(inflated(element.data()));
      }
      if (element.type() != MATRIX) {
        throw refused("an element of type " + element.type());
      }
      addMatrix(element.data());
    }
    return matrices;
  }

  private void begin(ByteBuffer in) {
    if (!text(in.duplicate()).startsWith("MATLAB 5.0 MAT-file")) {
      throw new DataException(
          ("%s: is not a MATLAB file of version 5, because it does not begin with"
                  + " 'MATLAB 5.0 MAT-file'; put the right file there")
              .formatted(file));
    }
    bytes(in, HEADER);
    boolean same = in.getShort(VERSION_PLACE + Short.BYTES) == SAME_ORDER;
    in.order(same ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (in.getShort(VERSION_PLACE) != VERSION) {
      throw new DataException(
          "%s: is not a MATLAB file of version 5, though its first bytes say so; put the right file there"
              .formatted(file));
    }
  }

  private void addMatrix(ByteBuffer in) {
    int flags = element(in).data().getInt();
    int kind = flags & 0xff;
    if (kind < FIRST_CLASS || kind > LAST_CLASS) {
      throw refused(
          kind > 0 && kind < FIRST_CLASS
              ? OTHER_CLASSES.get(kind - 1)
              : "an array of class " + kind);
    }
    long size = 1;
    ByteBuffer dimensions = element(in).data();
    while (dimensions.hasRemaining()) {
      size *= dimensions.getInt();
    }
    String name = text(element(in).data());
    if ((flags & COMPLEX) != 0) {
      throw refused("the complex numbers '%s'".formatted(name));
    }
    Element numbers = element(in);
    int width = width(numbers.type());
    if (width == 0) {
      throw refused("'%s' in numbers of type %d".formatted(name, numbers.type()));
    }
    int count = numbers.data().remaining() / width;
    if (count != size) {
      throw new DataException(
          "%s: '%s' announces %d numbers, but holds %d; the file is damaged, download it again"
              .formatted(file, name, size, count));
    }
    int[] whole = new int[count];
    for (int i = 0; i < count; i++) {
      double number = number(numbers);
      whole[i] = (int) number;
      if (whole[i] != number) {
        throw refused("the number %s in '%s'".formatted(number, name));
      }
    }
    matrices.put(name, whole);
  }

  /** Reads an element. Up to four bytes of data may be in the tag itself, next to their number. */
  private static Element element(ByteBuffer in) {
    int first = in.getInt();
    if (first >>> 16 != 0) {
      ByteBuffer data = bytes(in, Integer.BYTES);
      return new Element(first & 0xffff, bytes(data, first >>> 16));
    }
    ByteBuffer data = bytes(in, in.getInt());
    if (first != COMPRESSED) { // others are followed by zeros up to a multiple of eight bytes
      int padding = -data.limit() & 7;
      in.position(Math.min(in.limit(), in.position() + padding));
    }
    return new Element(first, data);
  }

  private ByteBuffer inflated(ByteBuffer packed) throws IOException {
    byte[] bytes = new byte[packed.remaining()];
    packed.get(bytes);
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
      return ByteBuffer.wrap(limited(in)).order(packed.order());
    }
  }

  private byte[] limited(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(left + 1);
    left -= bytes.length;
    if (left < 0) {
      throw refused("more than %d MB".formatted(MOST_BYTES >> 20));
    }
    return bytes;
  }

  private static ByteBuffer bytes(ByteBuffer in, int count) {
    if (count < 0 || count > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer bytes = in.slice(in.position(), count).order(in.order());
    in.position(in.position() + count);
    return bytes;
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }

  /** The bytes of a number of this type; 0 when it is not a type of numbers. */
  private static int width(int type) {
    return switch (type) {
      case 1, 2 -> Byte.BYTES;
      case 3, 4 -> Short.BYTES;
      case 5, 6, 7 -> Integer.BYTES;
      case 9, 12, 13 -> Long.BYTES;
      default -> 0;
    };
  }

  // MATLAB writes numbers in the shortest type that holds them all, whatever their class.
  private static double number(Element numbers) {
    ByteBuffer data = numbers.data();
    return switch (numbers.type()) {
      case 1 -> data.get();
      case 2 -> Byte.toUnsignedInt(data.get());
      case 3 -> data.getShort();
      case 4 -> Short.toUnsignedInt(data.getShort());
      case 5 -> data.getInt();
      case 6 -> Integer.toUnsignedLong(data.getInt());
      case 7 -> data.getFloat();
      case 9 -> data.getDouble();
      case 12 -> data.getLong();
      default -> {
        long bits = data.getLong();
        yield bits < 0 ? bits + 0x1p64 : bits;
      }
    };
  }

  private DataException refused(String what) {
    return new DataException(
        "%s: holds %s, where only matrices of whole numbers are read; put the right file there"
            .formatted(file, what));
  }
}
