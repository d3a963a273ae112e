package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Takes a random fraction for validation and keeps all images of a group, such as a patient, a
 * burst or a video, in one part. Images of one group resemble each other more than other images;
 * with a group in both parts, validation would reward memorised images.
 *
 * <p>Groups are taken in random order. A group is taken if it brings the number of validation
 * images closer to {@code fraction} of all and leaves some images of each of its classes for
 * training. Classes keep their proportions only roughly.
 *
 * @param fraction above 0 and below 1; met as closely as whole groups allow
 * @param pattern a regular expression with one group in parentheses that captures the name of the
 *     file's group; it is searched in each file's path below the data folder; empty where the
 *     source itself provides the groups
 */
public record GroupSplit(double fraction, Optional<String> pattern) implements Split {

  /**
   * Checks the fraction and the regular expression.
   *
   * @throws IllegalArgumentException when the fraction is outside its range, or the expression is
   *     invalid or does not have exactly one group
   */
  public GroupSplit {
    FractionSplit.check("GroupSplit", "fraction", fraction);
    pattern.ifPresent(text -> compiled("GroupSplit", "pattern", text));
  }

  /**
   * Groups that the source knows, as from a column of a table.
   *
   * @param fraction above 0 and below 1
   */
  public GroupSplit(double fraction) {
    this(fraction, Optional.empty());
  }

  /**
   * Takes the groups from the files' paths.
   *
   * @param fraction above 0 and below 1
   * @param pattern a regular expression with one group in parentheses
   */
  public GroupSplit(double fraction, String pattern) {
    this(fraction, Optional.of(pattern));
  }

  @Override
  public int[] valid(Listing images, long seed) {
    Groups groups = Groups.of(groupOfEach(images));
    if (groups.names().size() < 2) {
      throw new DataException(
          "%s: all images are of one group, '%s'; group by something that divides them"
              .formatted(images.root(), groups.names().get(0)));
    }
    int[] strata = images.strata();
    int[][] classes = ShuffleOrder.members(strata);
    int[] training = new int[classes.length];
    for (int k = 0; k < classes.length; k++) {
      training[k] = classes[k].length;
    }
    double wanted = fraction * images.size();
    List<int[]> chosen = new ArrayList<>();
    int count = 0;
    for (int g :
        ShuffleOrder.shuffled(seed, ShuffleOrder.Purpose.SPLIT, 0, groups.names().size())) {
      int[] group = groups.members().get(g);
      boolean nearer =
          Math.abs(count + group.length - wanted) < Math.abs(count - wanted)
              && count + group.length < images.size();
      if (nearer && leavesSome(group, strata, training)) {
        chosen.add(group);
        count += group.length;
        for (int i : group) {
          training[strata[i]]--;
        }
      }
    }
    if (chosen.isEmpty()) {
      throw new DataException(
          ("%s: no group can be for validation: each has more than %s of the images,"
                  + " or all images of a class; choose a larger fraction or other groups")
              .formatted(images.root(), Check.number(Math.min(1, 2 * fraction))));
    }
    return chosen.stream().flatMapToInt(Arrays::stream).sorted().toArray();
  }

  @Override
  public String describe() {
    return "GroupSplit: %s of the images for validation, whole groups%s"
        .formatted(Check.number(fraction), pattern.map(text -> " named by " + text).orElse(""));
  }

  private List<String> groupOfEach(Listing images) {
    if (pattern.isEmpty()) {
      return images
          .groups()
          .orElseThrow(
              () ->
                  new DataException(
                      ("%s: nothing says which images belong together; give GroupSplit a pattern"
                              + " that finds the group in a file's path")
                          .formatted(images.root())));
    }
    Pattern compiled = compiled("GroupSplit", "pattern", pattern.get());
    List<String> groups = new ArrayList<>(images.size());
    for (int i = 0; i < images.size(); i++) {
      Matcher matcher = compiled.matcher(images.name(i));
      if (!matcher.find() || matcher.group(1) == null) {
        throw new DataException(
            "%s: the pattern '%s' finds no group in '%s'; change it so that it fits every file"
                .formatted(images.root(), pattern.get(), images.name(i)));
      }
      groups.add(matcher.group(1));
    }
    return groups;
  }

  private static boolean leavesSome(int[] group, int[] strata, int[] training) {
    int[] left = training.clone();
    for (int i : group) {
      if (--left[strata[i]] == 0) {
        return false;
      }
    }
    return true;
  }

  /** Compiles a regular expression that must have one group. */
  static Pattern compiled(String where, String name, String text) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%s: %s is no regular expression: %s in '%s'"
              .formatted(where, name, e.getDescription(), text),
          e);
    }
    int groups = pattern.matcher("").groupCount();
    if (groups != 1) {
      throw new IllegalArgumentException(
          "%s: %s must have one group in parentheses, but '%s' has %d"
              .formatted(where, name, text, groups));
    }
    return pattern;
  }
}
