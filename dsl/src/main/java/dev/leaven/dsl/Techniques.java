package dev.leaven.dsl;

import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Normalize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes a recipe apart into the techniques that it says, in the order of its sentence. What is a
 * technique, and what a recipe is without one, is told to users in {@link
 * dev.leaven.dsl.ablate.Ablation}.
 */
final class Techniques {

  /**
   * A technique of a recipe.
   *
   * @param name of the recipe's method that says it
   * @param label how the recipe says it
   * @param removal takes it out of a recipe's parts
   */
  record Technique(String name, String label, Consumer<RecipeParts> removal) {

    /** Whether it changes no training, but how the trained model is judged. */
    boolean judges() {
      return name.equals(TTA);
    }
  }

  private static final String TTA = "tta";

  private final RecipeParts said;
  private final int channels;
  private final List<Technique> found = new ArrayList<>();

  private Techniques(RecipeParts said, int channels) {
    this.said = said;
    this.channels = channels;
  }

  static List<Technique> of(RecipeParts said, int channels) {
    Techniques techniques = new Techniques(said, channels);
    techniques.stages();
    techniques.images();
    techniques.targets();
    techniques.steps();
    techniques.part(said.tta, p -> p.tta = said.tta, p -> p.tta = null);
    return List.copyOf(techniques.found);
  }

  /** A recipe's parts without some of its techniques. */
  static RecipeParts without(RecipeParts said, List<Technique> techniques) {
    RecipeParts parts = said.copy();
    List<Technique> removed = new ArrayList<>(techniques);
    // Stages, which come first, are made one with an eye to the schedule that is left.
    Collections.reverse(removed);
    removed.forEach(technique -> technique.removal().accept(parts));
    return parts;
  }

