package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.models.Architecture;
import java.util.List;

/**
 * A model with its sizes: enough to know every layer with its sizes.
 *
 * @param model the architecture
 * @param channels the channels of its images
 * @param classes the number of its outputs
 * @param sizes the sizes of its images, in pixels
 * @param precision the precision in the recipe, {@link Precision#AUTO} where it sets none
 */
public record Workload(
    Architecture model, int channels, int classes, List<Integer> sizes, Precision precision) {

  // On smaller images a step spends its time on casts and small products: an XResNet-18 at 24 px
  // takes 1.06 times as long in bfloat16, at 64 px 0.62 times.
  private static final int SMALLEST_SIZE = 32;

  /**
   * Keeps each size once, in ascending order.
   *
   * @throws IllegalArgumentException when there is no size
   */
  public Workload {
    if (sizes.isEmpty()) {
      throw new IllegalArgumentException("workload: sizes must have at least one");
    }
    sizes = sizes.stream().distinct().sorted().toList();
  }

  boolean hasLargeImages() {
    return sizes.get(sizes.size() - 1) >= SMALLEST_SIZE;
  }
}
