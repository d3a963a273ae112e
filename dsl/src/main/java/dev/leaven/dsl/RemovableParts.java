package dev.leaven.dsl;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.Normalize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lists the techniques of a recipe that an ablation can remove, in the order in which they are
 * printed. What counts as a technique, and what a recipe is without one, is documented for users in
 * {@link dev.leaven.dsl.ablate.Ablation}.
 */
final class RemovableParts {

  /**
   * A technique of a recipe.
   *
   * @param name of the recipe's word for it
   * @param label the words for it
   * @param removal maps a recipe to the one without it
   */
  record Removable(String name, String label, UnaryOperator<Recipe> removal) {

    /** Whether it changes only how the trained model is evaluated, not training. */
    boolean evaluatesOnly() {
      return name.equals(Part.TTA.key());
    }
  }

  private static final Recipe EMPTY = Recipe.resize(StageSpec.SMALLEST);
  private static final Set<Part<?>> NORMALIZATION =
      Set.of(Part.NORMALIZE, Part.NORMALIZE_FROM_DATA);
  private static final Set<Part<?>> SCHEDULE =
      Set.of(Part.SCHEDULE, Part.WARM_UP_EPOCHS, Part.WARM_UP_FRACTION, Part.SCHEDULE_OVER_ALL);

  private final Recipe recipe;
  private final int channels;
  private final List<Removable> found = new ArrayList<>();

  private RemovableParts(Recipe recipe, int channels) {
    this.recipe = recipe;
    this.channels = channels;
  }

  static List<Removable> of(Recipe recipe, int channels) {
    RemovableParts parts = new RemovableParts(recipe, channels);
    parts.stages();
    Part.ALL.stream().filter(Part::removable).forEach(parts::part);
    return List.copyOf(parts.found);
  }

  /** A recipe without some of its techniques. */
  static Recipe without(Recipe recipe, List<Removable> techniques) {
    List<Removable> removed = new ArrayList<>(techniques);
    // Stages are first in the list but are merged last: the result depends on the schedule that
    // remains.
    Collections.reverse(removed);
    Recipe left = recipe;
    for (Removable technique : removed) {
      left = technique.removal().apply(left);
    }
    return left;
  }

  private void stages() {
    List<StageSpec> stages = recipe.stages();
    StageSpec first = stages.get(0);
    if (stages.size() > 1) {
      String sizes =
          stages.stream().map(s -> Integer.toString(s.size())).collect(Collectors.joining(", "));
      boolean resizes = stages.stream().mapToInt(StageSpec::size).distinct().count() > 1;
      boolean tuned = stages.size() == 2 && FineTune.is(first, stages.get(1));
      if (resizes) {
        add("then", "progressive resizing (%s px)".formatted(sizes), this::oneStage);
      } else {
        String name = tuned ? "fineTune" : "then";
        add(name, tuned ? "fineTune" : "%d stages".formatted(stages.size()), this::oneStage);
      }
    } else if (first.groups() != null) {
      boolean rates = first.groups().lowest() < 1;
      add(
          rates ? "discriminative" : "freeze",
          rates ? "discriminative rates" : "frozen groups",
          changed -> changed.with(List.of(alike(changed.stages().get(0)))));
    }
  }

  // Most parts are simply removed; these are replaced in their own way.
  private <T> void part(Part<T> part) {
    T value = recipe.get(part);
    if (part == Part.SCHEDULE) {
      schedule();
    } else if (value == null || SCHEDULE.contains(part)) {
      return;
    } else if (value instanceof XResNet network) {
      Architecture plain = new XResNet(network.depth()).widen(network.widen());
      if (!network.equals(plain)) {
        add(EMPTY.model(network), changed -> changed.model(plain));
      }
    } else if (part == Part.MODEL) {
      return;
    } else if (value instanceof Flip flip) {
      if (flip.probability() > 0) {
        add(EMPTY.with(part, value), Recipe::noFlip);
      }
    } else if (value instanceof Augmentation augmentation) {
      augmentation(augmentation);
    } else if (NORMALIZATION.contains(part)) {
      add(EMPTY.with(part, value), this::notNormalized);
    } else if (value instanceof MixUpOrCutMix either) {
      add(EMPTY.mixing(either.mixUp()), changed -> only(either, either.cutMix(), changed));
      add(EMPTY.mixing(either.cutMix()), changed -> only(either, either.mixUp(), changed));
    } else {
      add(EMPTY.with(part, value), changed -> changed.without(part));
    }
  }

  private static Recipe only(MixUpOrCutMix either, Mixing other, Recipe changed) {
    return either.equals(changed.get(Part.MIXING))
        ? changed.mixing(other)
        : changed.without(Part.MIXING);
  }

  private void add(Recipe alone, UnaryOperator<Recipe> removal) {
    String label = RecipePrinter.printParts(alone);
    add(label.substring(0, label.indexOf('(')), label, removal);
  }

  private void add(String name, String label, UnaryOperator<Recipe> removal) {
    found.add(new Removable(name, label, removal));
  }

