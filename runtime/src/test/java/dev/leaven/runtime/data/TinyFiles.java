package dev.leaven.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes files that begin as images do. */
final class TinyFiles {

  static final byte[] JPEG = bytes(0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1);
  static final byte[] PNG = bytes(0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13);
  static final byte[] GIF = bytes('G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0);
  static final byte[] BMP =
      bytes(
          'B', 'M', 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, // the file
          40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0); // one pixel of 24 bits

  private final Path root;

  TinyFiles(Path root) {
    this.root = root;
  }

  /** Writes {@code count} JPEG files named 0.jpg and so on into a folder. */
  TinyFiles images(String folder, int count) {
    for (int i = 0; i < count; i++) {
      file(folder + "/" + i + ".jpg", JPEG);
    }
    return this;
  }

  TinyFiles file(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  TinyFiles file(String name, byte[] content) {
    try {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TinyFiles folder(String name) {
    try {
      Files.createDirectories(root.resolve(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
