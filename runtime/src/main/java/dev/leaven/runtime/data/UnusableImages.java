package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many images of a set cannot be used, and whether that can be ignored: up to 1 % are left out
 * and reported, more are a sign that something is wrong with all of them.
 *
 * @param count how many
 * @param total of how many, those included
 */
public record UnusableImages(int count, int total) {

  private static final int NAMED = 3;

  /**
   * Whether there are too many to continue without them.
   *
   * @return true for more than 1 %
   */
  public boolean tooMany() {
    return count * 100L > total;
  }

  /**
   * Their percentage, rounded up so that it is never reported as zero or as just within the limit.
   *
   * @return percent with at most two decimals
   */
  public String percent() {
    return Check.number(Math.ceil(10_000.0 * count / total) / 100);
  }

  /**
   * Names the first of them.
   *
   * @param described each, in order
   * @return the first three, and how many more there are
   */
  public String named(Stream<String> described) {
    String first = described.limit(NAMED).collect(Collectors.joining(", "));
    return count > NAMED ? "%s, and %d more".formatted(first, count - NAMED) : first;
  }
}
