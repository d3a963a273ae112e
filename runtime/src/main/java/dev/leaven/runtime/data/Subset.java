package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A random part of the training images of another source, for a first try or to find out how much
 * more data would help. Every class keeps its proportion. The validation part stays complete, so
 * that scores can be compared.
 *
 * <p>With one seed a smaller subset is a part of a larger one.
 *
 * @param source where the images come from
 * @param fraction the fraction of each class that is kept, above 0 and at most 1: {@code round(n ·
 *     fraction)} of {@code n} images, but at least one; empty where a number is given
 * @param perClass how many images of each class are kept, at least 1, or all where there are fewer;
 *     how many of all images where they do not have one class each; empty where a fraction is given
 * @param validation whether validation images are reduced in the same way; default no
 */
public record Subset(
    DataSource source, Optional<Double> fraction, Optional<Integer> perClass, boolean validation)
    implements DataSource {

  /**
   * Checks the parameters.
   *
   * @throws IllegalArgumentException when there is no source, a number is outside its range, or not
   *     exactly one of the fraction and the number is given
   */
  public Subset {
    if (source == null) { // may be missing in JSON
      throw new IllegalArgumentException("Subset: source is missing");
    }
    if (fraction.isPresent() == perClass.isPresent()) {
      throw new IllegalArgumentException("Subset: give either fraction or perClass");
    }
    fraction.ifPresent(
        share -> {
          if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                "Subset: fraction must be above 0 and at most 1, but is %s"
                    .formatted(Check.number(share)));
          }
        });
    perClass.ifPresent(count -> Check.atLeast("Subset", "perClass", count, 1));
  }

  /**
   * The same with the validation images reduced too.
   *
   * @return a new value
   */
  public Subset alsoOfValidation() {
    return new Subset(source, fraction, perClass, true);
  }

  @Override
  public Optional<Path> root() {
    return source.root();
  }

  @Override
  public ImageData load(long seed) {
    ImageData all = source.load(seed);
    return new ImageData(
        this,
        all.classNames(),
        all.channels(),
        part(all.train(), seed, 0),
        validation ? part(all.valid(), seed, 1) : all.valid(),
        all.skipped());
  }

  @Override
  public String describe() {
    return "Subset: %s of %s images of %s"
        .formatted(
            fraction
                .map(share -> Check.number(share) + " of each class")
                .orElseGet(() -> perClass.orElseThrow() + " of each class"),
            validation ? "all" : "the training",
            source.describe());
  }

  private Samples part(Samples samples, long seed, int side) {
    int[] strata =
        samples.targets() instanceof Targets.Labels labels
            ? labels.classes()
            : new int[samples.size()];
    int[][] members = ShuffleOrder.members(strata);
    return samples.pick(
        IntStream.range(0, members.length)
            .flatMap(k -> Arrays.stream(chosen(members[k], seed, 2L * k + side)))
            .sorted()
            .toArray());
  }

  private int[] chosen(int[] members, long seed, long index) {
    int n = members.length;
    int kept =
        fraction.isPresent()
            ? (int) Math.max(1, Math.round(n * fraction.get()))
            : Math.min(n, perClass.orElseThrow());
    int[] order = ShuffleOrder.shuffled(seed, ShuffleOrder.Purpose.SUBSET, index, n);
    return Arrays.stream(order, 0, Math.min(n, kept)).map(i -> members[i]).toArray();
  }
}
