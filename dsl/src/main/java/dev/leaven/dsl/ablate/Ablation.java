package dev.leaven.dsl.ablate;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.data.DataSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How an ablation removes the techniques of a recipe to measure the gain of each.
 *
 * <pre>{@code
 * recipe.ablate(data, Ablation.adding().seeds(5).only("mixup", "tta"), Path.of("ablations/pets"));
 * }</pre>
 *
 * <p>A technique is a training setting of the recipe: progressive resizing ({@code then}), options
 * of the model, crop, flip, augmentation, policy, erasing, normalization, mixing (of {@code
 * mixupOrCutmix} either kind), label smoothing, loss, class weights, sampling, optimizer, weight
 * decay, clipping, averaging, schedule and test-time augmentation. Without a technique the recipe
 * is planned as if the technique had not been set. Two have no default to go back to: without
 * normalization images are values from 0 to 1 as they are, unless weights are pretrained; without
 * {@code flip} nothing is mirrored.
 *
 * <p>What always stays: data, model, pretrained weights, the epochs of all stages together, the
 * last stage's size and batch size, the first stage's learning rate, {@code noFlip}, accumulation,
 * stopping rules, precision and cache. Without progressive resizing there is one stage; where the
 * schedule is made for the epochs of a stage, the stages stay and all have the last one's size.
 *
 * <p>Test-time augmentation is not trained again, but evaluated on the runs of the previous
 * variant.
 *
 * @param mode whether techniques are added one at a time, or each is left out
 * @param seeds the number of seeds that each variant is trained with, from 1 to 1000: the recipe's
 *     own and those after it, which also decide a split or a subset of the data; default 3
 * @param equalSeconds whether variants have equal training time instead of equal epochs; see {@link
 *     #withEqualSeconds}; default no
 * @param epochs of all stages together instead of the recipe's, in proportion to them; empty for
 *     the recipe's
 * @param only the techniques that are taken out or added, by the names of the recipe's methods and
 *     in this order; the others stay in every variant; empty for all, in the order of the recipe
 * @param keepWeights whether the checkpoints of finished runs stay; default no, since there are
 *     many; those of unfinished runs always do
 */
public record Ablation(
    Mode mode,
    int seeds,
    boolean equalSeconds,
    OptionalInt epochs,
    List<String> only,
    boolean keepWeights) {

  /** How variants are made from a recipe. */
  public enum Mode {
    /**
     * The baseline without any technique, then one more technique in each variant: the last is the
     * recipe.
     */
    ADD,
    /** The recipe, and for each technique the recipe without it. */
    LEAVE_ONE_OUT
  }

  private static final int USUAL_SEEDS = 3;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a value is outside its range, or a technique is named
   *     twice
   */
  public Ablation {
    Check.range("ablate", "seeds", seeds, 1, 1000);
    epochs.ifPresent(number -> Check.atLeast("ablate", "epochs", number, 1));
    only = List.copyOf(only);
    Set<String> named = new HashSet<>();
    for (String name : only) {
      if (!named.add(plain(name))) {
        throw new IllegalArgumentException(
            "ablate: %s is named twice; name each technique once".formatted(name));
      }
    }
  }

  /**
   * Adds techniques to a baseline, one at a time.
   *
   * @return three seeds, equal epochs
   */
  public static Ablation adding() {
    return of(Mode.ADD);
  }

  /**
   * Leaves each technique out of the recipe.
   *
   * @return three seeds, equal epochs
   */
  public static Ablation leavingOneOut() {
    return of(Mode.LEAVE_ONE_OUT);
  }

  /**
   * The usual settings of a mode.
   *
   * @param mode how variants are made
   * @return three seeds, equal epochs
   */
  public static Ablation of(Mode mode) {
    return new Ablation(mode, USUAL_SEEDS, false, OptionalInt.empty(), List.of(), false);
  }

  /**
   * Trains each variant with this number of seeds. With fewer than three the ledger reports nothing
   * about noise.
   *
   * @param seeds from 1 to 1000
   * @return new settings
   * @throws IllegalArgumentException when it is outside its range
   */
  public Ablation seeds(int seeds) {
    return new Ablation(mode, seeds, equalSeconds, epochs, only, keepWeights);
  }

  /**
   * Trains each variant for as many epochs as fit into the seconds of the first one: the baseline,
   * or the recipe.
   *
   * <p>First, two epochs of each stage of each variant are timed, validation included, and the
   * faster one counts. The epochs are then scaled, at least one for each stage: a schedule still
   * reaches its end, which a time limit would cut off. The times are kept, so a resumed ablation
   * has the same epochs. A schedule that is made for a number of epochs cannot be scaled and is
   * rejected. Test-time augmentation is not counted.
   *
   * @return new settings
   */
  public Ablation withEqualSeconds() {
    return new Ablation(mode, seeds, true, epochs, only, keepWeights);
  }

  /**
   * Trains for another number of epochs than the recipe's.
   *
   * @param epochs of all stages together, at least as many as there are stages
   * @return new settings
   * @throws IllegalArgumentException when it is below 1
   */
  public Ablation epochs(int epochs) {
    return new Ablation(mode, seeds, equalSeconds, OptionalInt.of(epochs), only, keepWeights);
  }

  /**
   * Ablates only some techniques, in this order. The others stay in every variant.
   *
   * @param techniques names of methods of the recipe, for instance {@code "mixup"}; capital letters
   *     and hyphens do not matter
   * @return new settings
   * @throws IllegalArgumentException when one is named twice
   */
  public Ablation only(String... techniques) {
    List<String> names = List.of(techniques);
    return new Ablation(mode, seeds, equalSeconds, epochs, names, keepWeights);
  }

  /**
   * Keeps the checkpoints of finished runs, which take the space of two or three models each.
   *
   * @return new settings
   */
  public Ablation keepingWeights() {
    return new Ablation(mode, seeds, equalSeconds, epochs, only, true);
  }

  /**
   * The usual directory of an ablation, below the working one. Other data and other settings have
   * another directory; more seeds continue in the same one.
   *
   * @param name of the recipe, for instance its script's and its hash
   * @param data where images come from
   * @return for instance {@code ablations/pets-e60b0aec41b0-7f3a09c2-leave-one-out}
   */
  public Path directory(String name, DataSource data) {
    List<String> parts = new ArrayList<>(List.of(name));
    // The definition of String.hashCode guarantees the same value in every process.
    parts.add("%08x".formatted(data.describe().hashCode()));
    if (mode == Mode.LEAVE_ONE_OUT) {
      parts.add("leave-one-out");
    }
    if (equalSeconds) {
      parts.add("equal-seconds");
    }
    epochs.ifPresent(number -> parts.add(number + "-epochs"));
    only.forEach(technique -> parts.add(plain(technique)));
    return Path.of("ablations", String.join("-", parts));
  }

  /**
   * In words.
   *
   * @return for instance {@code "techniques added one at a time, 3 seeds, equal epochs"}
   */
  public String describe() {
    return "%s, %d %s, equal %s"
        .formatted(
            mode == Mode.ADD ? "techniques added one at a time" : "each technique left out",
            seeds,
            seeds == 1 ? "seed" : "seeds",
            equalSeconds ? "seconds" : "epochs");
  }

  /**
   * Whether two names mean the same technique.
   *
   * @param name as in a recipe or on the command line
   * @param other as above
   * @return true for instance for {@code "labelSmoothing"} and {@code "label-smoothing"}
   */
  public static boolean same(String name, String other) {
    return plain(name).equals(plain(other));
  }

  private static String plain(String name) {
    return name.replace("-", "").toLowerCase(Locale.ROOT);
  }
}
