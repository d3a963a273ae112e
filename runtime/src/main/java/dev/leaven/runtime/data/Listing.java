package dev.leaven.runtime.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Split} can use: the name, the target and the group of every image.
 *
 * @param root the folder that the files lie in
 * @param files the images and their targets
 * @param classNames the classes in the order of their numbers
 * @param groups the group of each image, where the source knows it: a patient, a burst, a video
 */
public record Listing(
    Path root, Samples.Files files, List<String> classNames, Optional<List<String>> groups) {

  /**
   * Checks that every image has a group, where there are groups.
   *
   * @throws IllegalArgumentException when there are more or fewer groups than images
   */
  public Listing {
    if (groups.isPresent() && groups.get().size() != files.size()) {
      throw new IllegalArgumentException(
          "%d files, but %d groups".formatted(files.size(), groups.get().size()));
    }
  }

  /**
   * The number of images.
   *
   * @return at least 0
   */
  public int size() {
    return files.size();
  }

  /**
   * The path of an image relative to the folder, with a slash between its parts on every system.
   *
   * @param position from 0
   * @return its name
   */
  public String name(int position) {
    return FileCheck.name(root, files.paths().get(position));
  }

  /**
   * The kinds of images that should keep their proportions in both parts: their classes, or one
   * kind for all images if an image does not have exactly one class.
   *
   * @return a number from 0 for each image; must not be changed
   */
  public int[] strata() {
    return files.targets() instanceof Targets.Labels labels
        ? labels.classes()
        : new int[files.size()];
  }

  /**
   * The name of a kind of images in messages.
   *
   * @param stratum as {@link #strata} numbers it
   * @return for instance {@code class 'cat'}
   */
  String stratum(int stratum) {
    return files.targets() instanceof Targets.Labels
        ? "class '%s'".formatted(classNames.get(stratum))
        : "the data set";
  }
}