  private void stages() {
    List<StageSpec> stages = said.stages;
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
          parts -> parts.stages = List.of(alike(parts.stages.get(0))));
    }
  }

  private void images() {
    if (said.model instanceof XResNet network) {
      Architecture plain = new XResNet(network.depth()).widen(network.widen());
      boolean options = !network.equals(plain);
      part(options ? network : null, p -> p.model = network, p -> p.model = plain);
    }
    part(said.itemResize, p -> p.itemResize = said.itemResize, p -> p.itemResize = null);
    part(said.presize, p -> p.presize = said.presize, p -> p.presize = null);
    part(said.crop, p -> p.crop = said.crop, p -> p.crop = null);
    if (said.flip != null && said.flip.probability() > 0) {
      part(said.flip, p -> p.flip = said.flip, p -> p.flip = new Flip(0));
    }
    if (said.augmentation != null) {
      augmentation(said.augmentation);
    }
    part(said.policy, p -> p.policy = said.policy, p -> p.policy = null);
    part(said.erasing, p -> p.erasing = said.erasing, p -> p.erasing = null);
    part(
        said.normalize != null ? said.normalize : said.normalizeFromData,
        p -> {
          p.normalize = said.normalize;
          p.normalizeFromData = said.normalizeFromData;
        },
        this::asTheyAre);
  }

  private void targets() {
    if (said.mixing instanceof MixUpOrCutMix either) {
      Consumer<RecipeParts> noMixUp = p -> p.mixing = p.mixing == either ? either.cutMix() : null;
      Consumer<RecipeParts> noCutMix = p -> p.mixing = p.mixing == either ? either.mixUp() : null;
      part(either, p -> p.mixing = either.mixUp(), noMixUp);
      part(either, p -> p.mixing = either.cutMix(), noCutMix);
    } else {
      Mixing mixing = said.mixing;
      part(mixing, p -> p.mixing = mixing, p -> p.mixing = null);
    }
    part(
        said.mixOffForLast, p -> p.mixOffForLast = said.mixOffForLast, p -> p.mixOffForLast = null);
    part(
        said.labelSmoothing,
        p -> p.labelSmoothing = said.labelSmoothing,
        p -> p.labelSmoothing = null);
    part(said.loss, p -> p.loss = said.loss, p -> p.loss = null);
    part(said.classWeights, p -> p.classWeights = said.classWeights, p -> p.classWeights = null);
    part(said.sampling, p -> p.sampling = said.sampling, p -> p.sampling = null);
  }

  private void steps() {
    part(said.optimizer, p -> p.optimizer = said.optimizer, p -> p.optimizer = null);
    part(said.weightDecay, p -> p.weightDecay = said.weightDecay, p -> p.weightDecay = null);
    part(said.clipping, p -> p.clipping = said.clipping, p -> p.clipping = null);
    part(said.averaging, p -> p.averaging = said.averaging, p -> p.averaging = null);
    schedule();
  }

  private void part(
      @Nullable Object value, Consumer<RecipeParts> alone, Consumer<RecipeParts> removal) {
    if (value != null) {
      RecipeParts only = new RecipeParts();
      alone.accept(only);
      String label = Sentence.of(only);
      add(label.substring(0, label.indexOf('(')), label, removal);
    }
  }

  private void add(String name, String label, Consumer<RecipeParts> removal) {
    found.add(new Technique(name, label, removal));
  }

  // A learning rate that is good for fresh weights is the first stage's; memory is the last one's.
  private void oneStage(RecipeParts parts) {
    StageSpec last = said.stages.get(said.stages.size() - 1);
    boolean madeForStage =
        parts.schedule != null
            && parts.schedule.epochs().isPresent()
            && parts.scheduleOverAll == null;
    if (madeForStage) {
      parts.stages = parts.stages.stream().map(stage -> resized(stage, last)).toList();
      return;
    }
    Pacing pacing = new Pacing(said);
    int epochs = IntStream.range(0, said.stages.size()).map(pacing::epochs).sum();
    StageSpec one = new StageSpec(last.size()).batch(last.batchSize()).epochs(epochs);
    Double rate = said.stages.get(0).learningRate();
    parts.stages = List.of(rate == null ? one : one.learningRate(rate));
  }

  private void asTheyAre(RecipeParts parts) {
    parts.normalizeFromData = null;
    parts.normalize =
        parts.pretrained != null
            ? null
            : new Normalize(Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
  }

  // What augment() says is one technique; whatever else moves or lights images is one each.
  private void augmentation(Augmentation all) {
    List<Class<?>> usual =
        all.usual().sameKinds(all)
            ? classes(
                Augmentation.none().usual().geometry(), Augmentation.none().usual().lighting())
            : List.of();
    if (!usual.isEmpty()) {
      pieces("augment", usual);
    }
    for (Geometry technique : all.geometry()) {
      if (!usual.contains(technique.getClass())) {
        pieces(name(technique), List.of(technique.getClass()));
      }
    }
    List<Class<?>> light =
        all.lighting().stream()
            .<Class<?>>map(Object::getClass)
            .filter(type -> !usual.contains(type))
            .toList();
    List<Class<?>> both = classes(List.of(), Augmentation.none().lighting(0.1).lighting());
    boolean together = light.containsAll(both);
    if (together) {
      pieces("lighting", both);
    }
    for (Lighting technique : all.lighting()) {
      if (light.contains(technique.getClass())
          && !(together && both.contains(technique.getClass()))) {
        pieces(name(technique), List.of(technique.getClass()));
      }
    }
  }

  private void pieces(String name, List<Class<?>> kinds) {
    RecipeParts only = new RecipeParts();
    only.augmentation = filtered(said.augmentation, kinds, true);
    add(
        name,
        Sentence.of(only),
        parts -> parts.augmentation = filtered(parts.augmentation, kinds, false));
  }

  private static @Nullable Augmentation filtered(
      @Nullable Augmentation all, List<Class<?>> kinds, boolean kept) {
    if (all == null) {
      return null;
    }
    Augmentation left =
        new Augmentation(
            all.geometry().stream().filter(t -> kinds.contains(t.getClass()) == kept).toList(),
            all.lighting().stream().filter(t -> kinds.contains(t.getClass()) == kept).toList());
    return left.equals(Augmentation.none()) ? null : left;
  }

  private static List<Class<?>> classes(List<Geometry> geometry, List<Lighting> lighting) {
    List<Class<?>> classes = new ArrayList<>();
    geometry.forEach(technique -> classes.add(technique.getClass()));
    lighting.forEach(technique -> classes.add(technique.getClass()));
    return classes;
  }

  private static String name(Object technique) {
    String type = technique.getClass().getSimpleName();
    return type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
  }

  private void schedule() {
    boolean ofStages = said.stages.size() == 1 && said.stages.get(0).schedule() != null;
    Consumer<RecipeParts> alone =
        only -> {
          Schedule own = said.stages.get(0).schedule();
          only.schedule = ofStages ? own : said.schedule;
          only.warmUpEpochs = said.warmUpEpochs;
          only.warmUpShare = said.warmUpShare;
          only.scheduleOverAll = said.scheduleOverAll;
        };
    RecipeParts only = new RecipeParts();
    alone.accept(only);
    if (only.equals(new RecipeParts())) {
      return;
    }
    part(
        only,
        alone,
        parts -> {
          parts.schedule = null;
          parts.warmUpEpochs = null;
          parts.warmUpShare = null;
          parts.scheduleOverAll = null;
          // Epochs that the schedule decided stay.
          Pacing pacing = new Pacing(said);
          parts.stages =
              IntStream.range(0, parts.stages.size())
                  .mapToObj(i -> parts.stages.get(i).epochs(pacing.epochs(i)))
                  .map(stage -> ofStages ? unscheduled(stage) : stage)
                  .toList();
        });
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
