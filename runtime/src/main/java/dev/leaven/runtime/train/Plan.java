package dev.leaven.runtime.train;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.Sampling;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.loss.TargetScale;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.model.Architecture;
import dev.leaven.runtime.model.Layers;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.Clipping;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.transform.Colour;
import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.Policy;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A run with nothing left open: what a recipe became for one data set. The {@link Trainer} carries
 * it out, and every checkpoint holds it.
 *
 * @param recipe the recipe's JSON, as the user's own words
 * @param recipeHash the recipe's stable hash
 * @param data where the images come from
 * @param task what is asked of an image
 * @param classNames the classes in the order of their numbers, or the name of each number
 * @param channels 3 for colour, 1 for grey
 * @param trainImages images to train on
 * @param validImages images to validate on
 * @param sampling which training images an epoch visits
 * @param model the architecture
 * @param pretrained the file with the weights that it begins with, if they are not random
 * @param normalize the statistics that belong to the model
 * @param itemResize how an image becomes square while it is loaded
 * @param geometry what is composed into one interpolation per image, in order
 * @param policy which operations each image gets of its own, if any
 * @param lighting how light and colours change, in order
 * @param erasing what is covered after normalization, if anything is
 * @param mixing how images of a batch are mixed, if they are
 * @param mixOffForLast the epochs at the end of the run in which nothing is mixed
 * @param smoothing how a label becomes a target
 * @param targetScale the unit in which numeric targets are learned, if they are numeric
 * @param classWeights how much an image of each class counts in training, if not all alike
 * @param loss what is minimised
 * @param optimizer how weights move
 * @param clipping how gradients are kept from being too large, if they are
 * @param averaging the average of the weights that is judged beside them, if there is one
 * @param scheduleOverAll whether all stages together are one schedule, theirs, and the optimizer
 *     keeps its memory from stage to stage; otherwise each stage has a schedule and memory anew
 * @param stages the stages in order, at least one
 * @param autoBatchSize whether batches are halved, and two are accumulated for each one, when
 *     memory runs out before the first step
 * @param stopping the rules that may end the run before its last epoch
 * @param precision the numbers to compute with, decided
 * @param lossScale how the loss is scaled while it is differentiated, if the precision is float16
 * @param cache where decoded images are kept, decided
 * @param tta test-time augmentation after training, if any
 * @param evaluateAt another size at which the model is judged after training, in pixels, if any
 * @param seed decides every random number of the run
 */
