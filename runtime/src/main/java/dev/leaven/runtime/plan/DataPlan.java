package dev.leaven.runtime.plan;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.Sampling;
import java.util.List;

/**
 * The images of a run: a part of its {@link Plan}.
 *
 * @param source the source of the images
 * @param task the kind of prediction
 * @param classNames the classes in the order of their numbers, or the name of each number
 * @param channels 3 for colour, 1 for grey
 * @param trainImages the number of images to train on
 * @param validImages the number of images to validate on
 * @param sampling selects the training images of an epoch
 * @param cache where decoded images are kept; never undecided
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

  /** Checks that nothing is undecided. */
  public DataPlan {
    classNames = List.copyOf(classNames);
    if (cache == DecodedCache.AUTO) {
      throw new IllegalArgumentException("a plan's cache must be decided");
    }
  }
}
