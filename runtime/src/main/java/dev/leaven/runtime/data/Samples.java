package dev.leaven.runtime.data;

import java.nio.file.Path;
import java.util.List;

/** One part of a data set: images that can be loaded by their index, and the label of each. */
public sealed interface Samples {

  /**
   * The label of every image.
   *
   * @return class numbers from 0; not to be changed
   */
  int[] labels();

  /**
   * The number of images.
   *
   * @return at least 0
   */
  default int size() {
    return labels().length;
  }

  /**
   * Image files, decoded when they are needed.
   *
   * @param paths a path for each image
   * @param labels a class number for each image
   */
  record Files(List<Path> paths, int[] labels) implements Samples {
    /** Checks that every image has a label. */
    public Files {
      paths = List.copyOf(paths);
      if (paths.size() != labels.length) {
        throw new IllegalArgumentException(
            "%d files, but %d labels".formatted(paths.size(), labels.length));
      }
    }
  }

  /**
   * Images of one size, held in memory.
   *
   * @param pixels bytes in the order image, row, column, channel
   * @param height rows of an image
   * @param width columns of an image
   * @param channels 1 or 3
   * @param labels a class number for each image
   */
  record Pixels(byte[] pixels, int height, int width, int channels, int[] labels)
      implements Samples {
    /** Checks that there are as many bytes as the images need. */
    public Pixels {
      long needed = (long) labels.length * height * width * channels;
      if (pixels.length != needed) {
        throw new IllegalArgumentException(
            "%d images of %dx%dx%d need %d bytes, but there are %d"
                .formatted(labels.length, height, width, channels, needed, pixels.length));
      }
    }
  }
}
