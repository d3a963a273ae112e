package dev.leaven.runtime.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Describes what is wrong with an image file that cannot be decoded, without decoding it:
 * TensorFlow's own messages describe the decoder and not the file.
 */
public final class FileDamage {

  /** The most pixels of an image: as many as fit 512 MiB in three channels, Pillow's limit too. */
  public static final long MOST_PIXELS = (1L << 29) / 3;

  private static final int[] END_OF_JPEG = {0xff, 0xd9};
  private static final int[] END_OF_PNG = {'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};

  private FileDamage() {}

  /**
   * What is wrong with a file that cannot be decoded.
   *
   * @param file the file; it may be missing
   * @return the end of a sentence about it, for instance {@code is cut off}
   */
  public static String of(Path file) {
    String problem = FileCheck.problem(file);
    if (problem != null) {
      return problem;
    }
    try {
      return of(Files.readAllBytes(file));
    } catch (IOException e) {
      return "cannot be read";
    }
  }

  /**
   * What is wrong with an image that cannot be decoded.
   *
   * @param content the bytes of its file
   * @return the end of a sentence about it
   */
  public static String of(byte[] content) {
    String problem =
        FileCheck.problem(Arrays.copyOf(content, Math.min(content.length, ImageHeader.LENGTH)));
    if (problem != null) {
      return problem;
    }
    ImageHeader header = new ImageHeader(content);
    String refusal = header.refusal();
    if (refusal != null) {
      return refusal;
    }
    if (header.isJpeg() || header.isPng()) {
      boolean whole = endsWith(content, header.isJpeg() ? END_OF_JPEG : END_OF_PNG);
      return whole ? "is damaged" : "is cut off";
    }
    return "is damaged or cut off";
  }

  // Some programs write zeros behind the end.
  private static boolean endsWith(byte[] bytes, int[] mark) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    if (end < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes[end - mark.length + i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
