package dev.leaven.runtime.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Images that a program made or read itself, for tests and for formats that Leaven does not know.
 *
 * <p>Its JSON form is its name alone, because the pixels are nowhere to be found again: a run on
 * such images is resumed by passing them once more. Two are equal only if they are the same.
 */
public final class InMemoryImages implements DataSource {

  @JsonIgnore private final Samples.@Nullable Pixels train;
  @JsonIgnore private final Samples.@Nullable Pixels valid;
  @JsonIgnore private final List<String> classNames;

  private InMemoryImages(
      Samples.@Nullable Pixels train, Samples.@Nullable Pixels valid, List<String> classNames) {
    this.train = train;
    this.valid = valid;
    this.classNames = List.copyOf(classNames);
  }

  @JsonCreator
  private static InMemoryImages elsewhere() {
    return new InMemoryImages(null, null, List.of());
  }

  /**
   * Images for training and for validation. They are not copied and must not change any more.
   *
   * @param train the training part
   * @param valid the validation part, with as many channels
   * @param classNames the classes in the order of their numbers, at least two
   * @throws DataException when the channels differ or a label has no class
   */
  public static InMemoryImages of(
      Samples.Pixels train, Samples.Pixels valid, List<String> classNames) {
    if (train.channels() != valid.channels()) {
      throw new DataException(
          ("InMemoryImages: training images have %d channels, but validation images %d;"
                  + " give both the same")
              .formatted(train.channels(), valid.channels()));
    }
    refuseUnknown("training", train.labels(), classNames.size());
    refuseUnknown("validation", valid.labels(), classNames.size());
    return new InMemoryImages(train, valid, classNames);
  }

  /**
   * The images as they were given.
   *
   * @param seed of no effect, since they are split already
   * @throws DataException when there are fewer than two classes, a part is empty, or the images
   *     were in the memory of another program
   */
  @Override
  public ImageData load(long seed) {
    if (train == null || valid == null) {
      throw new DataException(
          "InMemoryImages: this run's images were in the memory of the program that began it;"
              + " pass them to resume");
    }
    return new ImageData(this, classNames, train.channels(), train, valid, Map.of());
  }

  @Override
  public String describe() {
    if (train == null || valid == null) {
      return "InMemoryImages: in the memory of another program";
    }
    return "InMemoryImages: %d images for training, %d for validation"
        .formatted(train.size(), valid.size());
  }

  @Override
  public String toString() {
    return "InMemoryImages[train=%d, valid=%d, classNames=%s]"
        .formatted(train == null ? 0 : train.size(), valid == null ? 0 : valid.size(), classNames);
  }

  private static void refuseUnknown(String part, int[] labels, int classes) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new DataException(
            ("InMemoryImages: %s image %d has label %d, but there are %d classes from 0;"
                    + " name every class")
                .formatted(part, i, labels[i], classes));
      }
    }
  }
}
