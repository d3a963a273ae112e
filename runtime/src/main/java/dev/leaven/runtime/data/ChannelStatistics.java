package dev.leaven.runtime.data;

import dev.leaven.runtime.transform.Normalize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The mean and standard deviation of each channel, measured from images.
 *
 * <p>Images in memory are measured whole; of image files at most 500, evenly spaced, are decoded at
 * a reduced size. The result depends on the images only, never on chance.
 */
public final class ChannelStatistics {

  private static final int MOST_FILES = 500;
  // Subsampled to about this size, a photograph still gives its mean to three digits.
  private static final int SIDE = 128;
  // An image set of one colour must not divide by zero.
  private static final double SMALLEST_DEVIATION = 1e-3;

  private final long[] counts;
  private final double[] sums;
  private final double[] squares;

  private ChannelStatistics(int channels) {
    counts = new long[channels];
    sums = new double[channels];
    squares = new double[channels];
  }

  /**
   * Measures images.
   *
   * @param samples the images, usually the training part
   * @param channels 1 or 3
   * @return their statistics, on values from 0 to 1
   * @throws DataException when no image can be decoded
   */
  public static Normalize measure(Samples samples, int channels) {
    ChannelStatistics statistics = new ChannelStatistics(channels);
    if (samples instanceof Samples.Pixels pixels) {
      statistics.add(pixels);
    } else if (samples instanceof Samples.Files files) {
      statistics.add(files);
    }
    return statistics.normalize();
  }

  private void add(Samples.Pixels images) {
    byte[] bytes = images.pixels();
    int channels = counts.length;
    for (int i = 0; i < bytes.length; i++) {
      add(i % channels, bytes[i] & 0xff);
    }
  }

  private void add(Samples.Files files) {
    int total = files.paths().size();
    int wanted = Math.min(total, MOST_FILES);
    int decoded = 0;
    for (int i = 0; i < wanted; i++) {
      BufferedImage image = decode(files.paths().get((int) ((long) i * total / wanted)));
      if (image != null) {
        add(image);
        decoded++;
      }
    }
    if (decoded == 0) {
      throw new DataException(
          "normalizeFromData: none of %d training images could be decoded, the first being %s"
              .formatted(wanted, files.paths().get(0)));
    }
  }

  private void add(BufferedImage image) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        for (int channel = 0; channel < counts.length; channel++) {
          add(channel, rgb >> (16 - 8 * channel) & 0xff);
        }
      }
    }
  }

  private void add(int channel, int value) {
    counts[channel]++;
    sums[channel] += value;
    squares[channel] += (double) value * value;
  }

  private Normalize normalize() {
    double[] mean = new double[counts.length];
    double[] deviation = new double[counts.length];
    for (int channel = 0; channel < counts.length; channel++) {
      mean[channel] = sums[channel] / counts[channel];
      double variance = squares[channel] / counts[channel] - mean[channel] * mean[channel];
      deviation[channel] = Math.max(Math.sqrt(Math.max(variance, 0)) / 255, SMALLEST_DEVIATION);
      mean[channel] /= 255;
    }
    return new Normalize(
        DoubleStream.of(mean).boxed().toList(), DoubleStream.of(deviation).boxed().toList());
  }

  // Null for what Java cannot decode, such as a CMYK JPEG: a sample of the others does as well.
  private static @Nullable BufferedImage decode(Path path) {
    try (ImageInputStream input = ImageIO.createImageInputStream(path.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
      if (!readers.hasNext()) {
        return null;
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(input, true, true);
        ImageReadParam parameters = reader.getDefaultReadParam();
        int step = Math.max(1, Math.min(reader.getWidth(0), reader.getHeight(0)) / SIDE);
        parameters.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, parameters);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
