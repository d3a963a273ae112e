package dev.leaven.runtime.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.leaven.runtime.Task;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Images that a program made or read itself, for tests and for formats that Leaven does not know.
 *
 * <p>Its JSON form is its name alone, because the pixels cannot be found again: a run on such
 * images is resumed by passing them once more. Two are equal only if they are the same.
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
   * @param classNames the classes in the order of their numbers, at least two where every image has
   *     one; for numeric targets the name of each number
   * @return the images as a data source
   * @throws DataException when the channels or the kinds of targets differ, a label has no class,
   *     or a target is not 0 or 1, or not a finite number
   */
  public static InMemoryImages of(
      Samples.Pixels train, Samples.Pixels valid, List<String> classNames) {
    if (train.channels() != valid.channels()) {
      throw new DataException(
          ("InMemoryImages: training images have %d channels, but validation images %d;"
                  + " give both the same")
              .formatted(train.channels(), valid.channels()));
    }
    if (train.targets().task() != valid.targets().task()) {
      throw new DataException(
          "InMemoryImages: training and validation images have targets of different kinds;"
              + " give both the same");
    }
    refuseUnknown("training", train.targets(), classNames.size());
    refuseUnknown("validation", valid.targets(), classNames.size());
    return new InMemoryImages(train, valid, classNames);
  }

  /**
   * The images as they were given.
   *
   * @param seed without effect, since they are split already
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

  private static void refuseUnknown(String part, Targets targets, int names) {
    if (targets instanceof Targets.Labels labels) {
      for (int i = 0; i < labels.size(); i++) {
        int label = labels.classes()[i];
        if (label < 0 || label >= names) {
          throw new DataException(
              ("InMemoryImages: %s image %d has label %d, but there are %d classes from 0;"
                      + " name every class")
                  .formatted(part, i, label, names));
        }
      }
    } else if (targets instanceof Targets.Rows rows) {
      if (rows.columns() != names) {
        throw new DataException(
            "InMemoryImages: %s images have %d targets each, but there are %d names; name each"
                .formatted(part, rows.columns(), names));
      }
      for (int i = 0; i < rows.values().length; i++) {
        float value = rows.values()[i];
        boolean fits =
            rows.task() == Task.REGRESSION ? Float.isFinite(value) : value == 0 || value == 1;
        if (!fits) {
          throw new DataException(
              "InMemoryImages: %s image %d has the target %s, which is not %s"
                  .formatted(
                      part,
                      i / names,
                      value,
                      rows.task() == Task.REGRESSION ? "a finite number" : "0 or 1"));
        }
      }
    }
  }
}