public record Plan(
    String recipe,
    String recipeHash,
    DataSource data,
    Task task,
    List<String> classNames,
    int channels,
    int trainImages,
    int validImages,
    Sampling sampling,
    Architecture model,
    Optional<Path> pretrained,
    Normalize normalize,
    ItemResize itemResize,
    List<Geometry> geometry,
    Optional<Policy> policy,
    List<Lighting> lighting,
    Optional<Erasing> erasing,
    Optional<Mixing> mixing,
    int mixOffForLast,
    LabelSmoothing smoothing,
    Optional<TargetScale> targetScale,
    Optional<ClassWeights> classWeights,
    Loss loss,
    Optimizer optimizer,
    Optional<Clipping> clipping,
    Optional<Averaging> averaging,
    boolean scheduleOverAll,
    List<Stage> stages,
    boolean autoBatchSize,
    List<Stopping> stopping,
    Precision precision,
    Optional<LossScale> lossScale,
    DecodedCache cache,
    Optional<TestTimeViews> tta,
    Optional<Integer> evaluateAt,
    long seed) {

  /** Checks what belongs together. */
  public Plan {
    classNames = List.copyOf(classNames);
    geometry = List.copyOf(geometry);
    lighting = List.copyOf(lighting);
    stages = List.copyOf(stages);
    stopping = List.copyOf(stopping);
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a plan needs at least one stage");
    }
    if (precision == Precision.AUTO) {
      throw new IllegalArgumentException("a plan's precision must be decided");
    }
    if (lossScale.isPresent() != (precision == Precision.FLOAT16)) {
      throw new IllegalArgumentException(
          "lossScale: %s"
              .formatted(
                  lossScale.isPresent()
                      ? "it is for float16, but the precision is another; say"
                          + " precision(Precision.FLOAT16) or leave it out"
                      : "float16 cannot do without it"));
    }
    if (cache == DecodedCache.AUTO) {
      throw new IllegalArgumentException("a plan's cache must be decided");
    }
    if (cache != DecodedCache.NONE && itemResize.method() != ItemResize.Method.CROP) {
      throw new IllegalArgumentException(
          "cache: images are kept where they are cropped, but the recipe says to %s them; leave"
                  .formatted(itemResize.method() == ItemResize.Method.PAD ? "pad" : "squish")
              + " one of the two out");
    }
    if (scheduleOverAll && stages.stream().map(Stage::schedule).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "scheduleOverAll: the stages have schedules of their own; leave one or the other out");
    }
    evaluateAt.ifPresent(size -> Check.atLeast("evaluateAt", "size", size, 16));
    int epochs = epochs(stages);
    if (mixOffForLast < 0 || mixOffForLast > epochs) {
      throw new IllegalArgumentException(
          "mixOffForLast: epochs must be between 0 and %d, the epochs of all stages, but is %d"
              .formatted(epochs, mixOffForLast));
    }
    if (normalize.channels() != channels) {
      throw new IllegalArgumentException(
          "normalize: the statistics are for %d channels, but the images have %d"
              .formatted(normalize.channels(), channels));
    }
    for (Lighting technique : lighting) {
      if (technique instanceof Colour && channels != 3) {
        throw new IllegalArgumentException(
            "lighting: '%s' is for 3 channels, but the images have %d; leave it out"
                .formatted(technique.describe(), channels));
      }
    }
    if (!loss.tasks().contains(task)) {
      throw new IllegalArgumentException(
          "loss: '%s' is for %s, but the data is for %s; choose another or leave it out"
              .formatted(loss.describe(), named(loss.tasks()), named(Set.of(task))));
    }
    loss.check(classNames.size());
    if (task == Task.REGRESSION && smoothing.epsilon() > 0) {
      throw new IllegalArgumentException(
          "labelSmoothing: it is for classes, but the data has numbers; leave it out");
    }
    if (task != Task.CLASSIFICATION && classWeights.isPresent()) {
      throw new IllegalArgumentException(
          "classWeights: they are for images with one class each; leave them out");
    }
    for (Stage stage : stages) {
      if (stage.batchSize() > sampling.length(trainImages)) {
        throw new IllegalArgumentException(
            "batchSize: a batch of %d is larger than the %d training images; choose %d or less"
                .formatted(stage.batchSize(), trainImages, trainImages));
      }
    }
  }

  /**
   * Builds the model.
   *
   * @param layers of a branch that trains or infers
   * @param images normalised, {@code [batch, height, width, channels]}
   * @return {@code [batch, outputs]}, what a loss is computed of
   */
  public Operand<TFloat32> logits(Layers layers, Operand<TFloat32> images) {
    return model.logits(layers, images, channels, classNames.size());
  }

  /**
   * What the model says to people.
   *
   * @param tf where the operations go
   * @param logits {@code [batch, outputs]}
   * @return probabilities, or numbers in the targets' unit, {@code [batch, outputs]}
   */
  public Operand<TFloat32> answers(Ops tf, Operand<TFloat32> logits) {
    Operand<TFloat32> answers = loss.answers(tf, logits);
    return targetScale.map(scale -> scale.unscaled(tf, answers)).orElse(answers);
  }

  private static String named(Set<Task> tasks) {
    return tasks.stream()
        .sorted()
        .map(
            task ->
                switch (task) {
                  case CLASSIFICATION -> "one class for each image";
                  case MULTI_LABEL -> "several classes for each image";
                  case REGRESSION -> "numbers";
                })
        .collect(Collectors.joining(" or "));
  }

  /**
   * The number of epochs in all stages.
   *
   * @return at least 1
   */
  public int epochs() {
    return epochs(stages);
  }

  private static int epochs(List<Stage> stages) {
    return stages.stream().mapToInt(Stage::epochs).sum();
  }

  /**
   * Whether the batches of an epoch are mixed.
   *
   * @param epoch from 0
   * @return false in the last {@code mixOffForLast} epochs, and always if there is no mixing
   */
  public boolean mixes(int epoch) {
    return mixing.isPresent() && epoch < epochs() - mixOffForLast;
  }

  /**
   * The stage whose images are largest, in bytes per batch: the one that needs most memory.
   *
   * @return one of the stages
   */
  public Stage largestStage() {
    return stages.stream().max(Comparator.comparingLong(Stage::pixels)).orElseThrow();
  }

  /** The same plan with halved batches in every stage whose batches are at least as large. */
  Plan halved(Stage tooLarge) {
    return new Plan(
        recipe,
        recipeHash,
        data,
        task,
        classNames,
        channels,
        trainImages,
        validImages,
        sampling,
        model,
        pretrained,
        normalize,
        itemResize,
        geometry,
        policy,
        lighting,
        erasing,
        mixing,
        mixOffForLast,
        smoothing,
        targetScale,
        classWeights,
        loss,
        optimizer,
        clipping,
        averaging,
        scheduleOverAll,
        stages.stream()
            .map(stage -> stage.pixels() >= tooLarge.pixels() ? stage.halved() : stage)
            .toList(),
        autoBatchSize,
        stopping,
        precision,
        lossScale,
        cache,
        tta,
        evaluateAt,
        seed);
  }
}