  // The first stage's learning rate suits fresh weights; the last stage's batch size suits the
  // memory.
  private Recipe oneStage(Recipe changed) {
    List<StageSpec> stages = recipe.stages();
    StageSpec last = stages.get(stages.size() - 1);
    boolean madeForStage =
        changed.find(Part.SCHEDULE).flatMap(s -> s.epochs().stream().boxed().findAny()).isPresent()
            && changed.get(Part.SCHEDULE_OVER_ALL) == null;
    if (madeForStage) {
      return changed.with(changed.stages().stream().map(stage -> resized(stage, last)).toList());
    }
    StageSchedule schedule = new StageSchedule(recipe);
    int epochs = IntStream.range(0, stages.size()).map(schedule::epochs).sum();
    StageSpec one = new StageSpec(last.size()).batch(last.batchSize()).epochs(epochs);
    Double rate = stages.get(0).learningRate();
    return changed.with(List.of(rate == null ? one : one.learningRate(rate)));
  }

  // Pretrained weights need the statistics that they were trained with.
  private Recipe notNormalized(Recipe changed) {
    return changed.get(Part.PRETRAINED) != null
        ? changed.without(Part.NORMALIZE, Part.NORMALIZE_FROM_DATA)
        : changed.normalize(
            new Normalize(Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0)));
  }

  // What augment() adds is one technique; each other geometry or lighting is one of its own.
  private void augmentation(Augmentation all) {
    List<Class<?>> left = kinds(all.techniques());
    List<Class<?>> usual = kinds(Augmentation.none().usual().techniques());
    if (left.containsAll(usual)) {
      add("augment", usual);
      left.removeAll(usual);
    }
    List<Class<?>> both = kinds(Augmentation.none().lighting(0.1).techniques());
    boolean together = left.containsAll(both);
    for (Technique technique : all.techniques()) {
      boolean paired = together && both.contains(technique.getClass());
      if (left.contains(technique.getClass()) && !paired) {
        add(name(technique), List.of(technique.getClass()));
      }
      if (paired && both.get(0) == technique.getClass()) {
        add("lighting", both);
      }
    }
  }

  private void add(String name, List<Class<?>> kinds) {
    add(
        name,
        RecipePrinter.printParts(
            filtered(
                EMPTY.with(Part.AUGMENTATION, recipe.find(Part.AUGMENTATION).orElseThrow()),
                kinds,
                true)),
        changed -> filtered(changed, kinds, false));
  }

  private static Recipe filtered(Recipe changed, List<Class<?>> kinds, boolean kept) {
    Augmentation all = changed.find(Part.AUGMENTATION).orElse(Augmentation.none());
    Augmentation left =
        new Augmentation(
            all.geometry().stream().filter(t -> kinds.contains(t.getClass()) == kept).toList(),
            all.lighting().stream().filter(t -> kinds.contains(t.getClass()) == kept).toList());
    return left.equals(Augmentation.none())
        ? changed.without(Part.AUGMENTATION)
        : changed.with(Part.AUGMENTATION, left);
  }

  private static List<Class<?>> kinds(List<Technique> techniques) {
    return techniques.stream()
        .<Class<?>>map(Object::getClass)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static String name(Object technique) {
    String type = technique.getClass().getSimpleName();
    return type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
  }

  // The schedule, its warm-up and whether it spans all stages are one technique.
  private void schedule() {
    Schedule own = recipe.stages().size() == 1 ? recipe.stages().get(0).schedule() : null;
    Recipe alone =
        recipe
            .with(EMPTY.stages())
            .without(
                Part.ALL.stream().filter(part -> !SCHEDULE.contains(part)).toArray(Part<?>[]::new));
    if (own != null) {
      alone = alone.schedule(own);
    }
    if (!alone.equals(EMPTY)) {
      StageSchedule schedule = new StageSchedule(recipe);
      add(alone, changed -> unscheduled(changed, schedule, own != null));
    }
  }

  // Epochs that the schedule decided stay.
  private static Recipe unscheduled(Recipe changed, StageSchedule schedule, boolean ofStages) {
    return changed
        .without(SCHEDULE.toArray(Part<?>[]::new))
        .with(
            IntStream.range(0, changed.stages().size())
                .mapToObj(i -> changed.stages().get(i).epochs(schedule.epochs(i)))
                .map(stage -> ofStages ? unscheduled(stage) : stage)
                .toList());
  }

  private static StageSpec alike(StageSpec s) {
    return new StageSpec(s.size(), s.epochs(), s.batchSize(), s.learningRate(), s.schedule(), null);
  }

  private static StageSpec unscheduled(StageSpec s) {
    return new StageSpec(s.size(), s.epochs(), s.batchSize(), s.learningRate(), null, s.groups());
  }

  private static StageSpec resized(StageSpec s, StageSpec to) {
    return new StageSpec(
        to.size(), s.epochs(), to.batchSize(), s.learningRate(), s.schedule(), s.groups());
  }
}
