package dev.leaven.runtime.data.catalogue;

import dev.leaven.runtime.data.CifarFolder;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.FlowersFolder;
import dev.leaven.runtime.data.IdxFolder;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.data.PetsFolder;
import java.nio.file.Path;

/** How the files of a data set lie in its folder. */
public enum Layout {
  /** A folder of images for each class, in {@code train} and {@code val}. */
  IMAGE_FOLDER {
    @Override
    public DataSource at(Path folder) {
      return ImageFolder.of(folder);
    }
  },
  /** The four files of MNIST and its like. */
  IDX {
    @Override
    public DataSource at(Path folder) {
      return IdxFolder.of(folder);
    }
  },
  /** The binary files of CIFAR-10 or CIFAR-100. */
  CIFAR {
    @Override
    public DataSource at(Path folder) {
      return CifarFolder.of(folder);
    }
  },
  /** Photographs whose names say the breed, and lists that say the split. */
  PETS {
    @Override
    public DataSource at(Path folder) {
      return PetsFolder.of(folder);
    }
  },
  /** Numbered photographs, and MATLAB files that say the classes and the split. */
  FLOWERS {
    @Override
    public DataSource at(Path folder) {
      return FlowersFolder.of(folder);
    }
  };

  /**
   * The source that reads this layout.
   *
   * @param folder where the data set lies
   */
  public abstract DataSource at(Path folder);
}
