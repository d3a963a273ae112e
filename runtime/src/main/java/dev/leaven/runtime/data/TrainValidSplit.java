package dev.leaven.runtime.data;

import dev.leaven.runtime.Task;
import java.util.Map;
import java.util.stream.IntStream;

/** Divides the images of a source, and rejects parts that could not be trained on or evaluated. */
final class TrainValidSplit {

  private TrainValidSplit() {}

  /**
   * Divides images by a split.
   *
   * @param source what they were loaded from
   * @param images all images
   * @param split chooses those for validation
   * @param seed the run's seed
   * @param skipped files left out and why
   * @throws DataException when the split cannot divide them, a part would be empty, or training
   *     would lack a class that validation has
   */
  static ImageData of(
      DataSource source, Listing images, Split split, long seed, Map<String, String> skipped) {
    int[] valid = split.valid(images, seed);
    boolean[] held = new boolean[images.size()];
    for (int i : valid) {
      held[i] = true;
    }
    int[] train = IntStream.range(0, held.length).filter(i -> !held[i]).toArray();
    if (valid.length == 0) {
      throw new DataException(
          "%s: no image is left for validation%s"
              .formatted(
                  images.root(),
                  split instanceof FractionSplit
                      ? ", because every class has only one; add images to the classes"
                      : "; choose another split than %s".formatted(split.describe())));
    }
    Samples.Files trainFiles = images.files().pick(train);
    Samples.Files validFiles = images.files().pick(valid);
    int lacking = lacking(trainFiles.targets(), validFiles.targets());
    if (lacking >= 0) {
      throw new DataException(
          "%s: all images of class '%s' are for validation; choose another split than %s"
              .formatted(images.root(), images.classNames().get(lacking), split.describe()));
    }
    if (images.groups().isPresent() && !(split instanceof GroupSplit || split instanceof KFold)) {
      refuseStraddling(images, held);
    }
    return new ImageData(source, images.classNames(), 3, trainFiles, validFiles, skipped);
  }

  /** The first class that validation images have and training images do not have, or -1. */
  static int lacking(Targets train, Targets valid) {
    boolean[] trained = present(train);
    boolean[] evaluated = present(valid);
    for (int k = 0; k < evaluated.length; k++) {
      if (evaluated[k] && !(k < trained.length && trained[k])) {
        return k;
      }
    }
    return -1;
  }

  /** Whether an image has a class. */
  static boolean has(Targets targets, int position, int label) {
    return targets instanceof Targets.Rows rows
        ? rows.values()[position * rows.columns() + label] == 1
        : ((Targets.Labels) targets).classes()[position] == label;
  }

  private static void refuseStraddling(Listing images, boolean[] held) {
    Groups groups = Groups.of(images.groups().orElseThrow());
    for (int g = 0; g < groups.names().size(); g++) {
      int[] group = groups.members().get(g);
      for (int i : group) {
        if (held[i] != held[group[0]]) {
          throw new DataException(
              ("%s: group '%s' is in both parts: '%s' %s, '%s' %s; put all its images on one side")
                  .formatted(
                      images.root(),
                      groups.names().get(g),
                      images.name(group[0]),
                      held[group[0]] ? "validates" : "trains",
                      images.name(i),
                      held[i] ? "validates" : "trains"));
        }
      }
    }
  }

  private static boolean[] present(Targets targets) {
    if (targets instanceof Targets.Labels labels) {
      boolean[] present = new boolean[IntStream.of(labels.classes()).max().orElse(-1) + 1];
      for (int label : labels.classes()) {
        present[label] = true;
      }
      return present;
    }
    Targets.Rows rows = (Targets.Rows) targets;
    boolean[] present = new boolean[rows.columns()];
    if (rows.task() == Task.MULTI_LABEL) {
      for (int i = 0; i < rows.values().length; i++) {
        present[i % rows.columns()] |= rows.values()[i] == 1;
      }
    }
    return present;
  }
}
