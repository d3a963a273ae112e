package dev.leaven.runtime.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Grey images in the four files of MNIST, Fashion-MNIST, KMNIST and similar sets, held in memory.
 *
 * <p>The folder holds {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code
 * t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or with {@code .gz}; the
 * {@code t10k} files are for validation. A file {@code classes.txt} next to them may name the
 * classes, one on each line from class 0; without it the classes are the ten digits {@code 0} to
 * {@code 9}.
 *
 * @param path the folder, made absolute
 */
public record IdxFolder(Path path) implements DataSource {

  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  /**
   * Makes the path absolute; the folder is not read yet.
   *
   * @throws IllegalArgumentException when there is no path
   */
  public IdxFolder {
    if (path == null) { // may be missing in JSON
      throw new IllegalArgumentException("IdxFolder: path is missing");
    }
    path = path.toAbsolutePath().normalize();
  }

  /**
   * A folder with the four files.
   *
   * @param path the folder
   * @return the folder as a data source
   */
  public static IdxFolder of(Path path) {
    return new IdxFolder(path);
  }

  /**
   * A folder with the four files.
   *
   * @param path the folder
   * @return the folder as a data source
   */
  public static IdxFolder of(String path) {
    return of(Path.of(path));
  }

  /**
   * Reads all images into memory.
   *
   * @param seed without effect, since the files are split already
   * @throws DataException when a file is missing, damaged or of another format, when images and
   *     labels differ in number, a label has no class, or there are fewer than two classes
   */
  @Override
  public ImageData load(long seed) {
    List<String> names = classNames();
    return new ImageData(this, names, 1, part("train", names), part("t10k", names), Map.of());
  }

  @Override
  public String describe() {
    return "IdxFolder: %s".formatted(path);
  }

  private List<String> classNames() {
    Path file = path.resolve("classes.txt");
    return Files.isRegularFile(file) ? ClassNames.lines(file) : DIGITS;
  }

  private Samples.Pixels part(String part, List<String> names) {
    Path imageFile = find(part + "-images-idx3-ubyte");
    Path labelFile = find(part + "-labels-idx1-ubyte");
    int[] labels = IdxFile.labels(labelFile);
    IdxFile.Images images = IdxFile.images(imageFile);
    if (images.count() != labels.length) {
      throw new DataException(
          "%s: %d images, but %d labels in %s; take both files from the same data set"
              .formatted(imageFile, images.count(), labels.length, labelFile.getFileName()));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= names.size()) {
        throw new DataException(
            ("%s: image %d has label %d, but there are %d classes from 0;"
                    + " name every class in %s, one a line")
                .formatted(labelFile, i, labels[i], names.size(), path.resolve("classes.txt")));
      }
    }
    return new Samples.Pixels(images.pixels(), images.height(), images.width(), 1, labels);
  }

  private Path find(String name) {
    return Stream.of(name, name + ".gz")
        .map(path::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    ("%s: there is no %s, plain or with .gz;"
                            + " put the four files of the data set there")
                        .formatted(path, name)));
  }
}
