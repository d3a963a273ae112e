package dev.leaven.runtime.data.catalogue;

import dev.leaven.runtime.data.CifarFolder;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.FlowersFolder;
import dev.leaven.runtime.data.IdxFolder;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.data.PetsFolder;
import java.nio.file.Path;
import java.util.function.Function;

/** How the files of a data set lie in its folder. */
public enum Layout {
  /** A folder of images for each class, in {@code train} and {@code val}. */
  IMAGE_FOLDER(ImageFolder::of),
  /** The four files of MNIST and its like. */
  IDX(IdxFolder::of),
  /** The binary files of CIFAR-10 or CIFAR-100. */
  CIFAR(CifarFolder::of),
  /** Photographs whose names say the breed, and lists that say the split. */
  PETS(PetsFolder::of),
  /** Numbered photographs, and MATLAB files that say the classes and the split. */
  FLOWERS(FlowersFolder::of);

  private final Function<Path, DataSource> source;

  Layout(Function<Path, DataSource> source) {
    this.source = source;
  }

  /**
   * The source that reads this layout.
   *
   * @param folder where the data set lies
   * @return the data source
   */
  public DataSource at(Path folder) {
    return source.apply(folder);
  }
}
