package dev.leaven.runtime.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Image files in a folder for each class, to be evaluated by a model that knows its classes
 * already.
 *
 * <p>With a {@code train} folder and one named {@code val}, {@code valid}, {@code validation} or
 * {@code test} (the first of these), the images are those of the latter; otherwise they are all in
 * the folder. Classes may be missing; a class that the model does not know is an error. The folders
 * have the names of the model's classes, or a file {@code labels.csv} in the folder gives each its
 * class, a {@code folder,name} on each line.
 *
 * @param path the folder, made absolute
 */
public record TestFolder(Path path) {

  private static final int MOST_NAMED = 10;

  /** Not checked yet. */
  public TestFolder {
    path = path.toAbsolutePath().normalize();
  }

  /**
   * What was found.
   *
   * @param folder where the class folders lie
   * @param validation whether it is the validation part of a folder that has a training part too
   * @param images numbered by the model's classes
   * @param skipped files left out, and the reason for each
   */
  public record Found(
      Path folder, boolean validation, Samples.Files images, Map<String, String> skipped) {}

  /**
   * Lists the files and checks that they are images.
   *
   * @param classNames the model's classes in the order of their numbers
   * @return at least one image
   * @throws DataException when the folder does not exist or has no images, a class is not among the
   *     model's, or more than 1 % of the files are not images
   */
  public Found load(List<String> classNames) {
    Optional<Path> own = ImageFolder.ownValidation(path);
    ClassFolders found = ClassFolders.list(own.orElse(path));
    List<String> named = ClassNames.ofFolders(path.resolve("labels.csv"), found.names());
    for (int k = 0; k < named.size(); k++) {
      if (!classNames.contains(named.get(k))) {
        throw new DataException(
            ("%s: the model has no class '%s', but %s; rename the folder to the class it shows,"
                    + " or delete it")
                .formatted(found.root(), named.get(k), listed(classNames)));
      }
    }
    ClassFolders numbered = new ClassFolders(found.root(), named, found.images());
    Samples.Files all = numbered.files(new ClassFolders(found.root(), classNames, List.of()));
    Map<String, String> skipped = new LinkedHashMap<>();
    Samples.Files images = FileCheck.images(path, all, skipped);
    FileCheck.refuseMany(path, skipped, FileCheck.looks(all.size()));
    if (images.size() == 0) {
      throw new DataException(
          "%s: there are no images (jpg, jpeg, png, gif or bmp) in its class folders; check the path"
              .formatted(found.root()));
    }
    return new Found(found.root(), own.isPresent(), images, skipped);
  }

  private static String listed(List<String> classNames) {
    int more = classNames.size() - MOST_NAMED;
    return String.join(", ", classNames.subList(0, Math.min(MOST_NAMED, classNames.size())))
        + (more > 0 ? " and %d more".formatted(more) : "");
  }
}
