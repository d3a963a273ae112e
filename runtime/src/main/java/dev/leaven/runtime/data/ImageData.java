package dev.leaven.runtime.data;

import dev.leaven.runtime.Task;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images and their targets, split and ready to train on.
 *
 * @param source what was loaded
 * @param classNames the classes in the order of their numbers, at least two where every image has
 *     one; for numeric targets the name of each number
 * @param channels 3 for colour, 1 for grey
 * @param train the training part
 * @param valid the validation part, never trained on
 * @param skipped files left out, relative to the source and in its order, with the reason for each
 */
public record ImageData(
    DataSource source,
    List<String> classNames,
    int channels,
    Samples train,
    Samples valid,
    Map<String, String> skipped) {

  /**
   * Checks what every source must deliver.
   *
   * @throws DataException when there are fewer than two classes or a part is empty
   * @throws IllegalArgumentException when both parts have targets of different kinds
   */
  public ImageData {
    classNames = List.copyOf(classNames);
    // Map.copyOf would reorder them in every run.
    skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
    if (train.targets().task() != valid.targets().task()) {
      throw new IllegalArgumentException("both parts need targets of one kind");
    }
    if (classNames.size() < 2 && train.targets().task() == Task.CLASSIFICATION) {
      throw new DataException(
          "%s: a classifier needs at least 2 classes, but there is only %s"
              .formatted(source.describe(), classNames.isEmpty() ? "none" : classNames.get(0)));
    }
    if (train.size() == 0 || valid.size() == 0) {
      throw new DataException(
          "%s: %s images for training and %s for validation; both parts need some"
              .formatted(source.describe(), train.size(), valid.size()));
    }
  }

  /**
   * The kind of prediction for an image.
   *
   * @return the task that follows from the kind of the targets
   */
  public Task task() {
    return train.targets().task();
  }

  /**
   * The number of classes, or of numbers to estimate.
   *
   * @return at least 1
   */
  public int classes() {
    return classNames.size();
  }
}
