package dev.leaven.runtime.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The 102 flowers of Oxford as they are published: photographs {@code jpg/image_00001.jpg} and
 * following, the class of each in {@code imagelabels.mat}, and the official split in {@code
 * setid.mat}.
 *
 * <p>The split has three parts: 1,020 images to train on, 10 of each class; as many for validation;
 * 6,149 for the test. These images train on the first part and validate on the second, so that the
 * test images stay unseen while a recipe is chosen. {@link #onTest} is for the final score: it
 * trains on both parts, 2,040 images, and validates on the test images, as most publications do.
 * Files that are not images are skipped and reported, up to 1 %.
 *
 * <p>M.-E. Nilsback, A. Zisserman: Automated Flower Classification over a Large Number of Classes,
 * 2008.
 *
 * @param path the folder that holds all three, made absolute
 * @param test whether to validate on the test images and train on all others
 */
public record FlowersFolder(Path path, boolean test) implements DataSource {

  private static final String LABELS = "imagelabels.mat";
  private static final String SPLIT = "setid.mat";

  /**
   * Makes the path absolute; the folder is not read yet.
   *
   * @throws IllegalArgumentException when there is no path
   */
  public FlowersFolder {
    if (path == null) { // may be missing in JSON
      throw new IllegalArgumentException("FlowersFolder: path is missing");
    }
    path = path.toAbsolutePath().normalize();
  }

  /**
   * A folder that holds {@code jpg}, {@code imagelabels.mat} and {@code setid.mat}.
   *
   * @param path the folder
   * @return the folder as a data source
   */
  public static FlowersFolder of(Path path) {
    return new FlowersFolder(path, false);
  }

  /**
   * A folder that holds {@code jpg}, {@code imagelabels.mat} and {@code setid.mat}.
   *
   * @param path the folder
   * @return the folder as a data source
   */
  public static FlowersFolder of(String path) {
    return of(Path.of(path));
  }

  /**
   * The test images for validation, and both other parts to train on.
   *
   * @return a new source
   */
  public FlowersFolder onTest() {
    return new FlowersFolder(path, true);
  }

  @Override
  public Optional<Path> root() {
    return Optional.of(path);
  }

  /**
   * Reads both files of MATLAB and checks the first bytes of every image.
   *
   * @param seed without effect, since the images are split already
   * @throws DataException when a file of MATLAB is missing, damaged or lacks a matrix, a label has
   *     no name, the split names an image twice or one without a label, or more than 1 % of the
   *     files are not images
   */
  @Override
  public ImageData load(long seed) {
    int[] labels = labels();
    Map<String, int[]> split = MatFile.read(find(SPLIT));
    BitSet seen = new BitSet();
    int[] first = ids(split, "trnid", labels.length, seen);
    int[] second = ids(split, "valid", labels.length, seen);
    Samples.Files train = files(first, labels);
    Samples.Files valid = files(second, labels);
    if (test) {
      train = files(IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray(), labels);
      valid = files(ids(split, "tstid", labels.length, seen), labels);
    }
    Map<String, String> skipped = new LinkedHashMap<>();
    Samples.Files trainFiles = FileCheck.images(path, train, skipped);
    Samples.Files validFiles = FileCheck.images(path, valid, skipped);
    FileCheck.refuseMany(
        path, skipped, FileCheck.looks(train.size()) + FileCheck.looks(valid.size()));
    return new ImageData(this, FlowerNames.ALL, 3, trainFiles, validFiles, skipped);
  }

  @Override
  public String describe() {
    return "FlowersFolder: %s%s".formatted(path, test ? ", the test images for validation" : "");
  }

  private int[] labels() {
    Path file = find(LABELS);
    int[] labels = matrix(file, MatFile.read(file), "labels");
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 1 || labels[i] > FlowerNames.ALL.size()) {
        throw new DataException(
            "%s: image %d has label %d, but there are %d classes from 1; download it again"
                .formatted(file, i + 1, labels[i], FlowerNames.ALL.size()));
      }
    }
    return labels;
  }

  private int[] ids(Map<String, int[]> split, String part, int images, BitSet seen) {
    Path file = path.resolve(SPLIT);
    int[] ids = matrix(file, split, part);
    for (int id : ids) {
      if (id < 1 || id > images) {
        throw new DataException(
            "%s: '%s' names image %d, but %s has labels for images 1 to %d; download both again"
                .formatted(file, part, id, LABELS, images));
      }
      // Else an image could be both trained on and validated on.
      if (seen.get(id)) {
        throw new DataException(
            "%s: '%s' names image %d, which is named before; download it again"
                .formatted(file, part, id));
      }
      seen.set(id);
    }
    return ids;
  }

  private static int[] matrix(Path file, Map<String, int[]> matrices, String name) {
    int[] matrix = matrices.get(name);
    if (matrix == null) {
      throw new DataException(
          "%s: has no matrix '%s'; put the file of the 102 flowers there".formatted(file, name));
    }
    return matrix;
  }

  private Samples.Files files(int[] ids, int[] labels) {
    List<Path> paths = new ArrayList<>(ids.length);
    int[] classes = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      paths.add(path.resolve("jpg").resolve(String.format(Locale.ROOT, "image_%05d.jpg", ids[i])));
      classes[i] = labels[ids[i] - 1] - 1;
    }
    return new Samples.Files(paths, classes);
  }

  private Path find(String name) {
    Path file = path.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "%s: there is no such file; put %s and %s of the 102 flowers of Oxford there, and unpack 102flowers.tgz into %s"
              .formatted(file, LABELS, SPLIT, path));
    }
    return file;
  }
}
