package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.Values;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The predictions of a plan's model for the pipeline's next batch: for the plain images, by the
 * trained weights and by the averaged ones if there are any, and for augmented views of them.
 */
public final class InferenceGraph {

  /**
   * The result of inference on a batch.
   *
   * @param answers the predictions: probabilities or numbers, {@code [images][outputs]}
   * @param losses against the targets of training
   * @param plainLosses against the targets as they are
   * @param targets the targets as the data has them, {@code [images][columns]}
   */
  public record BatchPredictions(
      float[][] answers, float[] losses, float[] plainLosses, float[][] targets) {}

  private record Branch(
      Operand<TFloat32> answers, Operand<TFloat32> losses, Operand<TFloat32> plainLosses) {}

  private final Ops tf;
  private final Plan plan;
  private final Variables weights;
  private final BatchGraph batches;
  private final Branch trained;
  private final Branch evaluated;
  private @Nullable Branch augmented;
  private final Placeholder<TFloat32> combined;
  private final Placeholder<TFloat32> combinedTargets;
  private final Operand<TFloat32> combinedLosses;
  private final Operand<TFloat32> combinedPlainLosses;

  public InferenceGraph(Ops tf, Plan plan, Variables variables, BatchGraph batches) {
    this.tf = tf;
    this.plan = plan;
    weights = plan.step().evaluated(variables);
    this.batches = batches;
    Ops inference = tf.withSubScope("infer");
    Operand<TFloat32> centre = batches.plain(inference);
    trained = branch(inference, variables, centre);
    evaluated =
        weights == variables ? trained : branch(tf.withSubScope("averaged"), weights, centre);
    Ops combining = tf.withSubScope("combined");
    combined = combining.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1)));
    combinedTargets = combining.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1)));
    Operand<TFloat32> standIn =
        plan.target()
            .loss()
            .logits(
                combining,
                plan.target()
                    .scale()
                    .map(scale -> scale.scaled(combining, combined))
                    .orElse(combined));
    Operand<TFloat32> wanted = batches.targets(combining, combinedTargets);
    combinedLosses =
        plan.target().loss().perImage(combining, standIn, batches.smoothed(combining, wanted));
    combinedPlainLosses = plan.target().loss().perImage(combining, standIn, wanted);
  }

  // Most plans never use views with random augmentation, which are a quarter of their operations.
  private Branch augmented() {
    if (augmented == null) {
      Ops views = tf.withSubScope("views");
      augmented = branch(views, weights, batches.augmented(views));
    }
    return augmented;
  }

  private Branch branch(Ops tf, Variables from, Operand<TFloat32> images) {
    Operand<TFloat32> targets = batches.targets();
    Operand<TFloat32> logits =
        plan.logits(new Layers(tf, from, false).in(plan.step().inference()), images);
    return new Branch(
        plan.answers(tf, logits),
        plan.target().loss().perImage(tf, logits, batches.smoothed(tf, targets)),
        plan.target().loss().perImage(tf, logits, targets));
  }

  /** Evaluates the pipeline's next batch as it is, by the averaged weights if there are any. */
  public BatchPredictions evaluate(Session session) {
    try (Feeds feeds = new Feeds()) {
      return evaluate(session, List.of(evaluated), feeds).get(0);
    }
  }

  /**
   * Evaluates a part of the images of the pipeline's next batch, by the averaged weights if there
   * are any.
   */
  public BatchPredictions evaluate(Session session, ViewCrop crop) {
    try (Feeds feeds = batches.feed(new Feeds(), crop)) {
      return evaluate(session, List.of(evaluated), feeds).get(0);
    }
  }

  /** Evaluates the pipeline's next batch as it is: by the trained weights, then by the averaged. */
  public List<BatchPredictions> evaluateEach(Session session) {
    try (Feeds feeds = new Feeds()) {
      return evaluate(session, Stream.of(trained, evaluated).distinct().toList(), feeds);
    }
  }

  /**
   * Evaluates augmented views of the pipeline's next batch, by the averaged weights if there are
   * any.
   *
   * @param size height and width of the model's input images in pixels
   * @param view the view, which determines the augmentation
   */
  public BatchPredictions evaluateView(Session session, int size, long view) {
    try (Feeds feeds = batches.feed(new Feeds(), size, view)) {
      return evaluate(session, List.of(augmented()), feeds).get(0);
    }
  }

  private List<BatchPredictions> evaluate(Session session, List<Branch> branches, Feeds feeds) {
    Session.Runner runner = feeds.runner(session).fetch(batches.pipeline().targets());
    for (Branch branch : branches) {
      runner.fetch(branch.answers()).fetch(branch.losses()).fetch(branch.plainLosses());
    }
    try (var result = runner.run()) {
      float[][] targets = Values.rows((TFloat32) result.get(0));
      List<BatchPredictions> predictions = new ArrayList<>();
      for (int i = 1; i < 3 * branches.size(); i += 3) {
        predictions.add(
            new BatchPredictions(
                Values.rows((TFloat32) result.get(i)),
                Values.of((TFloat32) result.get(i + 1)),
                Values.of((TFloat32) result.get(i + 2)),
                targets));
      }
      return predictions;
    }
  }

  /**
   * The losses of predictions that are combined from several views.
   *
   * @param answers the predictions: probabilities or numbers, {@code [images][outputs]}
   * @param targets the targets as the data has them, {@code [images][columns]}
   */
  public BatchPredictions evaluate(Session session, float[][] answers, float[][] targets) {
    try (Feeds feeds =
            new Feeds()
                .make(combined, Values.tensor(answers))
                .make(combinedTargets, Values.tensor(targets));
        var result = feeds.runner(session).fetch(combinedLosses).fetch(combinedPlainLosses).run()) {
      return new BatchPredictions(
          answers,
          Values.of((TFloat32) result.get(0)),
          Values.of((TFloat32) result.get(1)),
          targets);
    }
  }
}
