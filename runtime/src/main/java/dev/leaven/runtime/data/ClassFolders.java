package dev.leaven.runtime.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A folder with a folder of image files for each class.
 *
 * @param root the folder
 * @param names the names of the class folders, sorted
 * @param images the files of each class, relative to the folder, in the order of their names
 */
record ClassFolders(Path root, List<String> names, List<PathList.Builder> images) {

  /**
   * Lists a folder. Only the names of files are read. Names that begin with a dot are left out, as
   * is the {@code __MACOSX} that unpacking a Mac's archive leaves behind.
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
    names.forEach(name -> refuseLoop(root, name));
    refuseAlike(root, names);
    // In parallel: each request to a network drive is slow, but it serves many requests at once.
    List<PathList.Builder> images = names.parallelStream().map(name -> images(root, name)).toList();
    return new ClassFolders(root, names, images);
  }

  /**
   * All files in the order of the classes.
   *
   * @param classes the class names in the order of their numbers
   * @throws DataException when this folder has a class that is not among {@code classes}
   */
  Samples.Files files(ClassFolders classes) {
    PathList.Builder paths = new PathList.Builder();
    int[] labels = new int[images.stream().mapToInt(PathList.Builder::size).sum()];
    for (int i = 0; i < names.size(); i++) {
      int label = classes.names.indexOf(names.get(i));
      if (label < 0) {
        throw new DataException(
            "%s: class '%s' is not in %s; add it there or delete this folder"
                .formatted(root, names.get(i), classes.root));
      }
      Arrays.fill(labels, paths.size(), paths.size() + images.get(i).size(), label);
      paths.addAll(images.get(i));
    }
    return new Samples.Files(paths.build(root), labels);
  }

  /**
   * The images of a folder and of the folders in it, at any depth.
   *
   * @param root an absolute path
   * @param name a folder in it, or empty for the folder itself
   * @return names relative to {@code root}, in their order
   * @throws DataException when a folder cannot be read
   */
  static PathList.Builder images(Path root, String name) {
    PathList.Builder images = new PathList.Builder();
    try {
      Path folder = root.resolve(name);
      Set<Path> followed = new HashSet<>(Set.of(folder.toRealPath()));
      collect(folder, name.isEmpty() ? "" : name + "/", followed, images);
    } catch (IOException e) {
      throw DataException.unreadable(root.resolve(name), e);
    }
    return images.trim();
  }

  private static void collect(
      Path folder, String prefix, Set<Path> followed, PathList.Builder images) throws IOException {
    for (String name : sortedNames(folder)) {
      // The name is checked first: checking the file itself takes ten times as long as its name.
      if (FileCheck.isImageName(name)) {
        images.add(prefix + name);
        continue;
      }
      Path entry = folder.resolve(name);
      if (Files.isDirectory(entry) && !isLoop(folder, entry, followed)) {
        collect(entry, prefix + name + "/", followed, images);
      }
    }
  }

  // Not every file system distinguishes them, and two separate classes are rarely intended.
  private static void refuseAlike(Path root, List<String> names) {
    Map<String, String> seen = new HashMap<>();
    for (String name : names) {
      String other = seen.put(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        throw new DataException(
            "%s: the class folders '%s' and '%s' differ in the case of letters only; rename one, or move its images into the other"
                .formatted(root, other, name));
      }
    }
  }

  // As a class it would hold the images of all classes.
  private static void refuseLoop(Path root, String name) {
    Path folder = root.resolve(name);
    try {
      if (Files.isSymbolicLink(folder) && root.toRealPath().startsWith(folder.toRealPath())) {
        throw new DataException(
            "%s: this link leads back to the folder that it is in; delete it".formatted(folder));
      }
    } catch (IOException e) {
      throw DataException.unreadable(folder, e);
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
          // What Java puts in the place of letters that it cannot read; the file is not found by
          // it.
          if (name.indexOf('\ufffd') >= 0) {
            throw new DataException(
                ("%s: the name '%s' is not in the system's encoding; rename it,"
                        + " or set LC_ALL=C.UTF-8 if it looks right elsewhere")
                    .formatted(folder, name));
          }
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
