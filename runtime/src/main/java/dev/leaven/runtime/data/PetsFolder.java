package dev.leaven.runtime.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The Oxford-IIIT pets as they are published: photographs in {@code images}, whose names contain
 * the breed, and the official split in {@code annotations/trainval.txt} and {@code test.txt}.
 *
 * <p>The breed is the part before the last underscore: {@code great_pyrenees_12.jpg}. Breeds are
 * numbered alphabetically and case-insensitively, as in the lists. Test images are for validation.
 * Files that are not images are skipped and reported, up to 1 %.
 *
 * @param path the folder that holds both, made absolute
 */
public record PetsFolder(Path path) implements DataSource {

  /**
   * Makes the path absolute; the folder is not read yet.
   *
   * @throws IllegalArgumentException when there is no path
   */
  public PetsFolder {
    if (path == null) { // may be missing in JSON
      throw new IllegalArgumentException("PetsFolder: path is missing");
    }
    path = path.toAbsolutePath().normalize();
  }

  /**
   * A folder that holds {@code images} and {@code annotations}.
   *
   * @param path the folder
   * @return the folder as a data source
   */
  public static PetsFolder of(Path path) {
    return new PetsFolder(path);
  }

  @Override
  public Optional<Path> root() {
    return Optional.of(path);
  }

  /**
   * Reads both lists and checks the first bytes of every image.
   *
   * @param seed without effect, since the images are split already
   * @throws DataException when a list is missing, names a file in another form or a breed that is
   *     not in the training list, or when more than 1 % of the files are not images
   */
  @Override
  public ImageData load(long seed) {
    List<String> train = images("trainval.txt");
    List<String> valid = images("test.txt");
    TreeSet<String> breeds = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    train.forEach(image -> breeds.add(breed(image)));
    List<String> names = List.copyOf(breeds);
    Map<String, String> skipped = new LinkedHashMap<>();
    Samples.Files trainFiles = FileCheck.images(path, files(train, names), skipped);
    Samples.Files validFiles = FileCheck.images(path, files(valid, names), skipped);
    FileCheck.refuseMany(
        path, skipped, FileCheck.looks(train.size()) + FileCheck.looks(valid.size()));
    return new ImageData(this, names, 3, trainFiles, validFiles, skipped);
  }

  @Override
  public String describe() {
    return "PetsFolder: %s".formatted(path);
  }

  private List<String> images(String list) {
    Path file = path.resolve("annotations").resolve(list);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "%s: there is no such list; unpack images.tar.gz and annotations.tar.gz of the Oxford pets into %s"
              .formatted(file, path));
    }
    List<String> images = new ArrayList<>();
    for (String line : ClassNames.lines(file)) {
      if (!line.startsWith("#")) {
        String image = line.split("\\s+", 2)[0];
        // A list from another source could name any file on the disk.
        if (!image.matches("\\w+_\\d+")) {
          throw new DataException(
              "%s: '%s' is no breed, underscore and number; download the list again"
                  .formatted(file, image));
        }
        images.add(image);
      }
    }
    return images;
  }

  private Samples.Files files(List<String> images, List<String> names) {
    int[] labels = new int[images.size()];
    List<Path> paths = new ArrayList<>(labels.length);
    for (int i = 0; i < labels.length; i++) {
      String image = images.get(i);
      labels[i] = names.indexOf(breed(image));
      if (labels[i] < 0) {
        throw new DataException(
            "%s: the breed of '%s' is not in trainval.txt; download both lists again"
                .formatted(path.resolve("annotations").resolve("test.txt"), image));
      }
      paths.add(path.resolve("images").resolve(image + ".jpg"));
    }
    return new Samples.Files(paths, labels);
  }

  private static String breed(String image) {
    return image.substring(0, image.lastIndexOf('_'));
  }
}
