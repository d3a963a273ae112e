package dev.leaven.runtime.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Image files and labels listed in a table: a UTF-8 text file with a header, a row for each image,
 * and values separated by commas, semicolons or tabs.
 *
 * <pre>
 * filename,label,patient          image_name,tags
 * a/1.jpg,benign,17               train_0,haze primary
 * a/2.jpg,malignant,18            train_1,agriculture clear primary water
 * </pre>
 *
 * <p>{@link #label} names the column with the class of each image, {@link #labels} a column with
 * several classes, {@link #oneHot} a column of 0 and 1 for each class, {@link #numbers} the columns
 * with numbers to estimate. A single column named label, class, category or target is found by
 * itself, and so is a file column named filename, file_name, fname, file, filepath, path, image,
 * image_name or image_path. Classes are numbered in the alphabetical order of their names, or by
 * their value where all are whole numbers.
 *
 * <p>A column named split or is_valid, or the one that {@link #splitBy} names, assigns each image
 * to a part: train or training; valid, val, validation or dev; test; or true or 1 for validation
 * and false or 0 for training. Rows marked test are for validation if no other rows are; otherwise
 * they are left out. Without such a column a {@link Split} divides the images; where {@link
 * #groupBy} names a column, all images of a group stay in one part.
 *
 * <p>A row that repeats another is left out and reported. A row that contradicts another about the
 * same image is an error, and so is a file that does not exist. Files that are not images are
 * skipped and reported, up to 1 %.
 *
 * @param file the table, made absolute
 * @param folder the folder that the paths in the table are relative to, made absolute; no path may
 *     lead out of it
 * @param image the column with the paths; empty to find it by its name
 * @param suffix what to append to each path, for instance {@code .jpg}
 * @param target the columns with labels or numbers
 * @param splitColumn the column that marks the images for validation; empty to find it by its name
 * @param groupColumn the column with each image's group, if any
 * @param split divides the images; if one is given, no split column is looked for; empty for 20 %
 */
public record CsvImages(
    Path file,
    Path folder,
    Optional<String> image,
    String suffix,
    CsvTarget target,
    Optional<String> splitColumn,
    Optional<String> groupColumn,
    Optional<Split> split)
    implements DataSource {

  private static final List<String> USUAL_PATHS =
      List.of(
          "filename",
          "file_name",
          "fname",
          "file",
          "filepath",
          "path",
          "image",
          "image_name",
          "image_path");

  private static final List<String> USUAL_SPLITS = List.of("is_valid", "split");

  /**
   * Checks the parameters, not yet the table.
   *
   * @throws IllegalArgumentException when there is no file, when both a column and a split are
   *     given to divide the images, or when a split does not keep groups together
   */
  public CsvImages {
    if (file == null) { // may be missing in JSON
      throw new IllegalArgumentException("CsvImages: file is missing");
    }
    suffix = suffix == null ? "" : suffix;
    target = target == null ? CsvTarget.INFERRED : target;
    if (splitColumn.isPresent() && split.isPresent()) {
      throw new IllegalArgumentException(
          "CsvImages: column '%s' and %s both divide the images; choose one"
              .formatted(splitColumn.get(), split.get().getClass().getSimpleName()));
    }
    if (groupColumn.isPresent() && split.orElse(null) instanceof FractionSplit) {
      throw new IllegalArgumentException(
          "CsvImages: FractionSplit does not keep the groups of column '%s' together; choose GroupSplit or KFold"
              .formatted(groupColumn.get()));
    }
    file = file.toAbsolutePath().normalize();
    folder = file.resolveSibling(folder == null ? Path.of("") : folder).normalize();
  }

  /**
   * A table of images whose paths are relative to its own folder.
   *
   * @param file the table
   * @return the table as a data source
   */
  public static CsvImages of(Path file) {
    return new CsvImages(
        file,
        Path.of(""),
        Optional.empty(),
        "",
        CsvTarget.INFERRED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * A table of images whose paths are relative to its own folder.
   *
   * @param file the table
   * @return the table as a data source
   */
  public static CsvImages of(String file) {
    return of(Path.of(file));
  }

  /**
   * The same with the images in another folder.
   *
   * @param folder absolute, or relative to the folder of the table
   * @return a new value
   */
  public CsvImages folder(String folder) {
    return new CsvImages(
        file, Path.of(folder), image, suffix, target, splitColumn, groupColumn, split);
  }

  /**
   * The same with the paths in a certain column.
   *
   * @param column its name in the header
   * @return a new value
   */
  public CsvImages image(String column) {
    return new CsvImages(
        file, folder, Optional.of(column), suffix, target, splitColumn, groupColumn, split);
  }

  /**
   * The same with something appended to each path.
   *
   * @param suffix for instance {@code .jpg}
   * @return a new value
   */
  public CsvImages suffix(String suffix) {
    return new CsvImages(file, folder, image, suffix, target, splitColumn, groupColumn, split);
  }

  /**
   * The same with the class of each image in a certain column.
   *
   * @param column its name in the header
   * @return a new value
   */
  public CsvImages label(String column) {
    return target(new CsvTarget(CsvTarget.Kind.CLASS, List.of(column), ""));
  }

  /**
   * The same with any number of classes for each image in a certain column.
   *
   * @param column its name in the header; an image without a label has none of the classes
   * @param separator what stands between two labels: a space, {@code ;} or {@code |}
   * @return a new value
   */
  public CsvImages labels(String column, String separator) {
    return target(new CsvTarget(CsvTarget.Kind.CLASSES, List.of(column), separator));
  }

  /**
   * The same with a column for each class, which has 1 for the images of the class and 0 for the
   * others.
   *
   * @param columns their names in the header, which name the classes
   * @return a new value
   */
  public CsvImages oneHot(String... columns) {
    return target(new CsvTarget(CsvTarget.Kind.ONE_HOT, List.of(columns), ""));
  }

  /**
   * The same with numbers to be estimated.
   *
   * @param columns their names in the header
   * @return a new value
   */
  public CsvImages numbers(String... columns) {
    return target(new CsvTarget(CsvTarget.Kind.NUMBERS, List.of(columns), ""));
  }

  /**
   * The same with a column that marks the images for validation.
   *
   * @param column its name in the header
   * @return a new value
   */
  public CsvImages splitBy(String column) {
    return new CsvImages(
        file, folder, image, suffix, target, Optional.of(column), groupColumn, split);
  }

  /**
   * The same with images that belong together, of which all are for training or all for validation.
   *
   * @param column its name in the header: a patient, a burst, a video
   * @return a new value
   */
  public CsvImages groupBy(String column) {
    return new CsvImages(
        file, folder, image, suffix, target, splitColumn, Optional.of(column), split);
  }

  /**
   * The same divided in a certain way.
   *
   * @param split for instance {@code new KFold(5, 0)}
   * @return a new value
   */
  public CsvImages split(Split split) {
    return new CsvImages(
        file, folder, image, suffix, target, splitColumn, groupColumn, Optional.of(split));
  }

  @Override
  public Optional<Path> root() {
    return Optional.of(folder());
  }

  /**
   * Reads the table, finds its files, checks their first bytes and divides them.
   *
   * @throws DataException when the table cannot be read, lacks a column or a value, names a file
   *     that does not exist or lies elsewhere, contradicts itself, or has one class only
   */
  @Override
  public ImageData load(long seed) {
    CsvTable table = CsvTable.read(file);
    Map<String, String> skipped = new LinkedHashMap<>();
    CsvRows rows = CsvRows.of(this, table, skipped);
    int[] good = FileCheck.good(folder, rows.files(), skipped);
    FileCheck.refuseMany(
        folder, skipped, rows.files().size() - good.length, FileCheck.looks(rows.files().size()));
    CsvRows kept = rows.pick(good);
    CsvTarget.Read read = target.read(table, kept.rows());
    Samples.Files files = new Samples.Files(kept.files(), read.targets());
    Listing images = new Listing(folder, files, read.classNames(), kept.groups());
    if (read.targets() instanceof Targets.Labels && read.classNames().size() < 2) {
      throw new DataException(
          "%s: every image is of class '%s', but a classifier needs at least 2 classes"
              .formatted(file, read.classNames().get(0)));
    }
    if (kept.parts().isPresent()) {
      return divided(table, images, kept, skipped);
    }
    Split usual =
        groupColumn.isPresent()
            ? new GroupSplit(FractionSplit.USUAL.fraction())
            : FractionSplit.USUAL;
    return TrainValidSplit.of(this, images, split.orElse(usual), seed, skipped);
  }

  @Override
  public String describe() {
    return "CsvImages: %s, %s%s%s"
        .formatted(
            file,
            target.describe(),
            groupColumn.map(column -> ", grouped by " + column).orElse(""),
            splitColumn
                .map(column -> ", divided by column " + column)
                .or(() -> split.map(s -> ", divided by " + s.describe()))
                .orElse(""));
  }

  /** Where the paths are. */
  int imagePlace(CsvTable table) {
    if (image.isPresent()) {
      return table.column(image.get());
    }
    int[] found = USUAL_PATHS.stream().mapToInt(table::find).filter(i -> i >= 0).toArray();
    if (found.length != 1) {
      throw new DataException(
          "%s: %s; name it with image; the columns are %s"
              .formatted(
                  file,
                  found.length == 0
                      ? "no column is named filename, file_name, fname, file, filepath, path, image,"
                          + " image_name or image_path"
                      : "several columns could hold the paths of images",
                  table.columns()));
    }
    return found[0];
  }

  /** The column that marks the images for validation, or -1. */
  int splitPlace(CsvTable table) {
    if (splitColumn.isPresent()) {
      return table.column(splitColumn.get());
    }
    return split.isPresent()
        ? -1
        : USUAL_SPLITS.stream().mapToInt(table::find).filter(i -> i >= 0).findFirst().orElse(-1);
  }

  private CsvImages target(CsvTarget target) {
    return new CsvImages(file, folder, image, suffix, target, splitColumn, groupColumn, split);
  }

  private ImageData divided(
      CsvTable table, Listing images, CsvRows rows, Map<String, String> skipped) {
    List<CsvRows.Part> parts = rows.parts().orElseThrow();
    CsvRows.Part held = parts.contains(CsvRows.Part.VALID) ? CsvRows.Part.VALID : CsvRows.Part.TEST;
    int[] train = positions(parts, CsvRows.Part.TRAIN);
    int[] valid = positions(parts, held);
    if (train.length == 0 || valid.length == 0) {
      throw new DataException(
          "%s: column '%s' leaves no image for %s"
              .formatted(
                  file,
                  table.header().get(splitPlace(table)),
                  train.length == 0 ? "training" : "validation"));
    }
    Samples.Files trainFiles = images.files().pick(train);
    Samples.Files validFiles = images.files().pick(valid);
    int lacking = TrainValidSplit.lacking(trainFiles.targets(), validFiles.targets());
    if (lacking >= 0) {
      int first =
          Arrays.stream(valid)
              .filter(i -> TrainValidSplit.has(images.files().targets(), i, lacking))
              .findFirst()
              .orElseThrow();
      throw new DataException(
          "%s: class '%s' is for validation only; add training images of it or remove the line"
              .formatted(table.at(rows.rows().get(first)), images.classNames().get(lacking)));
    }
    rows.refuseStraddling(table, held);
    return new ImageData(this, images.classNames(), 3, trainFiles, validFiles, skipped);
  }

  private static int[] positions(List<CsvRows.Part> parts, CsvRows.Part part) {
    return IntStream.range(0, parts.size()).filter(i -> parts.get(i) == part).toArray();
  }
}
