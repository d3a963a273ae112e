package dev.leaven.runtime.data.catalogue;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A published data set, downloaded when it is first loaded and read from the disk ever after.
 *
 * <p>Its JSON form is its name alone, so that a run on it can be resumed on any machine.
 *
 * @param name as {@link Datasets} knows it
 */
public record CatalogueImages(String name) implements DataSource {

  /**
   * Looks the name up; nothing is downloaded yet.
   *
   * @throws IllegalArgumentException when there is no name or no data set of this name
   */
  public CatalogueImages {
    if (name == null) { // a JSON text may lack it
      throw new IllegalArgumentException("CatalogueImages: name is missing");
    }
    Datasets.entry(name);
  }

  /**
   * What is known about the data set.
   *
   * @return where it is from, its files, its licence
   */
  public CatalogueEntry entry() {
    return Datasets.entry(name);
  }

  /**
   * Downloads and unpacks the data set, unless it is there already.
   *
   * @param listener hears how far it is
   * @return its folder
   * @throws DownloadException when it cannot be downloaded or written
   */
  public Path fetch(DownloadListener listener) {
    return DatasetStore.ofProcess().fetch(entry(), listener);
  }

  /** Where it is or will be: damaged files are named within it. */
  @Override
  public Optional<Path> root() {
    return Optional.of(DatasetStore.ofProcess().folder(entry()));
  }

  /**
   * Downloads the data set unless it is there, and looks at its files.
   *
   * @param seed of no effect, since the data set has a split of its own
   * @throws DownloadException when it cannot be downloaded or written
   */
  @Override
  public ImageData load(long seed) {
    ImageData data = entry().layout().at(fetch(DownloadListener.SILENT)).load(seed);
    return new ImageData(
        this, data.classNames(), data.channels(), data.train(), data.valid(), data.skipped());
  }

  @Override
  public String describe() {
    return "CatalogueImages: %s, %s".formatted(name, entry().summary());
  }
}
