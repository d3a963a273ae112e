package dev.leaven.runtime.plan;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.Sampling;
import java.util.List;

/**
 * Which images a run learns from: a part of its {@link Plan}.
 *
 * @param source where the images come from
 * @param task what is asked of an image
 * @param classNames the classes in the order of their numbers, or the name of each number
 * @param channels 3 for colour, 1 for grey
 * @param trainImages images to train on
 * @param validImages images to validate on
 * @param sampling which training images an epoch visits
 * @param cache where decoded images are kept, decided
 */
public record DataPlan(
    DataSource source,
    Task task,
    List<String> classNames,
    int channels,
    int trainImages,
    int validImages,
    Sampling sampling,
    DecodedCache cache) {

  /** Checks that nothing is left open. */
  public DataPlan {
    classNames = List.copyOf(classNames);
    if (cache == DecodedCache.AUTO) {
      throw new IllegalArgumentException("a plan's cache must be decided");
    }
  }
}
