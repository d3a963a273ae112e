package dev.leaven.runtime.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Assembles a MATLAB file of version 5 as its published description says. */
public final class MatBytes {

  private static final int DOUBLE_CLASS = 6;

  private ByteBuffer out;

  /** The header alone: text, version, and the mark of the byte order. */
  public MatBytes(ByteOrder order) {
    out = ByteBuffer.allocate(128).order(order);
    byte[] text = new byte[124];
    Arrays.fill(text, (byte) ' ');
    byte[] begin = "MATLAB 5.0 MAT-file, Platform: GLNX86".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(begin, 0, text, 0, begin.length);
    out.put(text).putShort((short) 0x0100).putShort((short) ('M' << 8 | 'I'));
  }

  /** A row of doubles, stored as numbers of a type: 2 in a byte, 4 in two bytes. */
  public MatBytes plain(String name, int type, int... numbers) {
    return add(matrix(name, type, numbers));
  }

  /** The same, compressed. */
  public MatBytes compressed(String name, int type, int... numbers) {
    Deflater deflater = new Deflater();
    byte[] matrix = matrix(name, type, numbers);
    deflater.setInput(matrix);
    deflater.finish();
    byte[] packed = new byte[matrix.length + 64];
    int size = deflater.deflate(packed);
    deflater.end();
    return add(buffer(8 + size).putInt(15).putInt(size).put(packed, 0, size).array());
  }

  public byte[] bytes() {
    return out.array();
  }

  private byte[] matrix(String name, int type, int... numbers) {
    byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
    int width = type == 2 ? 1 : 2;
    int content = 16 + 16 + 8 + padded(letters.length) + 8 + padded(numbers.length * width);
    ByteBuffer matrix = buffer(8 + content).putInt(14).putInt(content);
    matrix.putInt(6).putInt(8).putInt(DOUBLE_CLASS).putInt(0);
    matrix.putInt(5).putInt(8).putInt(1).putInt(numbers.length);
    matrix.putInt(1).putInt(letters.length).put(Arrays.copyOf(letters, padded(letters.length)));
    matrix.putInt(type).putInt(numbers.length * width);
    for (int number : numbers) {
      if (width == 1) {
        matrix.put((byte) number);
      } else {
        matrix.putShort((short) number);
      }
    }
    return matrix.array();
  }

  private static int padded(int size) {
    return (size + 7) / 8 * 8;
  }

  private MatBytes add(byte[] element) {
    out = buffer(out.capacity() + element.length).put(out.array()).put(element);
    return this;
  }

  private ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(out.order());
  }
}
