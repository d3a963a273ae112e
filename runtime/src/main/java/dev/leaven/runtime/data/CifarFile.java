package dev.leaven.runtime.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the binary format of CIFAR: records of one or two label bytes, the last of which is the
 * class, and 32×32 pixels, all the red ones first, then the green, then the blue.
 */
final class CifarFile {

  static final int SIDE = 32;
  static final int CHANNELS = 3;

  private static final int PLANE = SIDE * SIDE;
  private static final int IMAGE = PLANE * CHANNELS;

  private CifarFile() {}

  /**
   * Reads files one after the other into one block of images.
   *
   * @param files of the same format
   * @param labelBytes 1 for CIFAR-10, 2 for CIFAR-100
   * @param classes every label must be below this
   */
  static Samples.Pixels read(List<Path> files, int labelBytes, int classes) {
    int record = labelBytes + IMAGE;
    long total = 0;
    for (Path file : files) {
      total += count(file, record);
    }
    if (total * IMAGE > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "%s: %d images are more than the 2 GB that fit into one array"
              .formatted(files.get(0).getParent(), total));
    }
    byte[] pixels = new byte[(int) total * IMAGE];
    int[] labels = new int[(int) total];
    int next = 0;
    for (Path file : files) {
      byte[] content = bytes(file);
      for (int at = 0; at + record <= content.length && next < labels.length; at += record) {
        labels[next] = content[at + labelBytes - 1] & 0xff;
        if (labels[next] >= classes) {
          throw new DataException(
              "%s: image %d has label %d, but there are %d classes from 0; download it again"
                  .formatted(file, at / record, labels[next], classes));
        }
        interleave(content, at + labelBytes, pixels, next * IMAGE);
        next++;
      }
    }
    return new Samples.Pixels(pixels, SIDE, SIDE, CHANNELS, labels);
  }

  private static void interleave(byte[] from, int at, byte[] to, int offset) {
    for (int pixel = 0; pixel < PLANE; pixel++) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        to[offset + pixel * CHANNELS + channel] = from[at + channel * PLANE + pixel];
      }
    }
  }

  private static long count(Path file, int record) {
    try {
      long size = Files.size(file);
      if (size % record != 0) {
        throw new DataException(
            "%s: its %d bytes are no whole number of images of %d bytes; download it again"
                .formatted(file, size, record));
      }
      return size / record;
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }
}
