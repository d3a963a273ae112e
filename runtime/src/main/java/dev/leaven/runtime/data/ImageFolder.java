package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Image files in a folder for each class, the layout of most published data sets.
 *
 * <pre>
 * imagenette/train/tench/1.jpg      or      pets/cat/1.jpg
 * imagenette/val/tench/2.jpg                pets/dog/2.png
 * </pre>
 *
 * <p>With a {@code train} folder and one named {@code val}, {@code valid}, {@code validation} or
 * {@code test} (the first of these), the split is the data set's own; {@code train} says which
 * classes there are. Otherwise a seeded share of every class is for validation, at least one image
 * of each class that has two.
 *
 * <p>Classes are numbered in the alphabetical order of their folders. A file {@code labels.csv} in
 * the folder may name them for people, a {@code folder,name} on each line. Within a class folder
 * images are found at any depth, by their name: jpg, jpeg, png, gif or bmp in any case of letters;
 * other and hidden files are ignored. Then the first bytes of each are checked: up to 1 % of files
 * that are no images are skipped and reported in {@link ImageData#skipped}; more are an error.
 *
 * @param path the folder, made absolute
 * @param validFraction the share of each class for validation, above 0 and below 1, where the
 *     folder has no split of its own; default 0.2
 */
public record ImageFolder(Path path, double validFraction) implements DataSource {

  private static final double DEFAULT_VALID_FRACTION = 0.2;

  private static final List<String> VALID_FOLDERS = List.of("val", "valid", "validation", "test");

  /**
   * Checks the parameters, not yet the folder.
   *
   * @throws IllegalArgumentException when there is no path or the share is outside its range
   */
  public ImageFolder {
    if (path == null) { // a JSON text may lack it
      throw new IllegalArgumentException("ImageFolder: path is missing");
    }
    if (!(validFraction > 0 && validFraction < 1)) {
      throw new IllegalArgumentException(
          "ImageFolder: validFraction must be above 0 and below 1, but is %s"
              .formatted(Check.number(validFraction)));
    }
    path = path.toAbsolutePath().normalize();
  }

  /**
   * A folder of images; 20 % of every class for validation where it has no split of its own.
   *
   * @param path the folder
   */
  public static ImageFolder of(Path path) {
    return new ImageFolder(path, DEFAULT_VALID_FRACTION);
  }

  /**
   * A folder of images; 20 % of every class for validation where it has no split of its own.
   *
   * @param path the folder
   */
  public static ImageFolder of(String path) {
    return of(Path.of(path));
  }

  /**
   * The same folder with another share for validation.
   *
   * @param validFraction above 0 and below 1; of no effect where the folder has its own split
   * @return a new value
   * @throws IllegalArgumentException when the share is outside its range
   */
  public ImageFolder validFraction(double validFraction) {
    return new ImageFolder(path, validFraction);
  }

  /**
   * Lists the files, checks that they are images and splits them. About 1 s for 10,000 files.
   *
   * @throws DataException when the folder does not exist, is empty, or lies in another way than a
   *     folder per class; when there is one class only, a class has no images, a validation class
   *     is not among the training classes, no image is left for validation, or more than 1 % of the
   *     files are not images
   */
  @Override
  public ImageData load(long seed) {
    Optional<Path> own = ownValidation();
    ClassFolders classes = ClassFolders.list(own.isPresent() ? path.resolve("train") : path);
    if (classes.names().size() < 2) {
      throw oneClass(classes);
    }
    Samples.Files train = classes.files(classes);
    refuseEmptyClasses(classes, train);

    Map<String, String> skipped = new LinkedHashMap<>();
    if (own.isEmpty()) {
      Samples.Files all = FileCheck.images(path, train, skipped);
      FileCheck.refuseMany(path, skipped, train.size());
      refuseEmptyClasses(classes, all);
      StratifiedSplit split = StratifiedSplit.of(all.labels(), validFraction, seed);
      return data(classes, all.pick(split.train()), all.pick(split.valid()), skipped);
    }
    Samples.Files valid = ClassFolders.list(own.get()).files(classes);
    Samples.Files trainImages = FileCheck.images(path, train, skipped);
    Samples.Files validImages = FileCheck.images(path, valid, skipped);
    FileCheck.refuseMany(path, skipped, train.size() + valid.size());
    refuseEmptyClasses(classes, trainImages);
    return data(classes, trainImages, validImages, skipped);
  }

  @Override
  public String describe() {
    return "ImageFolder: %s, where it has no split of its own %s of each class for validation"
        .formatted(path, Check.number(validFraction));
  }

  private Optional<Path> ownValidation() {
    return Files.isDirectory(path.resolve("train"))
        ? VALID_FOLDERS.stream().map(path::resolve).filter(Files::isDirectory).findFirst()
        : Optional.empty();
  }

  private ImageData data(
      ClassFolders classes, Samples.Files train, Samples.Files valid, Map<String, String> skipped) {
    if (valid.size() == 0) {
      throw new DataException(
          "%s: no image is left for validation%s"
              .formatted(
                  path,
                  ownValidation().isPresent()
                      ? "; put images into %s, or point ImageFolder at %s to split it"
                          .formatted(ownValidation().get(), classes.root())
                      : ", because every class has only one; add images to the classes"));
    }
    List<String> names = ClassNames.ofFolders(path.resolve("labels.csv"), classes.names());
    return new ImageData(this, names, 3, train, valid, skipped);
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
