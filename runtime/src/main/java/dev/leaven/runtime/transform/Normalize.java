package dev.leaven.runtime.transform;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.internal.tensorflow.Values;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Makes the channels of images comparable: {@code (x - mean) / std} for each channel, on values
 * from 0 to 1.
 *
 * <p>The statistics belong to the model: they are inside its graph, in its checkpoints and in what
 * is exported, so normalising twice or not at all is impossible.
 *
 * @param mean one value for each channel
 * @param std one value above 0 for each channel
 */
public record Normalize(List<Double> mean, List<Double> std) implements Technique {

  /**
   * Checks that the statistics fit together.
   *
   * @throws IllegalArgumentException when there are none, their numbers differ or a standard
   *     deviation is not above 0
   */
  public Normalize {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.isEmpty() || mean.size() != std.size()) {
      throw new IllegalArgumentException(
          "normalize: there must be as many means as standard deviations, one for each channel,"
              + " but there are %d and %d".formatted(mean.size(), std.size()));
    }
    for (double deviation : std) {
      Check.positive("normalize", "standard deviation", deviation);
    }
  }

  /**
   * The statistics of ImageNet, those of every pretrained model here.
   *
   * @return three channels
   */
  public static Normalize imagenet() {
    return new Normalize(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
  }

  /**
   * The number of channels that the statistics are for.
   *
   * @return at least 1
   */
  public int channels() {
    return mean.size();
  }

  /**
   * Normalises images.
   *
   * @param tf where the operations go
   * @param images values from 0 to 1, of shape {@code [batch, height, width, channels]}
   * @return the same shape
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images) {
    return tf.math.mul(
        tf.math.sub(images, tf.constant(Values.floats(mean))),
        tf.constant(Values.floats(std.stream().map(s -> 1 / s).toList())));
  }

  /**
   * Undoes {@link #apply}, to show a model's input.
   *
   * @param normalised values whose last dimension is the channel
   * @return {@code value·std + mean} in the same order; from 0 to 1 for images
   */
  public float[] inverse(float[] normalised) {
    float[] images = new float[normalised.length];
    for (int i = 0; i < images.length; i++) {
      int channel = i % channels();
      images[i] = (float) (normalised[i] * std.get(channel) + mean.get(channel));
    }
    return images;
  }

  @Override
  public String describe() {
    if (equals(imagenet())) {
      return "normalize with ImageNet's statistics";
    }
    return "normalize with mean %s and standard deviation %s".formatted(list(mean), list(std));
  }

  private static String list(List<Double> values) {
    return values.stream()
        .map(value -> String.format(Locale.ROOT, "%.4f", value))
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
