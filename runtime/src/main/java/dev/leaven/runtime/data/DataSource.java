package dev.leaven.runtime.data;

import dev.leaven.runtime.Technique;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where labelled images come from, and how they are divided into a training and a validation part.
 *
 * <p>A source is a value that describes where the images are; nothing is read until {@link #load}.
 * Every checkpoint contains it, so that a run can be resumed from its directory alone.
 */
public interface DataSource extends Technique {

  /**
   * Looks at the files, checks them and splits them. Images are not decoded.
   *
   * @param seed decides a random split; the same seed gives the same split
   * @return what was found
   * @throws DataException when the source is missing, empty, damaged or of one class only
   */
  ImageData load(long seed);

  /**
   * The folder that contains its files, for messages that name a file.
   *
   * @return empty where there is none
   */
  default Optional<Path> root() {
    return Optional.empty();
  }

  /**
   * A random fraction of the training images of every class, with all validation images.
   *
   * @param fraction above 0 and at most 1
   * @return a new source
   * @throws IllegalArgumentException when the fraction is outside its range
   */
  default Subset subset(double fraction) {
    return new Subset(this, Optional.of(fraction), Optional.empty(), false);
  }

  /**
   * So many random training images of every class, with all validation images.
   *
   * @param perClass at least 1; classes that have fewer keep all
   * @return a new source
   * @throws IllegalArgumentException when the number is below 1
   */
  default Subset subsetOf(int perClass) {
    return new Subset(this, Optional.empty(), Optional.of(perClass), false);
  }
}
