package dev.leaven.dsl;

import dev.leaven.dsl.RemovableParts.Removable;
import dev.leaven.dsl.ablate.Ablation;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.transform.Normalize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The variants of a recipe that an ablation trains, in their order, each checked. */
final class Variants {

  /**
   * One variant: a row of the ledger.
   *
   * @param name for instance {@code "mixup"}
   * @param label for instance {@code "+ mixup(0.2)"}
   * @param folder where its runs are; that of another variant if it is evaluated on that one's runs
   * @param recipe what is trained
   * @param augmented whether the scores with test-time augmentation count
   */
  record Variant(String name, String label, String folder, Recipe recipe, boolean augmented) {

    Variant recipe(Recipe other) {
      return new Variant(name, label, folder, other, augmented);
    }
  }

  private final Ablation ablation;
  private final ImageData data;
  private final List<Variant> all;

  private Variants(Ablation ablation, ImageData data, List<Variant> all) {
    this.ablation = ablation;
    this.data = data;
    this.all = all;
  }

  /**
   * Makes the variants of a recipe.
   *
   * @throws IllegalArgumentException when it has no technique, a requested technique is not in it,
   *     or a variant does not fit the data
   */
  static Variants of(Recipe recipe, Ablation ablation, ImageData data) {
    Recipe whole =
        ablation.epochs().isPresent() ? scaled(recipe, ablation.epochs().getAsInt()) : recipe;
    List<Removable> chosen = chosen(RemovableParts.of(whole, data.channels()), ablation.only());
    List<Variant> variants =
        ablation.mode() == Ablation.Mode.ADD ? adding(whole, chosen) : leavingOneOut(whole, chosen);
    Variants all = new Variants(ablation, data, variants);
    variants.forEach(variant -> all.check(variant.recipe()));
    return all;
  }

  private static List<Removable> chosen(List<Removable> techniques, List<String> only) {
    if (techniques.isEmpty()) {
      throw new IllegalArgumentException(
          "ablate: the recipe says no technique that could be left out;"
              + " say mixup, labelSmoothing, augment or the like");
    }
    List<Removable> chosen = new ArrayList<>();
    for (String name : only) {
      techniques.stream()
          .filter(technique -> Ablation.same(technique.name(), name))
          .findFirst()
          .ifPresentOrElse(
              chosen::add,
              () -> {
                throw new IllegalArgumentException(
                    "ablate: the recipe has no technique '%s', but %s"
                        .formatted(
                            name,
                            techniques.stream()
                                .map(Removable::name)
                                .collect(Collectors.joining(", "))));
              });
    }
    return only.isEmpty() ? techniques : chosen;
  }

  private static List<Variant> adding(Recipe whole, List<Removable> techniques) {
    List<Variant> variants = new ArrayList<>();
    for (int added = 0; added <= techniques.size(); added++) {
      Recipe recipe = without(whole, techniques, added);
      String name = added == 0 ? "baseline" : techniques.get(added - 1).name();
      String label = added == 0 ? name : "+ " + techniques.get(added - 1).label();
      boolean augmented = recipe.get(Part.TTA) != null;
      if (added > 0 && techniques.get(added - 1).evaluatesOnly()) {
        // The variant before is this one, but for how it is evaluated: one run gives both scores.
        Variant before = variants.remove(added - 1);
        variants.add(before.recipe(recipe));
        variants.add(new Variant(name, label, before.folder(), recipe, true));
      } else {
        variants.add(new Variant(name, label, added + "-" + name, recipe, augmented));
      }
    }
    return variants;
  }

  private static Recipe without(Recipe whole, List<Removable> techniques, int added) {
    return RemovableParts.without(whole, techniques.subList(added, techniques.size()));
  }

  private static List<Variant> leavingOneOut(Recipe whole, List<Removable> techniques) {
    boolean augmented = whole.get(Part.TTA) != null;
    List<Variant> variants = new ArrayList<>();
    variants.add(new Variant("recipe", "the recipe", "0-recipe", whole, augmented));
    for (Removable technique : techniques) {
      String name = "without-" + technique.name();
      String label = "− " + technique.label();
      variants.add(
          technique.evaluatesOnly()
              ? new Variant(name, label, "0-recipe", whole, false)
              : new Variant(
                  name,
                  label,
                  variants.size() + "-" + name,
                  RemovableParts.without(whole, List.of(technique)),
                  augmented));
    }
    return variants;
  }

  List<Variant> all() {
    return all;
  }

  /** Those that are trained: the first of each folder. */
  List<Variant> trained() {
    List<String> folders = all.stream().map(Variant::folder).distinct().toList();
    return folders.stream()
        .map(
            folder -> all.stream().filter(v -> v.folder().equals(folder)).findFirst().orElseThrow())
        .toList();
  }

