package dev.leaven.runtime.data.catalogue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Published data sets, downloaded when they are loaded for the first time.
 *
 * <pre>{@code
 * Run run = resize(128).train(Datasets.imagenette());
 * }</pre>
 *
 * <p>Each is kept in the folder {@code datasets} of {@code LEAVEN_HOME}; without this variable of
 * the environment, of {@code leaven} in {@code XDG_CACHE_HOME}, which usually is {@code ~/.cache}.
 * {@code LEAVEN_MIRROR} is the address of a server to download from instead of the original ones.
 */
public final class Datasets {

  private Datasets() {}

  /**
   * Imagenette at 160 pixels: ten easy classes of ImageNet, 9,469 photographs to train on and 3,925
   * to validate on.
   *
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages imagenette() {
    return imagenette(ImagenetteSize.PX160);
  }

  /**
   * Imagenette: ten easy classes of ImageNet.
   *
   * @param size of the photographs
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages imagenette(ImagenetteSize size) {
    return new CatalogueImages("imagenette-" + suffix(size));
  }

  /**
   * Imagewoof at 160 pixels: ten breeds of dogs from ImageNet, which are hard to tell apart.
   *
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages imagewoof() {
    return imagewoof(ImagenetteSize.PX160);
  }

  /**
   * Imagewoof: ten breeds of dogs from ImageNet, which are hard to tell apart.
   *
   * @param size of the photographs
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages imagewoof(ImagenetteSize size) {
    return new CatalogueImages("imagewoof-" + suffix(size));
  }

  /**
   * CIFAR-10: 50,000 and 10,000 colour images of 32×32 pixels in ten classes.
   *
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages cifar10() {
    return new CatalogueImages("cifar10");
  }

  /**
   * CIFAR-100: 50,000 and 10,000 colour images of 32×32 pixels in a hundred classes.
   *
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages cifar100() {
    return new CatalogueImages("cifar100");
  }

  /**
   * MNIST: 60,000 and 10,000 grey handwritten digits of 28×28 pixels.
   *
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages mnist() {
    return new CatalogueImages("mnist");
  }

  /**
   * Fashion-MNIST: 60,000 and 10,000 grey pictures of clothes of 28×28 pixels in ten classes.
   *
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages fashionMnist() {
    return new CatalogueImages("fashion-mnist");
  }

  /**
   * The Oxford-IIIT pets: 3,680 and 3,669 photographs of cats and dogs of 37 breeds.
   *
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages oxfordPets() {
    return new CatalogueImages("oxford-pets");
  }

  /**
   * Oxford's 102 flowers: 1,020 photographs to train on and 1,020 to validate on, ten of each class
   * in both. The 6,149 test images are downloaded with them; {@link
   * dev.leaven.runtime.data.FlowersFolder#onTest} validates on these.
   *
   * @return the data set, downloaded when it is loaded
   */
  public static CatalogueImages flowers102() {
    return new CatalogueImages("flowers102");
  }

  /**
   * All that there are.
   *
   * @return in a fixed order
   */
  public static List<CatalogueEntry> all() {
    return Catalogue.ENTRIES;
  }

  /**
   * What is known about one of them.
   *
   * @param name as in {@link CatalogueEntry#name}
   * @return what is known of it
   * @throws IllegalArgumentException when there is none of this name
   */
  public static CatalogueEntry entry(String name) {
    return all().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no data set '%s'; there are %s"
                        .formatted(
                            name,
                            all().stream()
                                .map(CatalogueEntry::name)
                                .collect(Collectors.joining(", ")))));
  }

  private static String suffix(ImagenetteSize size) {
    return size.name().toLowerCase(Locale.ROOT).replace("px", "");
  }
}
