package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.Keys;
import dev.leaven.runtime.mix.Batch;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.PlaceholderWithDefault;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Prepares the pipeline's next batch for a model as a plan defines it. Everything that shows
 * batches uses the same code as training, so it shows only what is trained on.
 */
public final class BatchGraph {

  private final Plan plan;
  private final Pipeline pipeline;
  private final Placeholder<TInt64> counter;
  private final Placeholder<TInt32> side;
  private final Placeholder<TBool> mixes;
  private final PlaceholderWithDefault<TInt32> corner;
  private final PlaceholderWithDefault<TInt32> window;
  private final PlaceholderWithDefault<TInt32> mirrored;
  private final Operand<TFloat32> targets;

  public BatchGraph(Ops tf, Plan plan, Loader loader) {
    this.plan = plan;
    pipeline = new Pipeline(tf, loader);
    counter = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    side = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    mixes = tf.placeholder(TBool.class, Placeholder.shape(Shape.scalar()));
    corner = tf.placeholderWithDefault(tf.constant(new int[4]), Shape.of(4));
    window = tf.placeholderWithDefault(tf.constant(new int[] {-1, -1, -1, -1}), Shape.of(4));
    mirrored = tf.placeholderWithDefault(tf.constant(new int[0]), Shape.of(-1));
    targets = targets(tf, pipeline.targets());
  }

  /** How an epoch loads the training images, and in which order. */
  public static Pipeline.Pass pass(Plan plan, Stage stage, Targets targets, int epoch) {
    return new Pipeline.Pass(
        plan.data().sampling().order(targets, plan.seed(), epoch),
        stage.batchSize(),
        true,
        stage.presize(),
        1,
        true,
        Keys.key(Keys.key(Keys.key(plan.seed()), "train"), epoch));
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  /** The targets of the batch before they are mixed, {@code [batch, outputs]}. */
  public Operand<TFloat32> targets() {
    return targets;
  }

  /** The batch as a training step receives it, its targets not smoothed yet. */
  public Batch training(Ops tf) {
    Randomness randomness = Randomness.of(tf, plan.seed(), counter);
    return mixed(tf, new Batch(view(tf, randomness), targets), randomness.purpose("mix"));
  }

  /** Decides what a model's layers drop from the batch in training. */
  public Randomness layers(Ops tf) {
    return Randomness.of(tf, plan.seed(), counter).purpose("layers");
  }

  /** The images as in validation, or the part of them that is fed. */
  public Operand<TFloat32> plain(Ops tf) {
    Operand<TFloat32> images = ModelInput.plain(tf, plan, pipeline.images());
    Operand<TFloat32> part = tf.reverse(tf.slice(images, corner, window), mirrored);
    // A slice of unknown size loses the number of channels.
    return tf.ensureShape(part, Shape.of(-1, -1, -1, plan.data().channels()));
  }

  /** The images as in test-time augmentation. */
  public Operand<TFloat32> augmented(Ops tf) {
    return view(tf, Randomness.of(tf, plan.seed(), counter).purpose("tta"));
  }

  /** One-hot, or as the data has them, in the unit in which they are learned. */
  public Operand<TFloat32> targets(Ops tf, Operand<TFloat32> rows) {
    if (plan.data().task() != Task.CLASSIFICATION) {
      return plan.target().scale().map(scale -> scale.scaled(tf, rows)).orElse(rows);
    }
    Operand<TInt32> classes =
        tf.dtypes.cast(tf.reshape(rows, tf.constant(new int[] {-1})), TInt32.class);
    return tf.oneHot(
        classes, tf.constant(plan.data().classNames().size()), tf.constant(1f), tf.constant(0f));
  }

  /**
   * The targets that a loss is computed against.
   *
   * @param unsmoothed the targets before smoothing, in training already mixed
   */
  public Operand<TFloat32> smoothed(Ops tf, Operand<TFloat32> unsmoothed) {
    return plan.target()
        .smoothing()
        .apply(
            tf,
            unsmoothed,
            plan.data().task() == Task.MULTI_LABEL ? 2 : plan.data().classNames().size());
  }

  private Operand<TFloat32> view(Ops tf, Randomness randomness) {
    return ModelInput.augmented(tf, plan, pipeline.images(), side, randomness);
  }

  private Batch mixed(Ops tf, Batch batch, Randomness randomness) {
    if (plan.target().mixing().isEmpty()) {
      return batch;
    }
    Batch mixed = plan.target().mixing().get().mix(tf, batch, randomness);
    return plan.target().mixOffForLast() == 0
        ? mixed
        : new Batch(
            tf.select(mixes, mixed.images(), batch.images()),
            tf.select(mixes, mixed.targets(), batch.targets()));
  }

  /**
   * Feeds the inputs of {@link #training}.
   *
   * @param size height and width of the model's input images in pixels
   * @param step the step in the whole run, which determines every draw
   * @param mixed whether the batch is mixed, if the plan has mixing
   */
  public Feeds feed(Feeds feeds, int size, long step, boolean mixed) {
    return feed(feeds, size, step).put(mixes, mixed);
  }

  /** Feeds which part of the images {@link #plain} gives; without it that is all of them. */
  public Feeds feed(Feeds feeds, ViewCrop crop) {
    return feeds
        .make(corner, TInt32.vectorOf(0, crop.top(), crop.left(), 0))
        .make(window, TInt32.vectorOf(-1, crop.size(), crop.size(), -1))
        .make(mirrored, crop.mirrored() ? TInt32.vectorOf(2) : TInt32.vectorOf());
  }

  /** Feeds the inputs of {@link #augmented}. */
  public Feeds feed(Feeds feeds, int size, long view) {
    return feeds.put(side, size).put(counter, view);
  }
}
