package dev.leaven.runtime.optimize;

import dev.leaven.runtime.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How fast each of a model's parameter groups learns in a stage, from the images to the logits.
 *
 * <p>A frozen group keeps its weights; its norms still learn, as in fastai, because their
 * statistics follow the new images anyway, unless {@code norms} states otherwise. Discriminative
 * rates (Howard, Ruder 2018, "Universal Language Model Fine-tuning for Text Classification") let
 * the groups near the images, which contain the most general features, change least.
 *
 * @param frozen how many groups, counted from the images, are frozen
 * @param norms which batch norms are frozen
 * @param factors the factor of the stage's learning rate for each group, above 0
 */
public record GroupRates(int frozen, FrozenNorms norms, List<Double> factors) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a factor is not above 0, or no group would learn
   */
  public GroupRates {
    factors = List.copyOf(factors);
    factors.forEach(factor -> Check.positive("discriminative", "factor", factor));
    if (frozen < 0 || frozen >= factors.size()) {
      throw new IllegalArgumentException(
          "freeze: of %d parameter groups at most %d can be frozen, but %d are said"
              .formatted(factors.size(), factors.size() - 1, frozen));
    }
  }

  /**
   * Rates that grow by the same factor from group to group, as fastai's {@code slice(low, high)}.
   *
   * @param groups how many the model has
   * @param lowest the first group's rate as a fraction of the last group's rate, above 0
   * @return the last factor is 1
   */
  public static List<Double> evenly(int groups, double lowest) {
    List<Double> factors = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      factors.add(i == groups - 1 ? 1 : Math.pow(lowest, (groups - 1.0 - i) / (groups - 1)));
    }
    return factors;
  }

  /**
   * Whether groups learn differently.
   *
   * @return false if all groups learn alike
   */
  public boolean differ() {
    return frozen > 0
        || norms == FrozenNorms.ALL
        || factors.stream().anyMatch(factor -> factor != 1);
  }

  /**
   * In how many groups, counted from the images, the batch norms are frozen.
   *
   * @return from 0 to the number of groups
   */
  public int groupsWithFrozenNorms() {
    return switch (norms) {
      case NONE -> 0;
      case IN_FROZEN_GROUPS -> frozen;
      case ALL -> factors.size();
    };
  }

  /**
   * Describes how fast each group learns.
   *
   * @return for instance {@code "groups: 1 of 3 frozen but for its norms, rates × 0.01, 0.1, 1"}
   */
  public String describe() {
    String theirs = frozen == 1 ? "its" : "their";
    String frozenOnes =
        frozen == 0
            ? ""
            : " %d of %d frozen%s,"
                .formatted(
                    frozen,
                    factors.size(),
                    norms != FrozenNorms.NONE
                        ? norms == FrozenNorms.ALL ? "" : " with " + theirs + " norms"
                        : " but for " + theirs + " norms");
    return "groups:%s%s rates × %s"
        .formatted(
            frozenOnes,
            norms == FrozenNorms.ALL ? " all batch norms frozen," : "",
            factors.stream()
                .map(factor -> Check.number(Math.rint(factor * 1e6) / 1e6))
                .collect(Collectors.joining(", ")));
  }
}
