package dev.leaven.dsl;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Samples;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Images in memory to plan for: every pixel of the image with number i is i.
 *
 * @param train how many are for training, at most 256; a tenth, at least one, is for validation
 * @param channels 1 or 3
 */
public record GreySquares(int train, int channels) implements DataSource {

  private static final int SIDE = 2;

  @Override
  public ImageData load(long seed) {
    List<String> names = IntStream.range(0, 10).mapToObj(i -> "class " + i).toList();
    Samples valid = images(Math.max(1, train / 10));
    return new ImageData(this, names, channels, images(train), valid, Map.of());
  }

  private Samples.Pixels images(int count) {
    int bytes = SIDE * SIDE * channels;
    byte[] pixels = new byte[count * bytes];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / bytes);
    }
    int[] labels = IntStream.range(0, count).map(i -> i % 10).toArray();
    return new Samples.Pixels(pixels, SIDE, SIDE, channels, labels);
  }

  @Override
  public String describe() {
    return "grey squares";
  }
}
