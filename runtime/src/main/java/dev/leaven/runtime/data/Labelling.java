package dev.leaven.runtime.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** Loads the images of a folder, each labelled by its path. */
final class Labelling {

  private Labelling() {}

  /**
   * Lists, labels, checks and divides the images of a folder.
   *
   * @param source what is being loaded
   * @param root an absolute path
   * @param label the class of a file
   * @param split which are for validation
   * @param seed the run's seed
   * @throws DataException when there is no such folder, no image in it, or one class only
   */
  static ImageData load(
      DataSource source, Path root, Function<Path, String> label, Split split, long seed) {
    if (!Files.isDirectory(root)) {
      throw new DataException(
          Files.exists(root)
              ? "%s: this is a file; name the folder that holds the images".formatted(root)
              : "%s: there is no such folder; check the path".formatted(root));
    }
    PathList paths = ClassFolders.images(root, "").build(root);
    if (paths.isEmpty()) {
      throw new DataException(
          "%s: there are no images (jpg, jpeg, png, gif or bmp); check the path".formatted(root));
    }
    Map<String, String> skipped = new LinkedHashMap<>();
    int[] good = FileCheck.good(root, paths, skipped);
    FileCheck.refuseMany(root, skipped, FileCheck.looks(paths.size()));
    PathList images = paths.pick(good);

    // One text for each class, not one for each file.
    Map<String, String> known = new HashMap<>();
    String[] of = new String[images.size()];
    for (int i = 0; i < of.length; i++) {
      of[i] = known.computeIfAbsent(label.apply(images.get(i)), name -> name);
    }
    List<String> names = List.copyOf(new TreeSet<>(known.keySet()));
    if (names.size() < 2) {
      throw new DataException(
          "%s: every image is of class '%s', but a classifier needs at least 2 classes"
              .formatted(root, names.get(0)));
    }
    Map<String, Integer> numbers = new HashMap<>();
    for (String name : names) {
      numbers.put(name, numbers.size());
    }
    int[] labels = Arrays.stream(of).mapToInt(numbers::get).toArray();
    Samples.Files files = new Samples.Files(images, labels);
    return TrainValidSplit.of(
        source, new Listing(root, files, names, Optional.empty()), split, seed, skipped);
  }
}
