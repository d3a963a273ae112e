package dev.leaven.runtime.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** One part of a data set: images that can be loaded by their index, and the target of each. */
public sealed interface Samples {

  /**
   * The targets of all images.
   *
   * @return a target for each
   */
  Targets targets();

  /**
   * Some of these images.
   *
   * @param positions which, in any order, repeated or not
   * @return samples of the same kind, one for each position
   */
  Samples pick(int[] positions);

  /**
   * The number of images.
   *
   * @return at least 0
   */
  default int size() {
    return targets().size();
  }

  /**
   * The class of every image.
   *
   * @return class numbers from 0; not to be changed
   * @throws IllegalStateException when images do not have one class each
   */
  default int[] labels() {
    if (targets() instanceof Targets.Labels labels) {
      return labels.classes();
    }
    throw new IllegalStateException("these images do not have one class each");
  }

  /**
   * Image files, decoded when they are needed.
   *
   * @param paths a path for each image
   * @param targets a target for each image
   */
  record Files(List<Path> paths, Targets targets) implements Samples {
    /** Checks that every image has a target. */
    public Files {
      paths = paths instanceof PathList ? paths : List.copyOf(paths);
      if (paths.size() != targets.size()) {
        throw new IllegalArgumentException(
            "%d files, but %d labels".formatted(paths.size(), targets.size()));
      }
    }

    /**
     * Files of one class each.
     *
     * @param paths a path for each image
     * @param labels a class number for each image
     */
    public Files(List<Path> paths, int[] labels) {
      this(paths, new Targets.Labels(labels));
    }

    @Override
    public Files pick(int[] positions) {
      List<Path> picked =
          paths instanceof PathList compact
              ? compact.pick(positions)
              : Arrays.stream(positions).mapToObj(paths::get).toList();
      return new Files(picked, targets.pick(positions));
    }
  }

  /**
   * Images of one size, held in memory.
   *
   * @param pixels bytes in the order image, row, column, channel
   * @param height rows of an image
   * @param width columns of an image
   * @param channels 1 or 3
   * @param targets a target for each image
   */
  record Pixels(byte[] pixels, int height, int width, int channels, Targets targets)
      implements Samples {
    /** Checks that there are as many bytes as the images need. */
    public Pixels {
      long needed = (long) targets.size() * height * width * channels;
      if (pixels.length != needed) {
        throw new IllegalArgumentException(
            "%d images of %dx%dx%d need %d bytes, but there are %d"
                .formatted(targets.size(), height, width, channels, needed, pixels.length));
      }
    }

    /**
     * Images of one class each.
     *
     * @param pixels bytes in the order image, row, column, channel
     * @param height rows of an image
     * @param width columns of an image
     * @param channels 1 or 3
     * @param labels a class number for each image
     */
    public Pixels(byte[] pixels, int height, int width, int channels, int[] labels) {
      this(pixels, height, width, channels, new Targets.Labels(labels));
    }

    @Override
    public Pixels pick(int[] positions) {
      int bytes = height * width * channels;
      byte[] picked = new byte[Math.multiplyExact(positions.length, bytes)];
      for (int i = 0; i < positions.length; i++) {
        System.arraycopy(pixels, positions[i] * bytes, picked, i * bytes, bytes);
      }
      return new Pixels(picked, height, width, channels, targets.pick(positions));
    }
  }
}
