package dev.leaven.runtime.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Image files in one folder for each class, the layout of most published data sets.
 *
 * <pre>
 * imagenette/train/tench/1.jpg      or      pets/cat/1.jpg
 * imagenette/val/tench/2.jpg                pets/dog/2.png
 * </pre>
 *
 * <p>With a {@code train} folder and one named {@code val}, {@code valid}, {@code validation} or
 * {@code test} (the first of these), the split is the data set's own; {@code train} defines the
 * classes. Otherwise a {@link Split} divides the images. By default a seeded random fraction of
 * every class is for validation, at least one image of each class that has two.
 *
 * <p>Classes are numbered in the alphabetical order of their folders. A file {@code labels.csv} in
 * the folder may give them readable names, a {@code folder,name} on each line. Within a class
 * folder images are found at any depth, by their name: jpg, jpeg, png, gif or bmp in any case of
 * letters; other and hidden files are ignored. Then the first bytes of each are checked, or of
 * 20,000 where a part has more than 100,000: up to 1 % of files that are not images are skipped and
 * reported in {@link ImageData#skipped}; more are an error.
 *
 * @param path the folder, made absolute
 * @param split divides the images where the folder has no split of its own; default 20 % of each
 *     class for validation
 */
public record ImageFolder(Path path, Split split) implements DataSource {

  private static final List<String> VALID_FOLDERS = List.of("val", "valid", "validation", "test");

  /**
   * Checks the parameters, not yet the folder.
   *
   * @throws IllegalArgumentException when there is no path or no split
   */
  public ImageFolder {
    if (path == null) { // may be missing in JSON
      throw new IllegalArgumentException("ImageFolder: path is missing");
    }
    if (split == null) {
      throw new IllegalArgumentException("ImageFolder: split is missing");
    }
    path = path.toAbsolutePath().normalize();
  }

  // Before other splits existed, only the fraction was written.
  @JsonCreator
  private static ImageFolder read(
      @JsonProperty("path") Path path,
      @JsonProperty("split") @Nullable Split split,
      @JsonProperty("validFraction") @Nullable Double validFraction) {
    return new ImageFolder(
        path, split == null && validFraction != null ? new FractionSplit(validFraction) : split);
  }

  /**
   * A folder of images; 20 % of every class for validation where it has no split itself.
   *
   * @param path the folder
   * @return the folder as a data source
   */
  public static ImageFolder of(Path path) {
    return new ImageFolder(path, FractionSplit.USUAL);
  }

  /**
   * A folder of images; 20 % of every class for validation where it has no split itself.
   *
   * @param path the folder
   * @return the folder as a data source
   */
  public static ImageFolder of(String path) {
    return of(Path.of(path));
  }

  /**
   * The same folder with another fraction for validation.
   *
   * @param validFraction above 0 and below 1; of no effect where the folder has its own split
   * @return a new value
   * @throws IllegalArgumentException when the fraction is outside its range
   */
  public ImageFolder validFraction(double validFraction) {
    return split(
        new FractionSplit(FractionSplit.check("ImageFolder", "validFraction", validFraction)));
  }

  /**
   * The same folder divided in another way.
   *
   * @param split for instance {@code new KFold(5, 0)}; a folder with its own split accepts only a
   *     fraction of each class, which has no effect there
   * @return a new value
   */
  public ImageFolder split(Split split) {
    return new ImageFolder(path, split);
  }

  @Override
  public Optional<Path> root() {
    return Optional.of(path);
  }

  /**
   * Lists the files, checks that they are images and splits them. About 1 s for 100,000 files that
   * have been read before, and 2 s for a million.
   *
   * @throws DataException when the folder does not exist, is empty, or does not have a folder for
   *     each class; when there is one class only, a class has no images, a validation class is not
   *     among the training classes, no image is left for validation, or more than 1 % of the files
   *     are not images
   */
  @Override
  public ImageData load(long seed) {
    Optional<Path> own = ownValidation(path);
    if (own.isPresent() && !(split instanceof FractionSplit)) {
      throw new DataException(
          ("%s: the folder has a split of its own, %s, so it cannot be divided by %s;"
                  + " leave the split out, or point ImageFolder at %s to divide that")
              .formatted(
                  path,
                  own.get().getFileName(),
                  split.getClass().getSimpleName(),
                  path.resolve("train")));
    }
    ClassFolders classes = ClassFolders.list(own.isPresent() ? path.resolve("train") : path);
    if (classes.names().size() < 2) {
      throw oneClass(classes);
    }
    Samples.Files train = classes.files(classes);
    refuseEmptyClasses(classes, train);

    Map<String, String> skipped = new LinkedHashMap<>();
    if (own.isEmpty()) {
      Samples.Files all = FileCheck.images(path, train, skipped);
      FileCheck.refuseMany(path, skipped, FileCheck.looks(train.size()));
      refuseEmptyClasses(classes, all);
      Listing images = new Listing(path, all, names(classes), Optional.empty());
      return TrainValidSplit.of(this, images, split, seed, skipped);
    }
    Samples.Files valid = ClassFolders.list(own.get()).files(classes);
    Samples.Files trainImages = FileCheck.images(path, train, skipped);
    Samples.Files validImages = FileCheck.images(path, valid, skipped);
    FileCheck.refuseMany(
        path, skipped, FileCheck.looks(train.size()) + FileCheck.looks(valid.size()));
    refuseEmptyClasses(classes, trainImages);
    if (validImages.size() == 0) {
      throw new DataException(
          ("%s: no image is left for validation; put images into %s,"
                  + " or point ImageFolder at %s to split it")
              .formatted(path, own.get(), classes.root()));
    }
    return new ImageData(this, names(classes), 3, trainImages, validImages, skipped);
  }

  @Override
  public String describe() {
    String description = split.describe();
    // A folder with its own split rejects other splits.
    return "ImageFolder: %s, %s%s"
        .formatted(
            path,
            split instanceof FractionSplit ? "with its own split, or else " : "",
            description.substring(description.indexOf(": ") + 1).strip());
  }

  /** The validation part of a folder that has a training part too. */
  static Optional<Path> ownValidation(Path path) {
    return Files.isDirectory(path.resolve("train"))
        ? VALID_FOLDERS.stream().map(path::resolve).filter(Files::isDirectory).findFirst()
        : Optional.empty();
  }

  private List<String> names(ClassFolders classes) {
    return ClassNames.ofFolders(path.resolve("labels.csv"), classes.names());
  }

  private static DataException oneClass(ClassFolders classes) {
    String only = classes.names().get(0);
    // The usual reason is a path that is one folder too high.
    String advice =
        only.equals("train") || VALID_FOLDERS.contains(only)
            ? "point ImageFolder at %s to split it".formatted(classes.root().resolve(only))
            : "make a folder of images for each class";
    return new DataException(
        "%s: there is only one class folder, '%s', but a classifier needs at least 2; %s"
            .formatted(classes.root(), only, advice));
  }

  private static void refuseEmptyClasses(ClassFolders classes, Samples.Files files) {
    boolean[] found = new boolean[classes.names().size()];
    for (int label : files.labels()) {
      found[label] = true;
    }
    for (int k = 0; k < found.length; k++) {
      if (!found[k]) {
        throw new DataException(
            ("%s: class '%s' has no images (jpg, jpeg, png, gif or bmp);"
                    + " add some or delete its folder")
                .formatted(classes.root(), classes.names().get(k)));
      }
    }
  }
}
