package dev.leaven.runtime.plan;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.machine.Decision;
import dev.leaven.runtime.machine.Machine;
import dev.leaven.runtime.machine.Workload;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.train.Trainer;
import dev.leaven.runtime.transform.Colour;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Lighting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A run with nothing undecided: a recipe applied to one data set. The {@link Trainer} executes it,
 * and every checkpoint holds it.
 *
 * @param recipe the recipe's JSON, as the user wrote it
 * @param recipeHash the recipe's stable hash
 * @param data the images of the run
 * @param model the model to train
 * @param image the processing of an image before the model
 * @param target the targets of the images
 * @param step how a step changes the weights
 * @param course the length of the run and its image sizes
 * @param evaluation the additional evaluation of the trained model
 * @param seed determines every random number of the run
 */
public record Plan(
    String recipe,
    String recipeHash,
    DataPlan data,
    ModelPlan model,
    ImagePlan image,
    TargetPlan target,
    StepPlan step,
    CoursePlan course,
    @JsonAlias("judging") EvaluationPlan evaluation,
    long seed) {

  /** Checks that its parts fit together. */
  public Plan {
    requireImages(data, model, image);
    requireTargets(data, target);
    int epochs = course.epochs();
    if (target.mixOffForLast() < 0 || target.mixOffForLast() > epochs) {
      throw new IllegalArgumentException(
          "mixOffForLast: epochs must be between 0 and %d, the epochs of all stages, but is %d"
              .formatted(epochs, target.mixOffForLast()));
    }
    for (Stage stage : course.stages()) {
      if (stage.batchSize() > data.sampling().length(data.trainImages())) {
        throw new IllegalArgumentException(
            "batchSize: a batch of %d is larger than the %d training images; choose %d or less"
                .formatted(stage.batchSize(), data.trainImages(), data.trainImages()));
      }
    }
  }

  private static void requireImages(DataPlan data, ModelPlan model, ImagePlan image) {
    ItemResize.Method method = image.itemResize().method();
    if (data.cache() != DecodedCache.NONE && method != ItemResize.Method.CROP) {
      throw new IllegalArgumentException(
          "cache: images are kept where they are cropped, but the recipe says to %s them; leave"
                  .formatted(method == ItemResize.Method.PAD ? "pad" : "squish")
              + " one of the two out");
    }
    if (model.normalize().channels() != data.channels()) {
      throw new IllegalArgumentException(
          "normalize: the statistics are for %d channels, but the images have %d"
              .formatted(model.normalize().channels(), data.channels()));
    }
    for (Lighting technique : image.lighting()) {
      if (technique instanceof Colour && data.channels() != 3) {
        throw new IllegalArgumentException(
            "lighting: '%s' is for 3 channels, but the images have %d; leave it out"
                .formatted(technique.describe(), data.channels()));
      }
    }
  }

  private static void requireTargets(DataPlan data, TargetPlan target) {
    Loss loss = target.loss();
    if (!loss.tasks().contains(data.task())) {
      throw new IllegalArgumentException(
          "loss: '%s' is for %s, but the data is for %s; choose another or leave it out"
              .formatted(loss.describe(), named(loss.tasks()), named(Set.of(data.task()))));
    }
    loss.check(data.classNames().size());
    if (data.task() == Task.REGRESSION && target.smoothing().epsilon() > 0) {
      throw new IllegalArgumentException(
          "labelSmoothing: it is for classes, but the data has numbers; leave it out");
    }
    if (data.task() != Task.CLASSIFICATION && target.classWeights().isPresent()) {
      throw new IllegalArgumentException(
          "classWeights: they are for images with one class each; leave them out");
    }
  }

  /**
   * Builds the model.
   *
   * @param layers the layers of a branch that trains or infers
   * @param images normalised, {@code [batch, height, width, channels]}
   * @return {@code [batch, outputs]}, the input of a loss
   */
  public Operand<TFloat32> logits(Layers layers, Operand<TFloat32> images) {
    return model.architecture().logits(layers, images, data.channels(), data.classNames().size());
  }

  /**
   * Converts logits to the model's predictions.
   *
   * @param tf where the operations go
   * @param logits {@code [batch, outputs]}
   * @return probabilities, or numbers in the targets' unit, {@code [batch, outputs]}
   */
  public Operand<TFloat32> answers(Ops tf, Operand<TFloat32> logits) {
    Operand<TFloat32> answers = target.loss().answers(tf, logits);
    return target.scale().map(scale -> scale.unscaled(tf, answers)).orElse(answers);
  }

  /**
   * Decides how this machine computes the plan. Cost: some seconds where the machine is checked for
   * the first time, or a layer on a machine that computes some layers incorrectly.
   *
   * @return the plan's own precision where that is correct here, else float32
   * @throws dev.leaven.runtime.machine.MachineException when nothing here computes it correctly
   */
  public Decision decide() {
    Decision asRequested = Machine.ofProcess().decide(workload(step.requested()));
    return asRequested.precision() == step.precision()
        ? asRequested
        : Machine.ofProcess().decide(workload(step.precision()));
  }

  /**
   * Sets the precision that this machine uses. TensorFlow is loaded with the chosen kernels.
   *
   * @return the plan with the precision that is used, and the reason
   */
  public Computed computed() {
    Decision decision = Machine.ofProcess().use(decide());
    return new Computed(
        decision.precision() == step.precision() ? this : in(decision.precision()), decision);
  }

  /**
   * A plan with its kernels and precision.
   *
   * @param plan with the precision that is used
   * @param decision which kernels compute it, and the reason
   */
  public record Computed(Plan plan, Decision decision) {}

  private Workload workload(Precision precision) {
    List<Integer> sizes = new ArrayList<>(stages().stream().map(Stage::size).toList());
    evaluation.evaluateAt().ifPresent(sizes::add);
    return new Workload(
        model.architecture(), data.channels(), data.classNames().size(), sizes, precision);
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
    return course.epochs();
  }

  /**
   * The stages in order.
   *
   * @return at least one
   */
  public List<Stage> stages() {
    return course.stages();
  }

  /**
   * Whether the batches of an epoch are mixed.
   *
   * @param epoch from 0
   * @return false in the last {@code mixOffForLast} epochs, and always if there is no mixing
   */
  public boolean mixes(int epoch) {
    return target.mixing().isPresent() && epoch < epochs() - target.mixOffForLast();
  }

  /**
   * The stage whose images are largest, in bytes per batch: the one that needs the most memory.
   *
   * @return one of the stages
   */
  public Stage largestStage() {
    return stages().stream().max(Comparator.comparingLong(Stage::pixels)).orElseThrow();
  }

  private Plan in(Precision precision) {
    return new Plan(
        recipe,
        recipeHash,
        data,
        model,
        image,
        target,
        step.in(precision),
        course,
        evaluation,
        seed);
  }

  /**
   * The same plan with halved batches in every stage whose batches are at least as large.
   *
   * @param tooLarge a stage whose batch did not fit into memory
   * @return a new plan
   */
  public Plan halved(Stage tooLarge) {
    return new Plan(
        recipe,
        recipeHash,
        data,
        model,
        image,
        target,
        step,
        course.halved(tooLarge),
        evaluation,
        seed);
  }
}
