package dev.leaven.runtime.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A folder with a folder of image files for each class.
 *
 * @param root the folder
 * @param names the names of the class folders, sorted
 * @param images the files of each class, in the order of their sorted names
 */
record ClassFolders(Path root, List<String> names, List<List<Path>> images) {

  /**
   * Lists a folder. Only the names of files are looked at. Names that begin with a dot are left
   * out, as is the {@code __MACOSX} that unpacking a Mac's archive leaves behind.
   *
   * @param root an absolute path
   * @return at least one class, some perhaps without images
   * @throws DataException when there is no such folder, or no folder in it
   */
  static ClassFolders list(Path root) {
    if (!Files.exists(root)) {
      throw new DataException("%s: there is no such folder; check the path".formatted(root));
    }
    if (!Files.isDirectory(root)) {
      throw new DataException(
          "%s: this is a file; name the folder that holds a folder of images for each class"
              .formatted(root));
    }
    List<String> entries = sortedNames(root);
    List<String> names =
        entries.stream().filter(name -> Files.isDirectory(root.resolve(name))).toList();
    if (names.isEmpty()) {
      long direct = entries.stream().filter(FileCheck::isImageName).count();
      throw new DataException(
          entries.isEmpty()
              ? "%s: the folder is empty; make a folder of images in it for each class"
                  .formatted(root)
              : direct == 0
                  ? "%s: there are no class folders; make a folder of images in it for each class"
                      .formatted(root)
                  : ("%s: %d images lie directly in the folder; move those of each class"
                          + " into a folder of its own, named like the class")
                      .formatted(root, direct));
    }
    // In parallel, because a network drive answers slowly but many questions at once.
    List<List<Path>> images = names.parallelStream().map(name -> images(root, name)).toList();
    return new ClassFolders(root, names, images);
  }

  /**
   * All files in the order of the classes.
   *
   * @param classes the class names in the order of their numbers
   * @throws DataException when this folder has a class that is not among {@code classes}
   */
  Samples.Files files(ClassFolders classes) {
    List<Path> paths = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int label = classes.names.indexOf(names.get(i));
      if (label < 0) {
        throw new DataException(
            "%s: class '%s' is not in %s; add it there or delete this folder"
                .formatted(root, names.get(i), classes.root));
      }
      paths.addAll(images.get(i));
      labels.addAll(Collections.nCopies(images.get(i).size(), label));
    }
    return new Samples.Files(paths, labels.stream().mapToInt(Integer::intValue).toArray());
  }

  private static List<Path> images(Path root, String name) {
    List<Path> images = new ArrayList<>();
    try {
      Path folder = root.resolve(name);
      Set<Path> followed = new HashSet<>(Set.of(folder.toRealPath()));
      collect(folder, followed, images);
    } catch (IOException e) {
      throw DataException.unreadable(root.resolve(name), e);
    }
    return images;
  }

  private static void collect(Path folder, Set<Path> followed, List<Path> images)
      throws IOException {
    for (String name : sortedNames(folder)) {
      Path entry = folder.resolve(name);
      // The name is asked first: a look at the file itself takes ten times as long as its name.
      if (FileCheck.isImageName(name)) {
        images.add(entry);
      } else if (Files.isDirectory(entry) && !isLoop(folder, entry, followed)) {
        collect(entry, followed, images);
      }
    }
  }

  // A link back to a folder above, or to one already seen, would never end.
  private static boolean isLoop(Path folder, Path entry, Set<Path> followed) throws IOException {
    if (!Files.isSymbolicLink(entry)) {
      return false;
    }
    Path target = entry.toRealPath();
    return folder.toRealPath().startsWith(target) || !followed.add(target);
  }

  private static List<String> sortedNames(Path folder) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && !name.equals("__MACOSX")) {
          names.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw DataException.unreadable(folder, e.getCause());
    } catch (IOException e) {
      throw DataException.unreadable(folder, e);
    }
    names.sort(null);
    return names;
  }
}
