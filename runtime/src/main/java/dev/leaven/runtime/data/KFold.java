package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Uses one of {@code k} equal folds for validation. Runs over all folds with the same seed validate
 * on every image exactly once. For a small data set this is more informative than one split.
 *
 * <p>Every class is spread evenly: its number of images differs by at most one from fold to fold,
 * and so does the size of the folds. Where the source knows groups, whole groups are assigned, the
 * largest first, each to the fold with the fewest images; classes then keep their proportions only
 * roughly.
 *
 * @param folds the number of folds, at least 2; 5 and 10 are usual
 * @param fold which of them is for validation, from 0
 */
public record KFold(int folds, int fold) implements Split {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException when there are fewer than two folds, or no such fold
   */
  public KFold {
    Check.atLeast("KFold", "folds", folds, 2);
    Check.range("KFold", "fold", fold, 0, folds - 1);
  }

  @Override
  public int[] valid(Listing images, long seed) {
    int[] foldOf = images.groups().isPresent() ? byGroup(images, seed) : byClass(images, seed);
    return IntStream.range(0, foldOf.length).filter(i -> foldOf[i] == fold).toArray();
  }

  @Override
  public String describe() {
    return "KFold: fold %d of %d for validation, counted from 0".formatted(fold, folds);
  }

  private int[] byClass(Listing images, long seed) {
    int[][] members = ShuffleOrder.members(images.strata());
    int[] foldOf = new int[images.size()];
    int next = 0;
    for (int k = 0; k < members.length; k++) {
      int n = members[k].length;
      if (n > 0 && n < folds) {
        throw new DataException(
            "%s: %s has %s, too few for %d folds; choose fewer folds or add images"
                .formatted(
                    images.root(), images.stratum(k), n == 1 ? "1 image" : n + " images", folds));
      }
      int[] order = ShuffleOrder.shuffled(seed, ShuffleOrder.Purpose.SPLIT, k, n);
      for (int i : order) {
        // Each class continues where the one before ended, so that all folds have the same size.
        foldOf[members[k][i]] = next++ % folds;
      }
    }
    return foldOf;
  }

  private int[] byGroup(Listing images, long seed) {
    Groups groups = Groups.of(images.groups().orElseThrow());
    List<int[]> members = groups.members();
    if (members.size() < folds) {
      throw new DataException(
          "%s: there are %d groups, too few for %d folds; choose fewer folds"
              .formatted(images.root(), members.size(), folds));
    }
    int[] order = ShuffleOrder.shuffled(seed, ShuffleOrder.Purpose.SPLIT, 0, members.size());
    int[] foldOf = new int[images.size()];
    int[] sizes = new int[folds];
    Arrays.stream(order)
        .mapToObj(members::get)
        .sorted(Comparator.comparingInt((int[] group) -> group.length).reversed())
        .forEach(
            group -> {
              int smallest = 0;
              for (int f = 1; f < folds; f++) {
                smallest = sizes[f] < sizes[smallest] ? f : smallest;
              }
              for (int i : group) {
                foldOf[i] = smallest;
              }
              sizes[smallest] += group.length;
            });
    return foldOf;
  }
}