  /** The same with other epochs for each stage of some folders' recipes. */
  Variants withEpochs(Map<String, List<Integer>> epochs) {
    List<Variant> changed =
        all.stream()
            .map(
                variant ->
                    variant.recipe(withEpochs(variant.recipe(), epochs.get(variant.folder()))))
            .toList();
    Variants all = new Variants(ablation, data, changed);
    changed.forEach(variant -> all.check(variant.recipe()));
    return all;
  }

  private static Recipe withEpochs(Recipe recipe, List<Integer> epochs) {
    List<StageSpec> stages = recipe.stages();
    return recipe.with(
        IntStream.range(0, stages.size())
            .mapToObj(i -> stages.get(i).epochs(epochs.get(i)))
            .toList());
  }

  private static Recipe scaled(Recipe recipe, int total) {
    StageSchedule schedule = new StageSchedule(recipe);
    List<Integer> epochs =
        IntStream.range(0, recipe.stages().size()).mapToObj(schedule::epochs).toList();
    return withEpochs(recipe, divide(total, epochs));
  }

  /**
   * Distributes epochs among stages in proportion to their epochs, at least one for each: whole
   * parts first, then the largest fractions.
   */
  static List<Integer> divide(int total, List<Integer> epochs) {
    int stages = epochs.size();
    Check.atLeast("ablate", "epochs", total, stages);
    int sum = epochs.stream().mapToInt(Integer::intValue).sum();
    // Each stage first gets one epoch, so only the others are in proportion.
    List<Integer> shares = new ArrayList<>(Collections.nCopies(stages, 1));
    for (int given = stages; given < total; given++) {
      int next = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < stages; i++) {
        double missing = (double) total * epochs.get(i) / sum - shares.get(i);
        if (missing > most) {
          most = missing;
          next = i;
        }
      }
      shares.set(next, shares.get(next) + 1);
    }
    return shares;
  }

  private void check(Recipe recipe) {
    Plan plan = sketch(recipe);
    if (!ablation.equalSeconds()) {
      return;
    }
    for (Stage stage : plan.stages()) {
      OptionalInt made = stage.schedule().epochs();
      if (made.isPresent()) {
        throw new IllegalArgumentException(
            ("ablate: equal seconds need other epochs for each variant, but '%s' is made for %d;"
                    + " choose another schedule, or equal epochs")
                .formatted(stage.schedule().describe(), made.getAsInt()));
      }
    }
  }

  /** A variant's plan without statistics, which would have to be measured from the images. */
  Plan sketch(Recipe recipe) {
    Normalize unmeasured =
        new Normalize(
            Collections.nCopies(data.channels(), 0.0), Collections.nCopies(data.channels(), 1.0));
    return Planner.plan(
        recipe.with(Part.NORMALIZE, recipe.find(Part.NORMALIZE).orElse(unmeasured)), data);
  }

  /** The pixels that a variant's training passes through the model: its cost up to a factor. */
  double cost(Recipe recipe) {
    return sketch(recipe).stages().stream()
        .mapToDouble(s -> (double) s.epochs() * s.batches() * s.batchSize() * s.size() * s.size())
        .sum();
  }

  /** The variants and what they cost, in words. */
  String describe(Recipe recipe) {
    double first = cost(all.get(0).recipe());
    List<Variant> trained = trained();
    StringBuilder text = new StringBuilder();
    text.append(
        ("%s\n%s, on %,d images; a run costs the pixels that pass through the model,"
                + " the first variant's being 1\n")
            .formatted(recipe, ablation.describe(), data.train().size()));
    int width = all.stream().mapToInt(v -> v.label().length()).max().orElseThrow();
    for (Variant variant : all) {
      Plan plan = sketch(variant.recipe());
      String stages =
          plan.stages().stream()
              .map(stage -> "%d × %d px".formatted(stage.epochs(), stage.size()))
              .collect(Collectors.joining(", "));
      String cost =
          trained.contains(variant)
              ? String.format(Locale.ROOT, "cost %.2f", cost(variant.recipe()) / first)
              : "no training of its own";
      text.append(
          "  %s  %d %s (%s), %s\n"
              .formatted(
                  variant.label() + " ".repeat(width - variant.label().length()),
                  plan.epochs(),
                  plan.epochs() == 1 ? "epoch" : "epochs",
                  stages,
                  cost));
    }
    double sum = trained.stream().mapToDouble(v -> cost(v.recipe())).sum() / first;
    text.append(
        String.format(
            Locale.ROOT,
            "%d runs, together at a cost of %.1f%s\n",
            trained.size() * ablation.seeds(),
            sum * ablation.seeds(),
            ablation.equalSeconds() ? ", until epochs are fitted to its seconds" : ""));
    return text.toString();
  }

  ImageData data() {
    return data;
  }

  List<Long> seeds(Recipe recipe) {
    long first = Planner.seed(recipe);
    return Stream.iterate(first, seed -> seed + 1).limit(ablation.seeds()).toList();
  }
}
