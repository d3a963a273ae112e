package dev.leaven.runtime.loss;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.internal.tensorflow.Values;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Numeric targets in units of their standard deviation: {@code (target - mean) / deviation} is
 * learned, and {@code output·deviation + mean} is the prediction, so that metres and millimetres
 * train the same way.
 *
 * <p>Like the statistics of the images, these belong to the model. Without them a target far from 0
 * would cost many steps that only move the last bias, and its loss would make the learning rate
 * ineffective.
 *
 * @param mean of each column over the training images
 * @param deviation of each column, above 0
 */
public record TargetScale(List<Double> mean, List<Double> deviation) implements Technique {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when there are not as many of both, a deviation is not above 0
   *     or a mean is not finite
   */
  public TargetScale {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != deviation.size() || mean.isEmpty()) {
      throw new IllegalArgumentException(
          "targetScale: there must be as many means as deviations, but there are %d and %d"
              .formatted(mean.size(), deviation.size()));
    }
    mean.forEach(m -> Check.range("targetScale", "mean", m, -Float.MAX_VALUE, Float.MAX_VALUE));
    deviation.forEach(d -> Check.positive("targetScale", "deviation", d));
  }

  /**
   * Measures the columns of some targets.
   *
   * @param rows row by row
   * @param columns numbers in a row
   * @return their means and standard deviations; a deviation of 1 where all are alike
   */
  public static TargetScale measure(float[] rows, int columns) {
    double[] mean = new double[columns];
    double[] deviation = new double[columns];
    int count = rows.length / columns;
    for (int i = 0; i < rows.length; i++) {
      mean[i % columns] += rows[i] / (double) count;
    }
    for (int i = 0; i < rows.length; i++) {
      double away = rows[i] - mean[i % columns];
      deviation[i % columns] += away * away / count;
    }
    for (int k = 0; k < columns; k++) {
      deviation[k] = deviation[k] > 0 ? Math.sqrt(deviation[k]) : 1;
    }
    return new TargetScale(boxed(mean), boxed(deviation));
  }

  private static List<Double> boxed(double[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  /**
   * Targets as they are learned.
   *
   * @param tf where the operations go
   * @param targets in their own unit, {@code [batch, columns]}
   * @return {@code (target - mean) / deviation}
   */
  public Operand<TFloat32> scaled(Ops tf, Operand<TFloat32> targets) {
    return tf.math.div(
        tf.math.sub(targets, tf.constant(Values.floats(mean))),
        tf.constant(Values.floats(deviation)));
  }

  /**
   * Predictions in the targets' unit.
   *
   * @param tf where the operations go
   * @param outputs of the model, {@code [batch, columns]}
   * @return {@code output·deviation + mean}
   */
  public Operand<TFloat32> unscaled(Ops tf, Operand<TFloat32> outputs) {
    return tf.math.add(
        tf.math.mul(outputs, tf.constant(Values.floats(deviation))),
        tf.constant(Values.floats(mean)));
  }

  @Override
  public String describe() {
    return "numbers in standard deviations from their mean: mean %s, deviation %s"
        .formatted(numbers(mean), numbers(deviation));
  }

  private static String numbers(List<Double> values) {
    return values.stream()
        .limit(8)
        .map(value -> "%.4g".formatted(value))
        .collect(java.util.stream.Collectors.joining(", "));
  }
}
