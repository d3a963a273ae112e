package dev.leaven.runtime.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The 32×32 colour images of CIFAR-10 or CIFAR-100 in their binary files, held in memory: 184 MB.
 *
 * <p>CIFAR-10 is {@code data_batch_1.bin} to {@code data_batch_5.bin}, {@code test_batch.bin} and
 * the names of the classes in {@code batches.meta.txt}. CIFAR-100 is {@code train.bin}, {@code
 * test.bin} and {@code fine_label_names.txt}; its hundred fine labels are the classes. The test
 * images are for validation.
 *
 * @param path the folder, made absolute
 */
public record CifarFolder(Path path) implements DataSource {

  private static final List<String> TEN =
      IntStream.rangeClosed(1, 5).mapToObj("data_batch_%d.bin"::formatted).toList();

  /**
   * Makes the path absolute; the folder is not read yet.
   *
   * @throws IllegalArgumentException when there is no path
   */
  public CifarFolder {
    if (path == null) { // may be missing in JSON
      throw new IllegalArgumentException("CifarFolder: path is missing");
    }
    path = path.toAbsolutePath().normalize();
  }

  /**
   * A folder with the files of CIFAR-10 or of CIFAR-100.
   *
   * @param path the folder
   * @return the folder as a data source
   */
  public static CifarFolder of(Path path) {
    return new CifarFolder(path);
  }

  /**
   * A folder with the files of CIFAR-10 or of CIFAR-100.
   *
   * @param path the folder
   * @return the folder as a data source
   */
  public static CifarFolder of(String path) {
    return of(Path.of(path));
  }

  /**
   * Reads all images into memory.
   *
   * @param seed without effect, since the files are split already
   * @throws DataException when a file is missing or damaged, or a label has no class
   */
  @Override
  public ImageData load(long seed) {
    boolean hundred = Files.isRegularFile(path.resolve("train.bin"));
    List<Path> train = hundred ? List.of(find("train.bin")) : TEN.stream().map(this::find).toList();
    Path test = find(hundred ? "test.bin" : "test_batch.bin");
    List<String> names =
        ClassNames.lines(find(hundred ? "fine_label_names.txt" : "batches.meta.txt"));
    int labelBytes = hundred ? 2 : 1;
    return new ImageData(
        this,
        names,
        CifarFile.CHANNELS,
        CifarFile.read(train, labelBytes, names.size()),
        CifarFile.read(List.of(test), labelBytes, names.size()),
        Map.of());
  }

  @Override
  public String describe() {
    return "CifarFolder: %s".formatted(path);
  }

  private Path find(String name) {
    Path file = path.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "%s: there is no %s; put the binary files of CIFAR-10 or CIFAR-100 there"
              .formatted(path, name));
    }
    return file;
  }
}
