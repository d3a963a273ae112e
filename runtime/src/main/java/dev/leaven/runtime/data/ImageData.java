package dev.leaven.runtime.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Labelled images, split and ready to train on.
 *
 * @param source what was loaded
 * @param classNames the classes in the order of their numbers, at least two
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
   */
  public ImageData {
    classNames = List.copyOf(classNames);
    // Map.copyOf would shuffle them anew in every run.
    skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
    if (classNames.size() < 2) {
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
   * The number of classes.
   *
   * @return at least 2
   */
  public int classes() {
    return classNames.size();
  }
}
